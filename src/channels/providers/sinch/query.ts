import * as z from 'zod'
import type { SendError } from '../../../domain/send-error.ts'
import type { QueryResult, SentReference } from '../../provider.ts'
import { messageIdField } from '../../receipt-request.ts'
import { percentEncode } from '../../signing.ts'
import { isOk, msisdnOf } from '../../vendor-call.ts'
import { refusalOf } from './answers.ts'
import { type Caller, callSinch } from './call.ts'
import { deliveryOf, reportFields } from './receipts.ts'

const EARLIER_MS = 60_000

/** A lost batch is found by our reference; then the report of its one recipient tells what became of it. */
export async function querySinch(
  caller: Caller,
  sent: SentReference,
  deadlineMs: number,
): Promise<QueryResult> {
  const found =
    sent.providerMessageId === undefined
      ? await batchOf(caller, sent, deadlineMs)
      : { id: sent.providerMessageId }
  if ('kind' in found) return found
  return reportOf({ caller, batch: found.id, deadlineMs }, sent)
}

const batchesSchema = z.object({
  batches: z.array(z.object({ id: messageIdField, client_reference: z.unknown().optional() })),
})

async function batchOf(
  caller: Caller,
  { id, sentAtMs }: SentReference,
  deadlineMs: number,
): Promise<{ readonly id: string } | QueryResult> {
  const since = new Date(sentAtMs - EARLIER_MS).toISOString()
  const path = `batches?page_size=1&start_date=${since}&client_reference=${id}`
  const answer = await callSinch(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const page = isOk(answer) ? batchesSchema.safeParse(answer.json).data : undefined
  if (page === undefined) return unclear(refusalOf(answer).error)
  return page.batches.find((one) => one.client_reference === id) ?? { kind: 'absent' }
}

type Reporting = { readonly caller: Caller; readonly batch: string; readonly deadlineMs: number }

/** A batch without a report is still on its way, if we know it from the vendor itself. */
async function reportOf(
  { caller, batch, deadlineMs }: Reporting,
  { id, to, providerMessageId }: SentReference,
): Promise<QueryResult> {
  const path = `batches/${percentEncode(batch)}/delivery_report/${msisdnOf(to)}`
  const answer = await callSinch(caller, { path }, deadlineMs)
  if (answer.kind !== 'answered') return unclear(answer.error)
  const queued = { batch_id: batch, client_reference: id, status: 'Queued' } as const
  if (answer.status === 404) {
    return providerMessageId === undefined
      ? { kind: 'found', delivery: deliveryOf(queued) }
      : { kind: 'absent' }
  }
  const report = isOk(answer) ? reportFields.safeParse(answer.json).data : undefined
  if (report === undefined) return unclear(refusalOf(answer).error)
  return { kind: 'found', delivery: deliveryOf({ ...report, client_reference: id }) }
}

const unclear = (error: SendError): QueryResult => ({ kind: 'unclear', error })
