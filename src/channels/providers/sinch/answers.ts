import * as z from 'zod'
import { failed, refused, type SendResult, type Unaccepted } from '../../../domain/send.ts'
import { messageIdField } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

const errorSchema = z.object({
  code: z.string().min(1),
  text: z.string().optional().catch(undefined),
})
/** The vendor refuses what it cannot read with one code; the text says which field it was. */
const WRONG_FORMAT = 'syntax_invalid_parameter_format'
const NAMES_RECIPIENT = /['"`[]to\b|\brecipient|\bmsisdn\b|phone number/i
/** Answered 403, and yet nothing is wrong with the token. */
const NOT_SET_UP: ReadonlySet<string> = new Set([
  'unknown_group',
  'unknown_campaign',
  'missing_callback_url',
])

/** What an answer means that is no batch. 503 is said before anything is done, 500 may come after. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const { status } = answer
  const { code = `http_${status}`, text } = errorSchema.safeParse(answer.json).data ?? {}
  if (status === 400 && code === WRONG_FORMAT && NAMES_RECIPIENT.test(text ?? '')) {
    return refused('invalid_number', code, text)
  }
  if (status === 403 && NOT_SET_UP.has(code)) return failed('unknown', code, text)
  if (status === 503) return failed('provider_down', code, text)
  return outcomeOfStatus(answer, isOk(answer) ? {} : { code, text })
}

const batchSchema = z.object({ id: messageIdField, canceled: z.literal(false).optional() })

/** A batch of one. Neither parts nor price are told. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const batch = isOk(answer) ? batchSchema.safeParse(answer.json).data : undefined
  if (batch === undefined) return refusalOf(answer)
  return {
    kind: 'accepted',
    providerMessageId: batch.id,
    segments: undefined,
    cost: undefined,
  }
}
