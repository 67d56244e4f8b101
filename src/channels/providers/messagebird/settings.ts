import * as z from 'zod'
import {
  endpointSetting,
  secretSetting,
  senderSetting,
  timeoutSetting,
} from '../../provider-settings.ts'

export const messageBirdSettings = z.strictObject({
  access_key: secretSetting,
  /** Where the service names none. */
  from: senderSetting,
  /** Of the account, for its callbacks; without it receipts are refused. */
  signing_key: secretSetting.optional(),
  endpoint: endpointSetting.default('https://rest.messagebird.com'),
  timeout_ms: timeoutSetting,
})
export type MessageBirdSettings = z.infer<typeof messageBirdSettings>
