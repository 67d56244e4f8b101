import type { BatchMessage } from '../../channels/batch-store.ts'
import type {
  Batch,
  BatchKind,
  BatchTotals,
  FoundBatch,
  MessageRefusal,
  MessageStatus,
} from '../../domain/batch.ts'
import type { AccountId, BatchId, SendId, ServiceId } from '../../domain/ids.ts'
import { type Currency, type Micros, micros } from '../../domain/money.ts'
import type { Vault } from '../../platform/vault.ts'
import type { Row } from '../database.ts'
import { openMessage } from './message-rows.ts'
import { toOutcome } from './send-rows.ts'

const optional = <T extends string | number>(value: Row[string] | undefined): T | undefined =>
  (value as T | null | undefined) ?? undefined

const toBatch = (row: Row): Batch => ({
  id: row.id as BatchId,
  accountId: row.account_id as AccountId,
  serviceId: row.service_id as ServiceId,
  kind: row.kind as BatchKind,
  template: row.template as string,
  locale: row.locale as string,
  reference: optional(row.reference),
  once: optional(row.once),
  currency: row.currency as Currency,
  createdAtMs: row.created_at_ms as number,
  sendAtMs: row.send_at_ms as number,
  expiresAtMs: row.expires_at_ms as number,
  canceledAtMs: optional(row.canceled_at_ms),
  finishedAtMs: optional(row.finished_at_ms),
})

/** `counted` has rows of `TOTALS` for all of them. */
export function toFoundBatches(rows: readonly Row[], counted: readonly Row[]): FoundBatch[] {
  return rows.map((row) => ({
    ...toBatch(row),
    totals: toTotals(
      row,
      counted.filter(({ batch_id }) => batch_id === row.id),
    ),
  }))
}

const toTotals = (row: Row, counted: readonly Row[]): BatchTotals => ({
  messages: sum(counted, 'messages'),
  statuses: Object.fromEntries(
    counted.map(({ status, messages }) => [status as MessageStatus, messages as number]),
  ),
  price: micros(sum(counted, 'price')),
  held: row.held_micros as Micros,
  heldSegments: row.held_segments as number,
  settled: row.settled_micros as Micros,
  settledSegments: row.settled_segments as number,
})

const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + (row[column] as number), 0)

export function toBatchMessage(vault: Vault, row: Row): BatchMessage {
  const id = row.id as SendId
  const { phone, reference } = openMessage(vault, id, row.private_sealed as string)
  return {
    id,
    phone,
    reference,
    status: row.status as MessageStatus,
    refusal: optional<MessageRefusal>(row.refusal),
    error: toOutcome(row).error,
    country: row.country as string,
    segments: row.segments as number,
    price: micros(optional<number>(row.price_micros) ?? 0),
    endedAtMs: optional(row.ended_at_ms),
  }
}
