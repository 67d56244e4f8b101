import * as z from 'zod'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import { NEAR_SEND } from '../../near-send.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { segmentsIn } from '../../receipt-request.ts'
import { percentEncode } from '../../signing.ts'
import { isOk } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callBird } from './call.ts'
import {
  type BirdMessage,
  deliveryStatusOf,
  errorOf,
  messageSchema,
  priceOf,
  sendOf,
} from './message.ts'

const PAGE_SIZE = 20

const pageSchema = z.object({ data: z.array(messageSchema) })

/**
 * By its id, or among the latest of its number by our reference. How soon a message is in that list is not said, so one that is not
 * there is not said to be absent.
 */
export async function queryBird(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const { providerMessageId: known } = sent
  const path = known === undefined ? listOf(sent) : `/${percentEncode(known)}`
  const answer = await callBird(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (known !== undefined && answer.status === 404) return { kind: 'absent' }
  const schema =
    known === undefined ? pageSchema : messageSchema.transform((one) => ({ data: [one] }))
  const page = isOk(answer) ? schema.safeParse(answer.json).data : undefined
  if (page === undefined) return unclear(refusalOf(answer).error)
  const message = page.data.find((one) => one.id === known || sendOf(one) === sent.id)
  return message === undefined
    ? unclear(sendError('unknown', 'not_reported'))
    : foundIn(message, sent)
}

function listOf({ to, sentAtMs }: SentReference): string {
  const query = new URLSearchParams({
    limit: String(PAGE_SIZE),
    created_after: new Date(sentAtMs - NEAR_SEND.beforeMs).toISOString(),
    direction: 'outbound',
    to,
  })
  return `?${query}`
}

function foundIn(message: BirdMessage, { id: reference }: SentReference): QueryResult {
  const status = deliveryStatusOf(message.status)
  if (status === undefined) return unclear(sendError('unknown', message.status))
  const delivery = {
    providerMessageId: message.id,
    reference,
    status,
    error: errorOf(message.status, message.last_error),
    segments: segmentsIn(message.segments?.count),
    cost: priceOf(message),
  }
  return { kind: 'found', delivery }
}

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
