import type * as z from 'zod'
import type { BatchMessage } from '../../../channels/batch-store.ts'
import { batchStatusOf, type FoundBatch, MESSAGE_STATUSES } from '../../../domain/batch.ts'
import { maskPhone } from '../../../domain/phone.ts'
import type { batchAnswer, messagePage } from '../schemas/batches.ts'
import { instantOf } from '../schemas/texts.ts'

type Counts = z.input<typeof batchAnswer>['counts']

export function toBatchAnswer(batch: FoundBatch, nowMs: number): z.input<typeof batchAnswer> {
  const { totals, canceledAtMs, finishedAtMs, reference } = batch
  const counts = MESSAGE_STATUSES.map((status) => [status, totals.statuses[status] ?? 0])
  return {
    id: batch.id,
    service: batch.serviceId,
    kind: batch.kind,
    template: batch.template,
    locale: batch.locale,
    ...(reference === undefined ? {} : { reference }),
    status: batchStatusOf(batch, nowMs),
    messages: totals.messages,
    counts: Object.fromEntries(counts) as Counts,
    price_micros: totals.price,
    held_micros: totals.held,
    held_segments: totals.heldSegments,
    settled_micros: totals.settled,
    settled_segments: totals.settledSegments,
    currency: batch.currency,
    created_at: instantOf(batch.createdAtMs),
    send_at: instantOf(batch.sendAtMs),
    expires_at: instantOf(batch.expiresAtMs),
    ...(canceledAtMs === undefined ? {} : { canceled_at: instantOf(canceledAtMs) }),
    ...(finishedAtMs === undefined ? {} : { finished_at: instantOf(finishedAtMs) }),
  }
}

export function toMessageAnswer(
  message: BatchMessage,
): z.input<typeof messagePage>['messages'][number] {
  const { reference, refusal, error, endedAtMs } = message
  return {
    id: message.id,
    to: maskPhone(message.phone),
    ...(reference === undefined ? {} : { reference }),
    status: message.status,
    ...(refusal === undefined ? {} : { reason: refusal }),
    ...(error === undefined ? {} : { error: toError(error) }),
    country: message.country,
    segments: message.segments,
    price_micros: message.price,
    ...(endedAtMs === undefined ? {} : { ended_at: instantOf(endedAtMs) }),
  }
}

const toError = ({ kind, code, text }: NonNullable<BatchMessage['error']>) => ({
  kind,
  code,
  ...(text === undefined ? {} : { text }),
})
