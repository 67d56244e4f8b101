import { type SendError, sendError } from '../../../domain/send-error.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { isOk } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callInfobip } from './call.ts'
import { deliveryOf, reportsSchema } from './receipts.ts'

/**
 * The vendor keeps our id as its own, so a message whose answer was lost is looked up by it. The log goes back 48 hours; how soon a
 * message is in it is not said, so one that is not there is not said to be absent.
 */
export async function queryInfobip(
  caller: Caller,
  { id }: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const path = `/sms/3/logs?messageId=${id}&limit=1`
  const answer = await callInfobip(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const log = isOk(answer) ? reportsSchema.safeParse(answer.json).data : undefined
  if (log === undefined) return unclear(refusalOf(answer).error)
  const report = log.results.find(({ messageId }) => messageId === id)
  if (report === undefined) return unclear(sendError('unknown', 'not_reported'))
  const delivery = deliveryOf(report)
  return delivery === undefined
    ? unclear(sendError('unknown', String(report.status.id), report.status.name))
    : { kind: 'found', delivery }
}

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
