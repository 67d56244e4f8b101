import * as z from 'zod'
import {
  endpointSetting,
  receiptTokenSetting,
  secretSetting,
  senderSetting,
  timeoutSetting,
} from '../../provider-settings.ts'

export const sinchSettings = z.strictObject({
  service_plan_id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected a service plan id'),
  api_token: secretSetting,
  region: z.enum(['us', 'eu', 'br', 'ca', 'au']).default('us'),
  /** Where the service names none; a plan with a default originator needs none. */
  from: senderSetting.optional(),
  /** What the account's callbacks are signed with. */
  webhook_secret: secretSetting.optional(),
  /** A secret word in the address that is given out with each message. One of the two is needed for receipts. */
  receipt_token: receiptTokenSetting.optional(),
  /** Another server than that of the region. */
  endpoint: endpointSetting.optional(),
  timeout_ms: timeoutSetting,
})
export type SinchSettings = z.infer<typeof sinchSettings>
