import * as z from 'zod'
import { type SendError, sendError } from '../../../domain/send-error.ts'
import { isNearSend } from '../../near-send.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { messageIdField } from '../../receipt-request.ts'
import { percentEncode } from '../../signing.ts'
import { isOk } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callTelnyx } from './call.ts'
import { deliveryOf, messageField } from './receipts.ts'

const PAGE_SIZE = 20
/** Hardly ever more than one. */
const TRIED_MAX = 5
const EARLIER_MS = 60_000

/**
 * By its id a message is looked up as it is. Where the answer was lost, the records of its number around that instant give the id;
 * only a message that has our reference as a tag is taken for ours. A record may come late, so nothing is said to be absent.
 */
export async function queryTelnyx(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const ids =
    sent.providerMessageId === undefined
      ? await idsNear(caller, sent, deadlineMs)
      : [sent.providerMessageId]
  if ('kind' in ids) return unclear(ids)
  for (const id of ids) {
    const result = await messageBy(id, { caller, deadlineMs })
    const isOurs =
      sent.providerMessageId !== undefined ||
      (result.kind === 'found' && result.delivery.reference === sent.id)
    if (isOurs || result.kind === 'unclear') return result
  }
  return unclear(sendError('unknown', 'not_reported'))
}

const foundSchema = z.object({ data: messageField })

type Asking = { readonly caller: Caller; readonly deadlineMs: number }

async function messageBy(id: string, { caller, deadlineMs }: Asking): Promise<QueryResult> {
  const answer = await callTelnyx(caller, { path: `messages/${percentEncode(id)}` }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  if (answer.status === 404) return { kind: 'absent' }
  const message = isOk(answer) ? foundSchema.safeParse(answer.json).data?.data : undefined
  if (message === undefined) return unclear(refusalOf(answer).error)
  const delivery = deliveryOf(message)
  return delivery === undefined
    ? unclear(sendError('unknown', message.to[0].status))
    : { kind: 'found', delivery }
}

const recordsSchema = z.object({
  data: z.array(z.object({ uuid: messageIdField, created_at: z.string().nullish() })),
})

async function idsNear(
  caller: Caller,
  { to, sentAtMs }: SentReference,
  deadlineMs: number,
): Promise<readonly string[] | SendError> {
  const [day = ''] = new Date(sentAtMs - EARLIER_MS).toISOString().split('T')
  const query = new URLSearchParams([
    ['filter[record_type]', 'messaging'],
    ['filter[direction]', 'outbound'],
    ['filter[cld]', to],
    ['filter[created_at][gte]', day],
    ['sort', '-created_at'],
    ['page[size]', String(PAGE_SIZE)],
  ])
  const answer = await callTelnyx(caller, { path: `detail_records?${query}` }, deadlineMs)
  if (answer.kind !== 'answered') return answer.error
  const page = isOk(answer) ? recordsSchema.safeParse(answer.json).data : undefined
  if (page === undefined) return refusalOf(answer).error
  return page.data
    .filter(({ created_at }) => isNearSend(created_at, sentAtMs))
    .map(({ uuid }) => uuid)
    .slice(0, TRIED_MAX)
}

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
