import * as z from 'zod'
import { endpointSetting, secretSetting, timeoutSetting } from '../../provider-settings.ts'

const sidSetting = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), `expected ${prefix} and 32 hex digits`)

const numberSetting = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'expected a number such as +15017122661')
const senderSetting = z
  .string()
  .regex(
    /^(\+[1-9]\d{6,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    'expected a number, a short code or a name of up to 11 letters',
  )

export const twilioSettings = z
  .strictObject({
    account_sid: sidSetting('AC'),
    /** The primary one: receipts are signed with it, also where an API key sends. */
    auth_token: secretSetting,
    api_key: z.strictObject({ sid: sidSetting('SK'), secret: secretSetting }).optional(),
    sms: z
      .union([
        z.strictObject({ from: senderSetting }),
        z.strictObject({ messaging_service_sid: sidSetting('MG') }),
      ])
      .optional(),
    voice: z
      .strictObject({
        from: numberSetting,
        /** How long it rings. */
        ring_seconds: z.int().min(5).max(600).default(30),
      })
      .optional(),
    endpoint: endpointSetting.default('https://api.twilio.com'),
    timeout_ms: timeoutSetting,
  })
  .refine(({ sms, voice }) => sms !== undefined || voice !== undefined, {
    path: ['sms'],
    message: 'expected sms, voice or both',
  })
export type TwilioSettings = z.infer<typeof twilioSettings>
