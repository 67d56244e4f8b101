import * as z from 'zod'
import { micros } from '../../../../domain/money.ts'
import {
  type Cost,
  failed,
  maybeSent,
  refused,
  type SendResult,
  type Unaccepted,
} from '../../../../domain/send.ts'
import type { SendErrorKind } from '../../../../domain/send-error.ts'
import { costOf, messageIdField } from '../../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../../vendor-call.ts'

const REFUSED: Readonly<Record<string, SendErrorKind>> = {
  1: 'throttled',
  10: 'throttled',
  33: 'invalid_number',
  7: 'blocked_by_carrier',
  4: 'credentials',
  8: 'credentials',
  11: 'credentials',
  14: 'credentials',
  32: 'credentials',
  9: 'balance',
  12: 'content_refused',
}
/** Something is invalid; only the words say whether it is the number. */
const INVALID: ReadonlySet<string> = new Set(['3', '6'])
const NAMES_NUMBER = /\b(to|msisdn|number|destination)\b/i
const UNKNOWN = '5'

const partSchema = z.object({
  status: z.string(),
  'message-id': messageIdField.optional().catch(undefined),
  'message-price': z.unknown().optional(),
  'error-text': z.string().optional().catch(undefined),
})
type Part = z.infer<typeof partSchema>
const answerSchema = z.object({ messages: z.tuple([partSchema], partSchema) })

/** HTTP 200 whatever happened, with one item for each part of the message. */
export function readAnswer(answer: VendorAnswer, currency: string | undefined): SendResult {
  const parsed = isOk(answer) ? answerSchema.safeParse(answer.json).data : undefined
  if (parsed === undefined) return outcomeOfStatus(answer)
  const [first, ...others] = parsed.messages
  const taken = parsed.messages.filter(({ status }) => status === '0')
  if (taken.length === 0) return outcomeOf(first)
  if (taken.length <= others.length) return maybeSent('parts_differ')
  return {
    kind: 'accepted',
    providerMessageId: first['message-id'],
    segments: taken.length,
    cost: sumOf(taken, currency),
  }
}

function outcomeOf({ status: code, 'error-text': text }: Part): Unaccepted {
  const kind = REFUSED[code]
  if (kind !== undefined) return refused(kind, code, text)
  if (code === UNKNOWN) return maybeSent(code, text)
  const isNumber = INVALID.has(code) && NAMES_NUMBER.test(text ?? '')
  return isNumber ? refused('invalid_number', code, text) : failed('unknown', code, text)
}

function sumOf(parts: readonly Part[], currency: string | undefined): Cost | undefined {
  const costs = parts.map((part) => costOf(part['message-price'], currency))
  const known = costs.filter((cost) => cost !== undefined)
  const [first] = known
  if (first === undefined || known.length < parts.length) return undefined
  return { ...first, micros: micros(known.reduce((sum, cost) => sum + cost.micros, 0)) }
}
