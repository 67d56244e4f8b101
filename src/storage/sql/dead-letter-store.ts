import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterPage,
  DeadLetterStore,
  DeadVerification,
} from '../../channels/dead-letter-store.ts'
import type { FailedTry, UnsentReason } from '../../channels/outbox-store.ts'
import type { AccountId, SendId } from '../../domain/ids.ts'
import type { SendErrorKind } from '../../domain/send-error.ts'
import type { StoredState } from '../../domain/verification.ts'
import type { Row, SqlValue } from '../database.ts'
import { phoneHashOf, type SqlStoreDeps } from './privacy.ts'
import { toOutcome, toSendWithPhone, WITH_PHONE } from './send-rows.ts'
import { AFTER_ALL_IDS, statement } from './statements.ts'

const DEAD = `SELECT s.*, coalesce(v.private_sealed, m.private_sealed) AS private_sealed,
  v.state, v.attempts, v.attempts_max, v.sends, v.sends_max
FROM sends s ${WITH_PHONE}
WHERE s.account_id = ? AND s.unsent IS NOT NULL AND s.falls_at_ms IS NULL AND s.taken_by IS NULL`

/** Over libSQL files, Turso and D1. */
export class SqlDeadLetterStore implements DeadLetterStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async list(
    accountId: AccountId,
    filter: DeadLetterFilter,
    { limit, before }: DeadLetterPage,
  ): Promise<readonly DeadLetter[]> {
    const conditions = [...this.#conditionsOf(filter)]
    const where = conditions.map(([sql]) => ` AND ${sql}`).join('')
    const args = conditions.map(([, value]) => value)
    return this.#read(`${DEAD} AND s.id < ?${where} ORDER BY s.id DESC LIMIT ?`, [
      accountId,
      before ?? AFTER_ALL_IDS,
      ...args,
      limit,
    ])
  }

  async find(accountId: AccountId, id: SendId): Promise<DeadLetter | undefined> {
    const [found] = await this.#read(`${DEAD} AND s.id = ?`, [accountId, id])
    return found
  }

  *#conditionsOf(filter: DeadLetterFilter): Generator<readonly [string, SqlValue]> {
    const { phone, serviceId, reason, fromMs, toMs } = filter
    if (phone !== undefined) yield ['s.phone_hash = ?', phoneHashOf(this.#deps.vault, phone)]
    if (serviceId !== undefined) yield ['s.service_id = ?', serviceId]
    if (reason !== undefined) yield ['s.unsent = ?', reason]
    if (fromMs !== undefined) yield ['s.changed_at_ms >= ?', fromMs]
    if (toMs !== undefined) yield ['s.changed_at_ms < ?', toMs]
  }

  async #read(sql: string, args: readonly SqlValue[]): Promise<readonly DeadLetter[]> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(statement(sql, ...args))
    return rows.map((row) => ({ ...toSendWithPhone(vault, row), ...toEnd(row) }))
  }
}

const toEnd = (row: Row) => ({
  outcome: toOutcome(row),
  reason: row.unsent as UnsentReason,
  tried: triedOf(row.tried as string | null),
  endedAtMs: row.changed_at_ms as number,
  verification: row.verification_id === null ? undefined : toStanding(row),
})

const toStanding = (row: Row): DeadVerification => ({
  state: row.state as StoredState,
  attempts: row.attempts as number,
  attemptsMax: row.attempts_max as number,
  expiresAtMs: row.expires_at_ms as number,
  sends: row.sends as number,
  sendsMax: row.sends_max as number,
})

type TriedRow = readonly [string, SendErrorKind, string, number]

/** `[[provider, kind, code, at_ms], …]`; null for none. */
export const triedText = (tried: readonly FailedTry[] = []): string | null =>
  tried.length === 0
    ? null
    : JSON.stringify(
        tried.map(({ providerId, kind, code, atMs }): TriedRow => [providerId, kind, code, atMs]),
      )

const triedOf = (text: string | null): readonly FailedTry[] =>
  text === null
    ? []
    : (JSON.parse(text) as readonly TriedRow[]).map(([providerId, kind, code, atMs]) => ({
        providerId,
        kind,
        code,
        atMs,
      }))
