import * as z from 'zod'
import {
  failed,
  maybeSent,
  refused,
  type SendResult,
  type Unaccepted,
} from '../../../domain/send.ts'
import type { SendErrorKind } from '../../../domain/send-error.ts'
import { messageIdField, segmentsIn } from '../../receipt-request.ts'
import { outcomeOfStatus, type VendorAnswer } from '../../vendor-call.ts'

/** In the vendor's own spelling; what a longer code begins with stands after what it is. */
const REFUSED: readonly (readonly [RegExp, SendErrorKind])[] = [
  [/^InvalidParameterValue\.IncorrectPhoneNumber$/, 'invalid_number'],
  [/^FailedOperation\.PhoneNumberInBlacklist$/, 'blocked_by_carrier'],
  [/^FailedOperation\.ContainSensitiveWord$/, 'content_refused'],
  [
    /^InvalidParameterValue\.(ContentLengthLimit|ProhibitedUseUrlInTemplateParameter)$/,
    'content_refused',
  ],
  [
    /^FailedOperation\.(TemplateIncorrectOrUnapproved|SignatureIncorrectOrUnapproved)$/,
    'template_refused',
  ],
  [/^InvalidParameterValue\.TemplateParameter(Format|Length)/, 'template_refused'],
  [/^FailedOperation\.InsufficientBalanceInSmsPackage$/, 'balance'],
  [/^UnauthorizedOperation\.Ser(iv|vi)ceSuspendDueToArrears$/, 'balance'],
  [/^LimitExceeded\.(?!PhoneNumberCountLimit)|^RequestLimitExceeded/, 'throttled'],
  [/^AuthFailure|^UnauthorizedOperation/, 'credentials'],
  [/^InvalidParameterValue\.SdkAppIdNotExist$/, 'credentials'],
  [/^InternalError\.(SigVerificationFail|RequestTimeException)$/, 'credentials'],
]
const UNKNOWN = /^InternalError|^FailedOperation\.OtherError$/

/** What a code other than `Ok` means. One that the table does not know was refused all the same. */
export function outcomeOfCode(code: string, text: string | undefined): Unaccepted {
  const kind = REFUSED.find(([pattern]) => pattern.test(code))?.[1]
  if (kind !== undefined) return refused(kind, code, text)
  return UNKNOWN.test(code) ? maybeSent(code, text) : failed('unknown', code, text)
}

const text = z.string().optional().catch(undefined)
const errorSchema = z.object({
  Response: z.object({ Error: z.object({ Code: z.string().min(1), Message: text }) }),
})
const statusSchema = z.object({
  Response: z.object({
    SendStatusSet: z.tuple([
      z.object({
        Code: z.string().min(1),
        Message: text,
        SerialNo: messageIdField.optional().catch(undefined),
        Fee: z.unknown().optional(),
      }),
    ]),
  }),
})

/** A refused request has an error; a refused number has its code in the status of an answer that looks good. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const error = errorIn(answer)
  if (error !== undefined) return error
  const parsed = statusSchema.safeParse(answer.json)
  if (!parsed.success) return outcomeOfStatus(answer)
  const [{ Code, Message, SerialNo, Fee }] = parsed.data.Response.SendStatusSet
  if (Code !== 'Ok') return outcomeOfCode(Code, Message)
  return {
    kind: 'accepted',
    providerMessageId: SerialNo,
    segments: segmentsIn(Fee),
    cost: undefined,
  }
}

/** The answer's error as an outcome; undefined when it has none. */
export function errorIn(answer: VendorAnswer): Unaccepted | undefined {
  const parsed = errorSchema.safeParse(answer.json)
  if (!parsed.success) return undefined
  const { Code, Message } = parsed.data.Response.Error
  return outcomeOfCode(Code, Message)
}
