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
import { GROUP, type InfobipStatus, STATUS_KINDS, statusField } from './status.ts'

const SYSTEM_ERROR = 21
/** Told for an id that was used before. Whether that message went is not said, but can be looked up. */
const DUPLICATE = 23

const text = z.string().optional().catch(undefined)
const errorSchema = z.union([
  z
    .object({
      errorCode: z.string().min(1),
      description: text,
      violations: z
        .array(z.object({ property: z.string() }))
        .optional()
        .catch(undefined),
    })
    .transform(({ errorCode, description, violations }) => ({
      code: errorCode,
      text: description,
      namesRecipient: violations?.some(({ property }) => RECIPIENT.test(property)) ?? false,
    })),
  /** The form of older servers. */
  z
    .object({
      requestError: z.object({
        serviceException: z.object({ messageId: z.string().min(1), text }),
      }),
    })
    .transform(({ requestError: { serviceException } }) => ({
      code: serviceException.messageId,
      text: serviceException.text,
      namesRecipient: false,
    })),
])
const RECIPIENT = /(^|\.)to$/

/** What an answer means that has no message in it. */
export function refusalOf(answer: VendorAnswer): Unaccepted {
  const error = isOk(answer) ? undefined : errorSchema.safeParse(answer.json).data
  if (answer.status === 400 && error?.namesRecipient === true) {
    return refused('invalid_number', error.code, error.text)
  }
  return outcomeOfStatus(answer, error)
}

const answerSchema = z.object({
  messages: z.tuple([
    z.object({
      messageId: messageIdField,
      status: statusField,
      details: z.object({ messageCount: z.unknown() }).optional().catch(undefined),
    }),
  ]),
})

/** A refused message comes with 200 as well; its status tells. */
export function readAnswer(answer: VendorAnswer): SendResult {
  const parsed = isOk(answer) ? answerSchema.safeParse(answer.json).data : undefined
  if (parsed === undefined) return refusalOf(answer)
  const [{ messageId, status, details }] = parsed.messages
  const accepted = {
    kind: 'accepted',
    providerMessageId: messageId,
    segments: segmentsIn(details?.messageCount),
    cost: undefined,
  } as const
  return outcomeOfMessage(status) ?? accepted
}

function outcomeOfMessage({
  groupId,
  id,
  name,
  description,
}: InfobipStatus): Unaccepted | undefined {
  const said = description ?? name
  const code = String(id)
  if (id === SYSTEM_ERROR || id === DUPLICATE) return maybeSent(code, said)
  if (groupId === GROUP.PENDING || groupId === GROUP.DELIVERED) return undefined
  const kind = STATUS_KINDS.get(code)
  if (kind !== undefined) return refused(kind, code, said)
  return groupId === GROUP.REJECTED ? failed('unknown', code, said) : maybeSent(code, said)
}
