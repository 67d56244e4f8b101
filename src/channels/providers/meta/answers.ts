import * as z from 'zod'
import {
  failed,
  maybeSent,
  refused,
  type SendResult,
  type Unaccepted,
} from '../../../domain/send.ts'
import type { SendErrorKind } from '../../../domain/send-error.ts'
import { messageIdField } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** The same codes come in answers and, hours later, in receipts. */
const REFUSED: Readonly<Record<number, SendErrorKind>> = {
  131021: 'invalid_number',
  131026: 'invalid_number',
  130472: 'blocked_by_carrier',
  131049: 'blocked_by_carrier',
  131050: 'blocked_by_carrier',
  132000: 'template_refused',
  132001: 'template_refused',
  132005: 'template_refused',
  132007: 'template_refused',
  132012: 'template_refused',
  132015: 'template_refused',
  132016: 'template_refused',
  131042: 'balance',
  4: 'throttled',
  80007: 'throttled',
  130429: 'throttled',
  131048: 'throttled',
  131056: 'throttled',
  133016: 'throttled',
  0: 'credentials',
  3: 'credentials',
  10: 'credentials',
  190: 'credentials',
  368: 'credentials',
  130497: 'credentials',
  131031: 'credentials',
}
/** What we asked or how the number is set up is at fault, whatever the HTTP status: others may carry the message. */
const NOT_SET_UP: ReadonlySet<number> = new Set([
  33, 100, 131008, 131009, 131030, 131037, 131045, 131047, 131051, 133010,
])
const UNKNOWN: ReadonlySet<number> = new Set([2, 131000, 131016, 131057, 133004])

export const errorSchema = z.object({
  code: z.int(),
  title: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  error_data: z.object({ details: z.string() }).optional().catch(undefined),
})
type MetaError = z.infer<typeof errorSchema>

/** Why, as far as the vendor's code tells. */
export const kindOfCode = (code: number): SendErrorKind =>
  REFUSED[code] ?? (code >= 200 && code < 300 ? 'credentials' : 'unknown')

/** The details say what is wrong, the message mostly repeats the code. */
export const wordsOf = ({ error_data, message, title }: MetaError): string | undefined =>
  error_data?.details ?? message ?? title

const acceptedSchema = z.object({ messages: z.tuple([z.object({ id: messageIdField })]) })
const refusedSchema = z.object({ error: errorSchema })

/** Accepted does not mean that the number has WhatsApp: that comes as a receipt. */
export function readAnswer(answer: VendorAnswer): SendResult {
  if (!isOk(answer)) return refusalOf(answer)
  const parsed = acceptedSchema.safeParse(answer.json)
  if (!parsed.success) return outcomeOfStatus(answer)
  const [{ id: providerMessageId }] = parsed.data.messages
  return { kind: 'accepted', providerMessageId, segments: undefined, cost: undefined }
}

function refusalOf(answer: VendorAnswer): Unaccepted {
  const parsed = refusedSchema.safeParse(answer.json)
  if (!parsed.success) return outcomeOfStatus(answer)
  const { error } = parsed.data
  const [code, text] = [String(error.code), wordsOf(error)]
  const kind = kindOfCode(error.code)
  if (kind !== 'unknown') return refused(kind, code, text)
  if (NOT_SET_UP.has(error.code)) return failed('unknown', code, text)
  if (UNKNOWN.has(error.code)) return maybeSent(code, text)
  return outcomeOfStatus(answer, { code, text })
}
