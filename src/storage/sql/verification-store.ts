import type {
  Claim,
  Opened,
  Opening,
  Page,
  Resent,
  VerificationFilter,
  VerificationStore,
} from '../../codes/verification-store.ts'
import { assert } from '../../domain/assert.ts'
import type { AccountId, VerificationId } from '../../domain/ids.ts'
import { statusOf, type Verification, type VerificationKey } from '../../domain/verification.ts'
import type { Statement } from '../database.ts'
import { markStatement } from './budget-statements.ts'
import { postingStatement } from './ledger-statements.ts'
import { resendGuard, sendGuard, spendStatements } from './limit-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { brokenConstraint, refusalOf, stopped } from './refusals.ts'
import { insertSendOf } from './send-rows.ts'
import { DAY_MS, statement } from './statements.ts'
import { listStatement } from './verification-list.ts'
import { FIND_VERIFICATION, insertVerificationOf, toVerification } from './verification-rows.ts'

const CLAIM = `UPDATE verifications SET attempts = attempts + 1
WHERE account_id = ? AND id = ? AND state = 'open' AND attempts < attempts_max AND expires_at_ms > ?
RETURNING *`

const APPROVE = `UPDATE verifications SET state = 'approved', closed_at_ms = ?3
WHERE account_id = ?1 AND id = ?2 AND state = 'open' AND expires_at_ms > ?3 RETURNING id`

const CANCEL = `UPDATE verifications SET state = 'canceled', closed_at_ms = ?3
WHERE account_id = ?1 AND id = ?2 AND state = 'open' AND attempts < attempts_max AND expires_at_ms > ?3
RETURNING id`

const COUNT_RESEND = `UPDATE verifications SET sends = ? WHERE account_id = ? AND id = ? RETURNING *`

const TAKE_MATURED = `UPDATE verifications SET matured = 1 WHERE rowid IN (
  SELECT rowid FROM verifications WHERE matured = 0 AND created_at_ms < ? ORDER BY created_at_ms LIMIT ?
) RETURNING *`

const SINCE = 'SELECT * FROM verifications WHERE id > ? ORDER BY id LIMIT ?'

const SPEND_CHALLENGE = 'INSERT INTO spent_challenges (nonce, expires_at_ms) VALUES (?, ?)'

/** Longer than any challenge lives; after that its own expiry refuses it, and the row may go. */
const CHALLENGE_KEPT_MS = DAY_MS

/** A race for the same generation was lost; the winner's message is on its way. */
const RACE_RETRY_MS = 1000

/** libSQL files, Turso and D1: each verb is one statement or one batch, so it is atomic on all of them. */
export class SqlVerificationStore implements VerificationStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  /** The first statement that is broken names the refusal: challenge, then caps, then budgets, then balance. */
  async open(opening: Opening): Promise<Opened> {
    const { vault, db } = this.#deps
    try {
      await db.driver.batch([
        ...spendChallenge(opening),
        sendGuard(vault, opening.send, opening.limits),
        ...spendStatements(opening.send, opening.limits),
        ...this.#reserve(opening),
        insertVerificationOf(vault, opening.verification),
        ...this.#insertSend(opening),
      ])
      return { kind: 'opened' }
    } catch (error) {
      return refusalOf(this.#deps, error, opening)
    }
  }

  async refuse(verification: Verification): Promise<void> {
    await this.#deps.db.driver.all(insertVerificationOf(this.#deps.vault, verification))
  }

  async resend(key: VerificationKey, opening: Omit<Opening, 'verification'>): Promise<Resent> {
    const { vault, db } = this.#deps
    const { send, limits } = opening
    try {
      const results = await db.driver.batch([
        resendGuard(key, send),
        ...spendChallenge(opening),
        sendGuard(vault, send, limits),
        ...spendStatements(send, limits),
        ...this.#reserve(opening),
        ...this.#insertSend(opening),
        statement(COUNT_RESEND, send.generation, key.accountId, key.id),
      ])
      const row = results.at(-1)?.[0]
      assert(row !== undefined, 'a guarded resend found its verification')
      return { kind: 'resent', verification: toVerification(vault, row) }
    } catch (error) {
      if (brokenConstraint(error) === 'not_resendable') return this.#explainResend(key, opening)
      return refusalOf(this.#deps, error, opening)
    }
  }

  async claimAttempt(key: VerificationKey, nowMs: number): Promise<Claim> {
    const [row] = await this.#deps.db.driver.all(statement(CLAIM, key.accountId, key.id, nowMs))
    if (row !== undefined) {
      const verification = toVerification(this.#deps.vault, row)
      return { kind: 'open', verification, attempt: verification.attempts }
    }
    const verification = await this.find(key)
    if (verification === undefined) return { kind: 'missing' }
    return { kind: 'closed', verification, status: statusOf(verification, nowMs) }
  }

  approve(key: VerificationKey, nowMs: number): Promise<boolean> {
    return this.#changes(statement(APPROVE, key.accountId, key.id, nowMs))
  }

  cancel(key: VerificationKey, nowMs: number): Promise<boolean> {
    return this.#changes(statement(CANCEL, key.accountId, key.id, nowMs))
  }

  async find(key: VerificationKey): Promise<Verification | undefined> {
    const [row] = await this.#deps.db.driver.all(
      statement(FIND_VERIFICATION, key.accountId, key.id),
    )
    return row === undefined ? undefined : toVerification(this.#deps.vault, row)
  }

  async list(
    accountId: AccountId,
    filter: VerificationFilter,
    page: Page,
  ): Promise<readonly Verification[]> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(listStatement(vault, accountId, { filter, page }))
    return rows.map((row) => toVerification(vault, row))
  }

  /** A verification is as old as its first send: resends neither delay nor repeat its outcome. */
  async takeMatured(sentBeforeMs: number, limit: number): Promise<readonly Verification[]> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(statement(TAKE_MATURED, sentBeforeMs, limit))
    return rows
      .map((row) => toVerification(vault, row))
      .sort((left, right) => left.createdAtMs - right.createdAtMs)
  }

  async since(after: VerificationId, limit: number): Promise<readonly Verification[]> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(statement(SINCE, after, limit))
    return rows.map((row) => toVerification(vault, row))
  }

  #reserve({ reservation }: Pick<Opening, 'reservation'>): readonly Statement[] {
    return reservation === undefined ? [] : [postingStatement(this.#deps.vault, reservation)]
  }

  #insertSend({ send, limits }: Pick<Opening, 'send' | 'limits'>): readonly Statement[] {
    const inserted = insertSendOf(this.#deps.vault, send)
    return limits.budgets ? [inserted, markStatement(send)] : [inserted]
  }

  async #changes(change: Statement): Promise<boolean> {
    return (await this.#deps.db.driver.all(change)).length > 0
  }

  async #explainResend(
    key: VerificationKey,
    { send }: Omit<Opening, 'verification'>,
  ): Promise<Resent> {
    const verification = await this.find(key)
    if (verification === undefined) return { kind: 'missing' }
    const status = statusOf(verification, send.createdAtMs)
    if (status !== 'pending') return { kind: 'closed', status }
    if (verification.sends >= verification.sendsMax) return { kind: 'sends_exhausted' }
    return stopped('phone_minute_cap', send.createdAtMs + RACE_RETRY_MS)
  }
}

/** The loser of a race for one nonce finds it taken. */
function spendChallenge({
  challengeNonce,
  send,
}: Omit<Opening, 'verification'>): readonly Statement[] {
  if (challengeNonce === undefined) return []
  return [statement(SPEND_CHALLENGE, challengeNonce, send.createdAtMs + CHALLENGE_KEPT_MS)]
}
