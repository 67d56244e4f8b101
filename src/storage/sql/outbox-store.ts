import type {
  Closing,
  Dispatched,
  OutboxJob,
  OutboxStore,
  RecordedDelivery,
} from '../../channels/outbox-store.ts'
import { assert } from '../../domain/assert.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import type { Delivery, DeliveryStatus, Send } from '../../domain/send.ts'
import type { Verification } from '../../domain/verification.ts'
import type { Row, Statement } from '../database.ts'
import { postingStatement } from './ledger-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { SENDS_WITH_PHONE, toSend, toSendWithPhone } from './send-rows.ts'
import { jsonList, statement } from './statements.ts'
import { toVerification } from './verification-rows.ts'

const LEASE = (which: string): string => `UPDATE sends
SET status = 'sending', due_at_ms = ?1, tries = tries + 1 WHERE ${which} RETURNING *`

const LEASE_DUE = LEASE(
  'id IN (SELECT id FROM sends WHERE due_at_ms <= ?2 ORDER BY due_at_ms, id LIMIT ?3)',
)
const LEASE_THESE = LEASE('id IN (SELECT value FROM json_each(?3)) AND due_at_ms <= ?2')

/** Finds those of the lease in the same transaction; may find a few more, which are then not looked at. */
const LEASED_VERIFICATIONS = `SELECT v.* FROM sends s
JOIN verifications v ON v.account_id = s.account_id AND v.id = s.verification_id WHERE s.due_at_ms = ?`

/** A message id that another send has already would make two sends share receipts, so it is not kept. */
const FINISH = `UPDATE sends SET status = ?2, due_at_ms = NULL, provider_id = ?3,
  provider_message_id = CASE WHEN EXISTS (
    SELECT 1 FROM sends o WHERE o.provider_id = ?3 AND o.provider_message_id = ?4 AND o.id <> ?1
  ) THEN NULL ELSE ?4 END,
  segments = ?5, cost_micros = ?6, upstream_code = ?7,
  settled_at_ms = CASE WHEN ?2 IN ('failed', 'delivered') THEN ?8 END
WHERE id = ?1 AND status IN ('queued', 'sending', 'unknown')`

/** Looks a few minutes back, so that a receipt whose application was cut off by a crash is found by the next answer. */
const EARLY_RECEIPTS = `SELECT e.* FROM early_receipts e
JOIN sends s ON s.provider_id = e.provider_id AND s.provider_message_id = e.provider_message_id
WHERE e.received_at_ms > ? LIMIT 100`
const EARLY_WITHIN_MS = 600_000

const RETRY_LATER = `UPDATE sends SET status = 'queued', due_at_ms = ? WHERE id = ? AND status = 'sending'`

const KEEP_EARLY = `INSERT INTO early_receipts (provider_id, provider_message_id, status, error, received_at_ms)
SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (
  SELECT 1 FROM sends WHERE provider_id = ?1 AND provider_message_id = ?2
) ON CONFLICT DO NOTHING`

const BY_PROVIDER = `${SENDS_WITH_PHONE} WHERE s.provider_id = ? AND s.provider_message_id = ?`

const APPLY_RECEIPT = `UPDATE sends SET status = ?2, due_at_ms = NULL, settled_at_ms = ?3,
  upstream_code = coalesce(?4, upstream_code)
WHERE id = ?1 AND status NOT IN ('delivered', 'undelivered', 'failed') RETURNING id`

const FORGET_EARLY = 'DELETE FROM early_receipts WHERE provider_id = ? AND provider_message_id = ?'

/** A bare `max` makes SQLite take the whole row of the latest generation. */
const LATEST = `SELECT l.*, v.private_sealed FROM (
  SELECT *, max(generation) FROM sends WHERE verification_id IN (SELECT value FROM json_each(?))
  GROUP BY verification_id
) l JOIN verifications v ON v.account_id = l.account_id AND v.id = l.verification_id`

/** The outbox over libSQL files, Turso and D1. */
export class SqlOutboxStore implements OutboxStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  lease(nowMs: number, leaseUntilMs: number, limit: number): Promise<readonly OutboxJob[]> {
    return this.#leased(statement(LEASE_DUE, leaseUntilMs, nowMs, limit), leaseUntilMs)
  }

  leaseThese(
    ids: readonly SendId[],
    nowMs: number,
    leaseUntilMs: number,
  ): Promise<readonly OutboxJob[]> {
    return this.#leased(statement(LEASE_THESE, leaseUntilMs, nowMs, jsonList(ids)), leaseUntilMs)
  }

  async finish(dispatched: readonly Dispatched[], closing: Closing): Promise<void> {
    const last = dispatched.at(-1)
    if (last === undefined) return
    const { db, vault } = this.#deps
    const results = await db.driver.batch([
      ...dispatched.flatMap((one) => [
        finishStatement(one),
        ...(one.posting === undefined ? [] : [postingStatement(vault, one.posting, one.status)]),
      ]),
      statement(EARLY_RECEIPTS, last.atMs - EARLY_WITHIN_MS),
    ])
    for (const row of results.at(-1) ?? []) {
      await this.recordDelivery(toDelivery(row), last.atMs, closing)
    }
  }

  async retryLater(sendId: SendId, notBeforeMs: number): Promise<void> {
    await this.#deps.db.driver.all(statement(RETRY_LATER, notBeforeMs, sendId))
  }

  async recordDelivery(
    delivery: Delivery,
    atMs: number,
    closing: Closing,
  ): Promise<RecordedDelivery> {
    const { db, vault } = this.#deps
    const { providerId, providerMessageId } = delivery
    const [, rows] = await db.driver.batch([
      statement(
        KEEP_EARLY,
        providerId,
        providerMessageId,
        delivery.status,
        delivery.error ?? null,
        atMs,
      ),
      statement(BY_PROVIDER, providerId, providerMessageId),
    ])
    const row = rows?.[0]
    if (row === undefined) return { kind: 'unmatched' }
    const send = toSendWithPhone(vault, row)
    const applied = await this.#apply(send, delivery, { atMs, closing })
    return applied
      ? { kind: 'recorded', send, status: delivery.status }
      : { kind: 'repeated', send }
  }

  async find(
    id: SendId,
  ): Promise<(Send & { readonly providerId: string | undefined }) | undefined> {
    const { db, vault } = this.#deps
    const [row] = await db.driver.all(statement(`${SENDS_WITH_PHONE} WHERE s.id = ?`, id))
    if (row === undefined) return undefined
    const providerId = (row.provider_id as string | null) ?? undefined
    return { ...toSendWithPhone(vault, row), providerId }
  }

  async latestOf(ids: readonly VerificationId[]): Promise<ReadonlyMap<VerificationId, Send>> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(statement(LATEST, jsonList(ids)))
    const sends = rows.map((row) => toSendWithPhone(vault, row))
    return new Map(sends.map((send) => [send.verificationId, send]))
  }

  async undeliveredOf(ids: readonly VerificationId[]): Promise<ReadonlySet<VerificationId>> {
    if (ids.length === 0) return new Set()
    const rows = await this.#deps.db.driver.all(statement(LATEST, jsonList(ids)))
    return new Set(
      rows
        .filter(({ status }) => status === 'undelivered' || status === 'failed')
        .map((row) => String(row.verification_id) as VerificationId),
    )
  }

  async #leased(lease: Statement, leaseUntilMs: number): Promise<readonly OutboxJob[]> {
    const { db, vault } = this.#deps
    const [sendRows = [], verificationRows = []] = await db.driver.batch([
      lease,
      statement(LEASED_VERIFICATIONS, leaseUntilMs),
    ])
    const found = new Map(verificationRows.map((row) => [row.id, row]))
    return sendRows
      .map((row) => {
        const verificationRow = found.get(row.verification_id ?? null)
        assert(verificationRow !== undefined, 'a send has its verification')
        return toJob(row, toVerification(vault, verificationRow))
      })
      .sort((left, right) => left.send.createdAtMs - right.send.createdAtMs)
  }

  /** The posting waits for this status, so that a loser of two contradicting receipts moves no money. */
  async #apply(
    send: Send,
    delivery: Delivery,
    { atMs, closing }: { readonly atMs: number; readonly closing: Closing },
  ): Promise<boolean> {
    const { db, vault } = this.#deps
    const posting = closing(send, delivery)
    const [changed = []] = await db.driver.batch([
      statement(APPLY_RECEIPT, send.id, delivery.status, atMs, delivery.error ?? null),
      ...(posting === undefined ? [] : [postingStatement(vault, posting, delivery.status)]),
      statement(FORGET_EARLY, delivery.providerId, delivery.providerMessageId),
    ])
    return changed.length > 0
  }
}

const finishStatement = (one: Dispatched): Statement =>
  statement(
    FINISH,
    one.sendId,
    one.status,
    one.providerId ?? null,
    one.providerMessageId ?? null,
    one.segments ?? null,
    one.costMicros ?? null,
    one.upstreamCode ?? null,
    one.atMs,
  )

const toJob = (row: Row, verification: Verification): OutboxJob => ({
  send: toSend(row, verification.phone),
  verification,
  tries: row.tries as number,
})

const toDelivery = (row: Row): Delivery => ({
  providerId: row.provider_id as string,
  providerMessageId: row.provider_message_id as string,
  status: row.status as DeliveryStatus,
  error: (row.error as string | null) ?? undefined,
})
