import * as z from 'zod'
import { failed, refused, type SendResult, type Unaccepted } from '../../../domain/send.ts'
import { messageIdField } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

const errorSchema = z.object({ error: z.string().min(1) })

/** What an answer means that has no message in it. The vendor gives words and no codes. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  if (isOk(answer)) return outcomeOfStatus(answer)
  const text = errorSchema.safeParse(answer.json).data?.error
  // With good credentials 403 means that the country is not switched on for the account.
  if (answer.status === 403) return failed('unknown', 'http_403', text)
  return outcomeOfStatus(answer, { text })
}

const answerSchema = z.object({
  message_uuid: z.array(messageIdField).default([]),
  invalid_number: z.array(z.unknown()).default([]),
})

/** Neither units nor price are told. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const parsed = isOk(answer) ? answerSchema.safeParse(answer.json).data : undefined
  if (parsed === undefined) return refusalOf(answer)
  const [providerMessageId] = parsed.message_uuid
  if (providerMessageId !== undefined) {
    return { kind: 'accepted', providerMessageId, segments: undefined, cost: undefined }
  }
  return parsed.invalid_number.length > 0
    ? refused('invalid_number', 'invalid_number')
    : outcomeOfStatus(answer)
}
