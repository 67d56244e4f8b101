import * as z from 'zod'
import { failed, maybeSent, refused, type Unaccepted } from '../../../domain/send.ts'
import type { SendErrorKind } from '../../../domain/send-error.ts'
import { outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** Of both APIs; codes of the 6xxxx family belong to another product of the vendor. */
const REFUSED: Readonly<Record<number, SendErrorKind>> = {
  10001: 'credentials',
  20003: 'credentials',
  20005: 'credentials',
  10004: 'throttled',
  14107: 'throttled',
  20429: 'throttled',
  21611: 'throttled',
  13224: 'invalid_number',
  21202: 'invalid_number',
  21211: 'invalid_number',
  21214: 'invalid_number',
  21217: 'invalid_number',
  21604: 'invalid_number',
  21614: 'invalid_number',
  21635: 'invalid_number',
  21612: 'unreachable',
  13225: 'blocked_by_carrier',
  21216: 'blocked_by_carrier',
  21610: 'blocked_by_carrier',
  21602: 'content_refused',
  21617: 'content_refused',
  21618: 'content_refused',
  21619: 'content_refused',
  21654: 'template_refused',
  21655: 'template_refused',
  21656: 'template_refused',
}
/** Our sender, our callback or this country are not set up there, whatever the HTTP status: others may carry the message. */
const NOT_SET_UP: ReadonlySet<number> = new Set([
  13227, 21210, 21212, 21215, 21408, 21603, 21606, 21608, 21609, 21703, 21704, 21705, 21910,
])
const UNKNOWN: ReadonlySet<number> = new Set([20500, 20503])

const errorSchema = z.object({
  code: z.int(),
  message: z.string().optional().catch(undefined),
})

/** What an answer means that is no created message or call. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const parsed = errorSchema.safeParse(answer.json)
  if (!parsed.success || answer.status < 400) return outcomeOfStatus(answer)
  const { code, message: text } = parsed.data
  const kind = REFUSED[code]
  if (kind !== undefined) return refused(kind, String(code), text)
  if (NOT_SET_UP.has(code)) return failed('unknown', String(code), text)
  if (UNKNOWN.has(code)) return maybeSent(String(code), text)
  return outcomeOfStatus(answer, { code: String(code), text })
}
