import * as z from 'zod'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import { isNearSend, NEAR_SEND } from '../../near-send.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { messageIdField } from '../../receipt-request.ts'
import { formText, percentEncode } from '../../signing.ts'
import { isOk } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callPlivo } from './call.ts'
import { deliveryOf } from './deliveries.ts'

/** The vendor's most. */
const PAGE_SIZE = 20

const recordSchema = z.object({
  message_uuid: messageIdField,
  message_state: z.string(),
  message_time: z.string().nullish(),
  to_number: z.string().nullish(),
  error_code: z.string().nullish(),
  units: z.unknown().optional(),
  total_amount: z.unknown().optional(),
})
type PlivoRecord = z.infer<typeof recordSchema>
const pageSchema = z.object({ objects: z.array(recordSchema) })

/**
 * The vendor gives our reference back nowhere, so a send whose answer was lost is found by its number and time, where it is the only
 * one to it around that instant. The list is cut at 20, so nothing is said to be absent.
 */
export async function queryPlivo(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const { providerMessageId, to, sentAtMs } = sent
  if (providerMessageId !== undefined) return queryById(caller, sent, deadlineMs)
  const path = `?${formText({
    limit: String(PAGE_SIZE),
    message_direction: 'outbound',
    message_time__gte: secondOf(sentAtMs - NEAR_SEND.beforeMs),
    message_time__lte: secondOf(sentAtMs + NEAR_SEND.afterMs),
  })}`
  const answer = await callPlivo(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const page = isOk(answer) ? pageSchema.safeParse(answer.json).data : undefined
  if (page === undefined) return unclear(refusalOf(answer).error)
  const near = page.objects.filter(
    ({ to_number, message_time }) =>
      to_number?.replace(/^\+?/, '+') === to && isNearSend(message_time, sentAtMs),
  )
  const [only] = near
  if (only === undefined) return unclear(sendError('unknown', 'not_reported'))
  return near.length === 1 ? foundIn(only, sent) : unclear(sendError('unknown', 'several_found'))
}

async function queryById(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const path = `${percentEncode(sent.providerMessageId ?? '')}/`
  const answer = await callPlivo(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (answer.status === 404) return { kind: 'absent' }
  const record = isOk(answer) ? recordSchema.safeParse(answer.json).data : undefined
  return record === undefined ? unclear(refusalOf(answer).error) : foundIn(record, sent)
}

function foundIn(record: PlivoRecord, { id: reference }: SentReference): QueryResult {
  const delivery = deliveryOf({
    providerMessageId: record.message_uuid,
    reference,
    status: record.message_state,
    errorCode: record.error_code,
    units: record.units,
    totalAmount: record.total_amount,
  })
  return delivery === undefined
    ? unclear(sendError('unknown', record.message_state))
    : { kind: 'found', delivery }
}

/** `2026-01-02 03:04:05`, in UTC. */
const secondOf = (atMs: number): string =>
  new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
