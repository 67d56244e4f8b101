import type {
  Closing,
  Dispatched,
  Fate,
  FoundSend,
  OutboxJob,
  OutboxStore,
  Receipt,
  RecordedDelivery,
} from '../../channels/outbox-store.ts'
import { assert } from '../../domain/assert.ts'
import type { Channel } from '../../domain/channel.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import type { Send, SendStatus } from '../../domain/send.ts'
import type { Verification } from '../../domain/verification.ts'
import type { Row, Statement } from '../database.ts'
import { postingStatement } from './ledger-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { EARLY_RECEIPTS, EARLY_WITHIN_MS, recordReceipt, toReceipt } from './receipt-statements.ts'
import { SENDS_WITH_PHONE, toOutcome, toSend, toSendWithPhone } from './send-rows.ts'
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
  segments = ?5, cost_micros = ?6, cost_currency = ?7, expected_cost_micros = ?8,
  expected_cost_currency = ?13, error_kind = ?9, error_code = ?10, error_text = ?11, changed_at_ms = ?12,
  settled_at_ms = CASE WHEN ?2 IN ('failed', 'delivered') THEN ?12 END
WHERE id = ?1 AND status IN ('queued', 'sending', 'unknown')`

const RETRY_LATER = `UPDATE sends SET status = 'queued', due_at_ms = ? WHERE id = ? AND status = 'sending'`

/** A bare `max` makes SQLite take the whole row of the latest generation. */
const LATEST = `SELECT l.*, v.private_sealed FROM (
  SELECT *, max(generation) FROM sends WHERE verification_id IN (SELECT value FROM json_each(?))
  GROUP BY verification_id
) l JOIN verifications v ON v.account_id = l.account_id AND v.id = l.verification_id`

const CARRIERS = `SELECT verification_id, json_group_array(provider_id) AS carriers FROM (
  SELECT verification_id, provider_id FROM sends
  WHERE verification_id IN (SELECT value FROM json_each(?)) AND provider_id IS NOT NULL
  ORDER BY verification_id, generation
) GROUP BY verification_id`

const FATES = `SELECT provider_id, channel, country, status, count(*) AS sends FROM (
  SELECT provider_id, channel, country, status, created_at_ms FROM sends ORDER BY rowid DESC LIMIT ?2
) WHERE created_at_ms >= ?1 AND provider_id IS NOT NULL
GROUP BY provider_id, channel, country, status`

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
      await this.recordDelivery(toReceipt(row), last.atMs, closing)
    }
  }

  async retryLater(sendId: SendId, notBeforeMs: number): Promise<void> {
    await this.#deps.db.driver.all(statement(RETRY_LATER, notBeforeMs, sendId))
  }

  recordDelivery(receipt: Receipt, atMs: number, closing: Closing): Promise<RecordedDelivery> {
    return recordReceipt(this.#deps, receipt, { atMs, closing })
  }

  async find(id: SendId): Promise<FoundSend | undefined> {
    const { db, vault } = this.#deps
    const [row] = await db.driver.all(statement(`${SENDS_WITH_PHONE} WHERE s.id = ?`, id))
    return row && { ...toSendWithPhone(vault, row), outcome: toOutcome(row) }
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

  async providersOf(
    ids: readonly VerificationId[],
  ): Promise<ReadonlyMap<VerificationId, readonly string[]>> {
    if (ids.length === 0) return new Map()
    const rows = await this.#deps.db.driver.all(statement(CARRIERS, jsonList(ids)))
    return new Map(
      rows.map((row) => [
        row.verification_id as VerificationId,
        JSON.parse(String(row.carriers)) as readonly string[],
      ]),
    )
  }

  async recentFates(sinceMs: number, limit: number): Promise<readonly Fate[]> {
    const rows = await this.#deps.db.driver.all(statement(FATES, sinceMs, limit))
    return rows.map((row) => ({
      providerId: String(row.provider_id),
      channel: row.channel as Channel,
      country: String(row.country),
      status: row.status as SendStatus,
      sends: row.sends as number,
    }))
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
}

const finishStatement = (one: Dispatched): Statement =>
  statement(
    FINISH,
    one.sendId,
    one.status,
    one.providerId ?? null,
    one.providerMessageId ?? null,
    one.segments ?? null,
    one.cost?.micros ?? null,
    one.cost?.currency ?? null,
    one.expectedCostMicros ?? null,
    one.error?.kind ?? null,
    one.error?.code ?? null,
    one.error?.text ?? null,
    one.atMs,
    one.expectedCostCurrency ?? null,
  )

const toJob = (row: Row, verification: Verification): OutboxJob => ({
  send: toSend(row, verification.phone),
  verification,
  tries: row.tries as number,
})
