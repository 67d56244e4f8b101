import * as z from 'zod'
import {
  endpointSetting,
  receiptTokenSetting,
  secretSetting,
  timeoutSetting,
} from '../../provider-settings.ts'
import { SIGNATURE_METHODS } from './signature.ts'

const idSetting = z.string().regex(/^[0-9]{1,32}$/, 'expected the id, digits')

const smsSetting = z.strictObject({
  /** The sender where the service names none. */
  from: z
    .string()
    .regex(
      /^(\d{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
      'expected digits without + or a name of up to 11 letters',
    ),
  /** What India's registry of senders and templates calls ours. */
  entity_id: idSetting.optional(),
  content_id: idSetting.optional(),
  /** Lost messages may be looked up by the vendor's reports, which it charges for. */
  reports: z.boolean().default(false),
})

/** PKCS #8 as the vendor's `private.key` has it. Line ends may be written `\n`, as environments often have them. */
const privateKeySetting = z
  .string()
  .transform((text) => text.replaceAll('\\n', '\n').trim())
  .pipe(
    z
      .string()
      .max(8192)
      .regex(
        /^-----BEGIN PRIVATE KEY-----\s[A-Za-z0-9+/=\s]+-----END PRIVATE KEY-----$/,
        'expected a private key that begins with -----BEGIN PRIVATE KEY-----',
      ),
  )

const voiceSetting = z.strictObject({
  application_id: z.guid('expected the id of an application'),
  private_key: privateKeySetting,
  from: z.string().regex(/^\d{7,15}$/, 'expected a number in digits without +'),
  /** How long it rings. */
  ring_seconds: z.int().min(5).max(120).default(30),
})

export const vonageSettings = z
  .strictObject({
    api_key: z.string().regex(/^[0-9a-z]{8}$/i, 'expected 8 letters and digits'),
    api_secret: secretSetting,
    /** Of the account. Receipts of calls are signed with it, those of texts where the vendor was asked to. */
    signature_secret: secretSetting.optional(),
    signature_method: z.enum(SIGNATURE_METHODS).default('md5hash'),
    /** For accounts whose receipts are not signed. */
    receipt_token: receiptTokenSetting.optional(),
    /** In which the account is billed; without it prices are passed over. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected a currency such as EUR')
      .optional(),
    sms: smsSetting.optional(),
    voice: voiceSetting.optional(),
    rest_endpoint: endpointSetting.default('https://rest.nexmo.com'),
    api_endpoint: endpointSetting.default('https://api.nexmo.com'),
    timeout_ms: timeoutSetting,
  })
  .refine(({ sms, voice }) => sms !== undefined || voice !== undefined, {
    path: ['sms'],
    message: 'expected sms, voice or both',
  })
export type VonageSettings = z.infer<typeof vonageSettings>
