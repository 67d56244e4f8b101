import * as z from 'zod'
import { lineSetting, senderSetting } from '../../provider-settings.ts'
import { TIMEOUT_MAX_MS } from '../../vendor-call.ts'

const SECOND_MS = 1000

/** Fixed fields of the protocol: printable ASCII, shorter by one than the field, which ends in a zero. */
const field = (lengthMax: number) =>
  lineSetting(lengthMax).regex(/^[\x20-\x7e]*$/, 'expected ASCII')
const typeOfNumber = z.int().min(0).max(6)
const plan = z.int().min(0).max(18)

export const smppSettingsSchema = z.strictObject({
  host: z
    .string()
    .max(253)
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$|^::1$/, 'expected a host name or address'),
  port: z.int().min(1).max(65_535).optional(),
  tls: z.boolean().default(false),
  /** Who may have signed the certificate, in PEM, where it is nobody that Node trusts by itself. */
  tls_ca: z
    .string()
    .max(100_000)
    .regex(/-----BEGIN CERTIFICATE-----/, 'expected certificates in PEM')
    .optional(),
  system_id: field(15),
  password: field(8),
  system_type: field(12).default(''),
  service_type: field(5).default(''),
  /** The sender where the service names none; without either the SMSC chooses. */
  from: senderSetting.optional(),
  /** Of senders that are short codes: operators differ. */
  short_code_ton: typeOfNumber.default(3),
  short_code_npi: plan.default(0),
  /** In which base the text of receipts prints ids that the answer to a submit printed in the other one. */
  receipt_ids: z.enum(['same', 'hex', 'decimal']).default('same'),
  /** How many submits may wait for their answers at once. */
  window: z.int().min(1).max(100).default(10),
  timeout_ms: z
    .int()
    .min(10)
    .max(TIMEOUT_MAX_MS)
    .default(10 * SECOND_MS),
  enquire_link_ms: z
    .int()
    .min(10)
    .max(600 * SECOND_MS)
    .default(30 * SECOND_MS),
  /** Of the pauses between tries to bind: the first, from which they double. */
  rebind_ms: z
    .int()
    .min(10)
    .max(60 * SECOND_MS)
    .default(SECOND_MS),
})
export type SmppSettings = z.infer<typeof smppSettingsSchema>
