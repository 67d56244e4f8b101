import * as z from 'zod'
import {
  failed,
  maybeSent,
  refused,
  type SendResult,
  type Unaccepted,
} from '../../../domain/send.ts'
import { messageIdField, segmentsIn } from '../../receipt-request.ts'
import { isOk, outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** The vendor's own numbers for what went wrong. */
const CODE = {
  NOT_ALLOWED: 2,
  MISSING_PARAMETERS: 9,
  INVALID_PARAMETERS: 10,
  NOT_FOUND: 20,
  NO_BALANCE: 25,
  API_NOT_FOUND: 98,
  INTERNAL: 99,
} as const

const errorSchema = z.object({
  errors: z
    .tuple([
      z.object({
        code: z.int(),
        description: z.string().optional().catch(undefined),
        parameter: z.string().nullish().catch(undefined),
      }),
    ])
    .rest(z.unknown()),
})
type VendorError = z.infer<typeof errorSchema>['errors'][0]

/** What an answer means that is no message. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const error = isOk(answer) ? undefined : errorSchema.safeParse(answer.json).data?.errors[0]
  if (error === undefined) return outcomeOfStatus(answer)
  const said = { code: String(error.code), text: error.description }
  return answer.status >= 500
    ? outcomeOfStatus(answer, said)
    : (outcomeOfError(error) ?? outcomeOfStatus(answer, said))
}

function outcomeOfError({ code, description, parameter }: VendorError): Unaccepted | undefined {
  const said = [String(code), description] as const
  switch (code) {
    case CODE.NOT_ALLOWED:
      return refused('credentials', ...said)
    case CODE.NO_BALANCE:
      return refused('balance', ...said)
    case CODE.MISSING_PARAMETERS:
    case CODE.INVALID_PARAMETERS:
      return /^recipients?$/.test(parameter ?? '')
        ? refused('invalid_number', ...said)
        : failed('unknown', ...said)
    case CODE.NOT_FOUND:
    case CODE.API_NOT_FOUND:
      return failed('unknown', ...said)
    case CODE.INTERNAL:
      return maybeSent(...said)
    default:
      return undefined
  }
}

const messageSchema = z.object({
  id: messageIdField,
  recipients: z
    .object({ items: z.tuple([z.object({ messagePartCount: z.unknown().optional() })]) })
    .optional()
    .catch(undefined),
})

export function readAnswer(answer: VendorAnswer): SendResult {
  const message = isOk(answer) ? messageSchema.safeParse(answer.json).data : undefined
  if (message === undefined) return refusalOf(answer)
  return {
    kind: 'accepted',
    providerMessageId: message.id,
    segments: segmentsIn(message.recipients?.items[0].messagePartCount),
    cost: undefined,
  }
}
