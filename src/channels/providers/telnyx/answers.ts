import * as z from 'zod'
import {
  failed,
  maybeSent,
  refused,
  type SendResult,
  type Unaccepted,
} from '../../../domain/send.ts'
import { codeTable } from '../../code-table.ts'
import { costOf, messageIdField, segmentsIn } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** Of answers and of webhooks alike. */
export const ERROR_KINDS = codeTable({
  invalid_number: [10002, 10016, 40001, 40012, 40310],
  unreachable: [40005, 40006, 40014],
  blocked_by_carrier: [40002, 40003, 40004, 40008, 40015, 40017, 40300],
  content_refused: [40009, 40302, 40304, 40316, 40322, 40328],
  balance: [20100],
  credentials: [
    10009, 10010, 20002, 20006, 20012, 20013, 20014, 20015, 20016, 20017, 40311, 40313, 40314,
  ],
  throttled: [10011, 40011, 40016, 40018, 40318],
})
/** Our sender or this country is not set up there, whatever the HTTP status: others may carry the message. */
const NOT_SET_UP: ReadonlySet<string> = new Set(
  [
    40010, 40013, 40100, 40150, 40151, 40301, 40305, 40306, 40309, 40312, 40315, 40319, 40320,
    40321, 40329,
  ].map(String),
)
const UNKNOWN = '10007'

export const errorsField = z
  .tuple([
    z.object({
      code: z.union([z.string().min(1), z.int().transform(String)]),
      title: z.string().optional().catch(undefined),
      detail: z.string().optional().catch(undefined),
    }),
  ])
  .rest(z.unknown())

const errorSchema = z.object({ errors: errorsField })

/** What an answer means that is no accepted message. A server error may have sent it, whatever its code. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const [error] = errorSchema.safeParse(answer.json).data?.errors ?? []
  if (error === undefined || answer.status < 400) return outcomeOfStatus(answer)
  const said = { code: error.code, text: error.detail ?? error.title }
  if (answer.status >= 500) return outcomeOfStatus(answer, said)
  return outcomeOfCode(said.code, said.text) ?? outcomeOfStatus(answer, said)
}

/** Undefined for a code that is not on the list. */
function outcomeOfCode(code: string, text: string | undefined): Unaccepted | undefined {
  const kind = ERROR_KINDS.get(code)
  if (kind !== undefined) return refused(kind, code, text)
  if (NOT_SET_UP.has(code)) return failed('unknown', code, text)
  return code === UNKNOWN ? maybeSent(code, text) : undefined
}

const messageSchema = z.object({
  data: z.object({
    id: messageIdField,
    parts: z.unknown().optional(),
    cost: z.object({ amount: z.unknown(), currency: z.unknown() }).nullish().catch(undefined),
    to: z
      .tuple([z.object({ status: z.string() })])
      .rest(z.unknown())
      .optional()
      .catch(undefined),
    errors: errorsField.optional().catch(undefined),
  }),
})

/** A message may be taken and be lost in the same answer. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const message = isOk(answer) ? messageSchema.safeParse(answer.json).data?.data : undefined
  if (message === undefined) return refusalOf(answer)
  if (message.to?.[0].status === 'sending_failed') {
    const { code = 'sending_failed', detail: text } = message.errors?.[0] ?? {}
    return outcomeOfCode(code, text) ?? failed('unknown', code, text)
  }
  return {
    kind: 'accepted',
    providerMessageId: message.id,
    segments: segmentsIn(message.parts),
    cost: costOf(message.cost?.amount, message.cost?.currency),
  }
}
