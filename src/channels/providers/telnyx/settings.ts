import * as z from 'zod'
import {
  endpointSetting,
  secretSetting,
  senderSetting,
  timeoutSetting,
} from '../../provider-settings.ts'
import { fromBase64 } from '../../signing.ts'

const PUBLIC_KEY_BYTES = 32

export const telnyxSettings = z
  .strictObject({
    api_key: secretSetting,
    /** Where the service names none. A profile with a pool of numbers needs none at all. */
    from: senderSetting.optional(),
    /** Needed for a pool of numbers and for senders that are names. */
    messaging_profile_id: z.uuid().optional(),
    /** The portal's key in base64; without it receipts are refused. */
    public_key: z
      .string()
      .refine(
        (text) => fromBase64(text)?.length === PUBLIC_KEY_BYTES,
        'expected 32 bytes in base64',
      )
      .optional(),
    endpoint: endpointSetting.default('https://api.telnyx.com'),
    timeout_ms: timeoutSetting,
  })
  .refine(
    ({ from, messaging_profile_id }) => from !== undefined || messaging_profile_id !== undefined,
    { path: ['from'], message: 'expected a sender, a messaging_profile_id or both' },
  )
export type TelnyxSettings = z.infer<typeof telnyxSettings>
