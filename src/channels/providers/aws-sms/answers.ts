import * as z from 'zod'
import { failed, refused, type SendResult, type Unaccepted } from '../../../domain/send.ts'
import { codeTable } from '../../code-table.ts'
import { messageIdField } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** By type and reason, then by type alone. What neither knows was refused all the same. */
const KINDS = codeTable({
  blocked_by_carrier: [
    'ConflictException/DESTINATION_PHONE_NUMBER_OPTED_OUT',
    'ConflictException/DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE',
    'ConflictException/DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
  ],
  content_refused: ['ValidationException/MAXIMUM_SIZE_EXCEEDED'],
  balance: [
    'ServiceQuotaExceededException/MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT',
    'ServiceQuotaExceededException/MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE',
  ],
  throttled: ['ServiceQuotaExceededException', 'ThrottlingException'],
  credentials: [
    'AccessDeniedException',
    'ExpiredTokenException',
    'IncompleteSignatureException',
    'InvalidClientTokenId',
    'InvalidSignatureException',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'SignatureDoesNotMatch',
    'UnrecognizedClientException',
  ],
})
const WRONG_FIELD: ReadonlySet<string> = new Set(['FIELD_VALIDATION_FAILED', 'INVALID_PARAMETER'])
const DESTINATION = /destination_?phone_?number/i

const text = z.string().nullish().catch(undefined)
const errorSchema = z.object({
  __type: z.string().min(1),
  Message: text,
  message: text,
  Reason: text,
  Fields: z
    .array(z.object({ Name: text }))
    .nullish()
    .catch(undefined),
})
type AwsError = z.infer<typeof errorSchema>

/** What an answer means that is no message. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const error = isOk(answer) ? undefined : errorSchema.safeParse(answer.json).data
  if (error === undefined) return outcomeOfStatus(answer)
  const type = error.__type.replace(/^.*#/, '')
  const code = error.Reason ?? type
  const said = error.Message ?? error.message ?? undefined
  if (answer.status >= 500) return outcomeOfStatus(answer, { code, text: said })
  if (type === 'ValidationException' && namesDestination(error)) {
    return refused('invalid_number', code, said)
  }
  const kind = KINDS.get(`${type}/${error.Reason}`) ?? KINDS.get(type)
  return kind === undefined ? failed('unknown', code, said) : refused(kind, code, said)
}

const namesDestination = ({ Reason, Fields, Message, message }: AwsError): boolean =>
  WRONG_FIELD.has(Reason ?? '') &&
  [...(Fields ?? []).map(({ Name }) => Name), Message, message].some((one) =>
    DESTINATION.test(one ?? ''),
  )

const answerSchema = z.object({ MessageId: messageIdField })

/** Neither parts nor price are told. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const parsed = isOk(answer) ? answerSchema.safeParse(answer.json).data : undefined
  if (parsed === undefined) return refusalOf(answer)
  return {
    kind: 'accepted',
    providerMessageId: parsed.MessageId,
    segments: undefined,
    cost: undefined,
  }
}
