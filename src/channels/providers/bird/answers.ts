import * as z from 'zod'
import {
  failed,
  maybeSent,
  refused,
  type SendResult,
  type Unaccepted,
} from '../../../domain/send.ts'
import { segmentsIn } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'
import { deliveryStatusOf, ERROR_KINDS, messageSchema, priceOf } from './message.ts'

const errorSchema = z.object({
  error: z.object({
    code: z.string().min(1),
    name: z.string().optional().catch(undefined),
    message: z.string().optional().catch(undefined),
    param: z.string().nullish().catch(undefined),
  }),
})
type Said = z.infer<typeof errorSchema>['error']

const INVALID_RECIPIENT = 'SMSInvalidRecipient'
/** Said before the message is touched, while the vendor cannot keep the key that makes it safe. */
const NO_IDEMPOTENCY = 'E01033'

/** What an answer means that is no message. By name, then by status. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const error = isOk(answer) ? undefined : errorSchema.safeParse(answer.json).data?.error
  const said = error && { code: error.code, text: error.message }
  return outcomeOfError(answer, error) ?? outcomeOfStatus(answer, said)
}

function outcomeOfError({ status }: VendorAnswer, error: Said | undefined): Unaccepted | undefined {
  const { code = `http_${status}`, name, message: text, param } = error ?? {}
  if (name === INVALID_RECIPIENT) return refused('invalid_number', code, text)
  if (code === NO_IDEMPOTENCY) return failed('provider_down', code, text)
  switch (status) {
    // The key may not do this, or belongs to another region: the account works for others.
    case 403:
    case 421:
      return failed('unknown', code, text)
    // Slow, or a request with this key is at work or was done already.
    case 408:
    case 409:
      return maybeSent(code, text)
    case 422:
      return param === 'text' ? refused('content_refused', code, text) : undefined
    default:
      return undefined
  }
}

/** A message may be taken and be refused in the same answer. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const message = isOk(answer) ? messageSchema.safeParse(answer.json).data : undefined
  if (message === undefined) return refusalOf(answer)
  const { id: providerMessageId, status, last_error: error } = message
  if (deliveryStatusOf(status) === 'failed') {
    const said = [error?.code ?? status, error?.description] as const
    const kind = ERROR_KINDS.get(said[0])
    return kind === undefined ? failed('unknown', ...said) : refused(kind, ...said)
  }
  return {
    kind: 'accepted',
    providerMessageId,
    segments: segmentsIn(message.segments?.count),
    cost: priceOf(message),
  }
}
