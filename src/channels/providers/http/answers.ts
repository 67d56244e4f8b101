import * as z from 'zod'
import { failed, refused, type SendResult } from '../../../domain/send.ts'
import { SEND_ERROR_KINDS, type SendErrorKind } from '../../../domain/send-error.ts'
import { costOf, messageIdField, segmentsIn } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

const acceptedSchema = z.object({
  id: messageIdField,
  segments: z.unknown().optional(),
  /** What makes no sense does not undo the acceptance. */
  cost: z.object({ amount: z.unknown(), currency: z.unknown() }).optional().catch(undefined),
})
const refusedSchema = z.object({
  reason: z.enum(SEND_ERROR_KINDS as readonly [SendErrorKind, ...SendErrorKind[]]),
  message: z.string().optional().catch(undefined),
})

/**
 * Reads an HTTP answer. A 2xx that cannot be read is `unknown`: the message was probably taken. A redirect is not
 * followed and carries nothing, so it is `failed`; so is a 5xx, since this protocol says that it means not sent.
 */
export function readAnswer(answer: VendorAnswer): SendResult {
  const { status, json } = answer
  if (isOk(answer)) return readAccepted(answer)
  if (status >= 500) return failed('provider_down', `http_${status}`)
  const parsed = refusedSchema.safeParse(json)
  if (status >= 400 && parsed.success) {
    return refused(parsed.data.reason, `http_${status}`, parsed.data.message)
  }
  return status === 422 ? refused('invalid_number', 'http_422') : outcomeOfStatus(answer)
}

function readAccepted(answer: VendorAnswer): SendResult {
  const parsed = acceptedSchema.safeParse(answer.json)
  if (!parsed.success) return outcomeOfStatus(answer)
  const { id, segments, cost } = parsed.data
  return {
    kind: 'accepted',
    providerMessageId: id,
    segments: segmentsIn(segments),
    cost: cost && costOf(cost.amount, cost.currency),
  }
}
