import type { Closing, Receipt, RecordedDelivery } from '../../channels/outbox-store.ts'
import {
  type Delivery,
  type ReceiptStatus,
  type Send,
  stageOf,
  statusAfter,
} from '../../domain/send.ts'
import type { Row, Statement } from '../database.ts'
import { postingStatement } from './ledger-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { SENDS_WITH_PHONE, toSendWithPhone } from './send-rows.ts'
import { statement } from './statements.ts'

/** Looks a few minutes back, so that a receipt whose application was cut off by a crash is found by the next answer. */
export const EARLY_RECEIPTS = `SELECT e.* FROM early_receipts e
JOIN sends s ON s.provider_id = e.provider_id AND s.provider_message_id = e.name
WHERE e.received_at_ms > ?1
UNION SELECT e.* FROM early_receipts e
JOIN sends s ON s.id = e.reference AND s.provider_id = e.provider_id AND s.status <> 'sending'
WHERE e.received_at_ms > ?1 LIMIT 100`
export const EARLY_WITHIN_MS = 600_000

/** A reference is believed only from the provider that has the send, and waits while that one is still answering. */
const NAMED_ID = `coalesce(
  (SELECT id FROM sends WHERE provider_id = ?1 AND provider_message_id = ?2),
  (SELECT id FROM sends WHERE id = ?3 AND provider_id = ?1 AND status <> 'sending')
)`

const KEEP_EARLY = `INSERT INTO early_receipts (provider_id, name, reference, stage, delivery, received_at_ms)
SELECT ?1, coalesce(?2, ?3), ?3, ?4, ?5, ?6 WHERE coalesce(?2, ?3) IS NOT NULL AND ${NAMED_ID} IS NULL
ON CONFLICT DO UPDATE SET stage = excluded.stage, delivery = excluded.delivery,
  reference = coalesce(excluded.reference, reference)
WHERE excluded.stage > stage`

const NAMED = `${SENDS_WITH_PHONE} WHERE s.id = ${NAMED_ID}`

/** The same steps as `statusAfter`, so that of two racing receipts none goes back. */
const APPLY = `UPDATE sends SET status = ?2, due_at_ms = NULL, changed_at_ms = ?3,
  query_at_ms = CASE WHEN ?2 = 'sent' AND bill_on = 'delivered' THEN query_at_ms END,
  settled_at_ms = CASE WHEN ?2 = 'sent' THEN settled_at_ms ELSE ?3 END,
  error_kind = iif(?7, error_kind, ?4), error_code = iif(?7, error_code, ?5), error_text = iif(?7, error_text, ?6)
WHERE id = ?1 AND status <> 'delivered' AND (
  ?2 = 'delivered' OR status NOT IN ('undelivered', 'failed') AND (?2 <> 'sent' OR status <> 'sent')
) RETURNING id`

/** What a receipt tells beside the status is kept from every receipt, the late and the repeated too. */
const NOTE = `UPDATE sends SET segments = coalesce(?2, segments),
  cost_micros = coalesce(?3, cost_micros), cost_currency = coalesce(?4, cost_currency),
  provider_message_id = coalesce(provider_message_id, CASE WHEN NOT EXISTS (
    SELECT 1 FROM sends o WHERE o.provider_id = sends.provider_id AND o.provider_message_id = ?5 AND o.id <> ?1
  ) THEN ?5 END)
WHERE id = ?1`

const FORGET_EARLY = 'DELETE FROM early_receipts WHERE provider_id = ?1 AND name IN (?2, ?3)'

export type At = { readonly atMs: number; readonly closing: Closing }

/** See `OutboxStore.recordDelivery`. */
export async function recordReceipt(
  deps: SqlStoreDeps,
  receipt: Receipt,
  at: At,
): Promise<RecordedDelivery> {
  const { providerId, ...delivery } = receipt
  const names = namesOf(receipt)
  const kept = [stageOf(delivery.status), JSON.stringify(delivery), at.atMs] as const
  const [, rows] = await deps.db.driver.batch([
    statement(KEEP_EARLY, ...names, ...kept),
    statement(NAMED, ...names),
  ])
  const row = rows?.[0]
  if (row === undefined) return { kind: 'unmatched' }
  return apply(deps, { send: toSendWithPhone(deps.vault, row), receipt }, at)
}

const namesOf = ({ providerId, providerMessageId, reference }: Receipt) =>
  [providerId, providerMessageId ?? null, reference ?? null] as const

/** The posting waits for the new status, so that a loser of two contradicting receipts moves no money. */
async function apply(
  { db, vault }: SqlStoreDeps,
  { send, receipt }: { readonly send: Send; readonly receipt: Receipt },
  at: At,
): Promise<RecordedDelivery> {
  const status = statusAfter(send.status, receipt.status)
  const posting = status && at.closing(send, status)
  const [changed = []] = await db.driver.batch([
    ...(status === undefined ? [] : [applyStatement(send, { status, receipt, atMs: at.atMs })]),
    ...(posting === undefined ? [] : [postingStatement(vault, posting, status)]),
    noteStatement(send, receipt),
    statement(FORGET_EARLY, ...namesOf(receipt)),
  ])
  const isApplied = status !== undefined && changed.length > 0
  return isApplied ? { kind: 'recorded', send, status } : { kind: 'repeated', send }
}

type Applied = {
  readonly status: ReceiptStatus
  readonly receipt: Delivery
  readonly atMs: number
}

/** A failure that gives no reason leaves the one that the answer gave; good news leaves none. */
function applyStatement(send: Send, { status, receipt: { error }, atMs }: Applied): Statement {
  const keepsError = error === undefined && status !== 'sent' && status !== 'delivered'
  const told = [error?.kind ?? null, error?.code ?? null, error?.text ?? null]
  return statement(APPLY, send.id, status, atMs, ...told, keepsError ? 1 : 0)
}

const noteStatement = (send: Send, { segments, cost, providerMessageId }: Receipt): Statement =>
  statement(
    NOTE,
    send.id,
    segments ?? null,
    cost?.micros ?? null,
    cost?.currency ?? null,
    providerMessageId ?? null,
  )

/** What JSON left out is undefined again when it is read. */
export function toReceipt(row: Row): Receipt {
  const delivery = JSON.parse(row.delivery as string) as Partial<Delivery>
  return {
    providerId: row.provider_id as string,
    providerMessageId: delivery.providerMessageId,
    reference: delivery.reference,
    status: delivery.status as Delivery['status'],
    error: delivery.error,
    segments: delivery.segments,
    cost: delivery.cost,
  }
}
