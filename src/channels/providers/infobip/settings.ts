import * as z from 'zod'
import {
  endpointSetting,
  receiptTokenSetting,
  secretSetting,
  senderSetting,
  timeoutSetting,
} from '../../provider-settings.ts'

export const infobipSettings = z.strictObject({
  /** The first word of the account's own host. */
  subdomain: z.string().regex(/^[a-z0-9-]{1,63}$/, 'expected the word before .api.infobip.com'),
  api_key: secretSetting,
  /** Where the service names none. */
  from: senderSetting,
  india_dlt: z
    .strictObject({
      principal_entity_id: z.string().regex(/^\d{1,30}$/, 'expected digits'),
      content_template_id: z
        .string()
        .regex(/^\d{1,30}$/, 'expected digits')
        .optional(),
    })
    .optional(),
  /** A secret word in the address that goes along with each message. */
  receipt_token: receiptTokenSetting.optional(),
  /** What a notification profile of the account sends. One of the two is needed for receipts. */
  receipt_basic: z.strictObject({ user: secretSetting, password: secretSetting }).optional(),
  /** Another server than the account's own. */
  endpoint: endpointSetting.optional(),
  timeout_ms: timeoutSetting,
})
export type InfobipSettings = z.infer<typeof infobipSettings>
