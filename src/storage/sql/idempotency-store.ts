import { assert } from '../../domain/assert.ts'
import type { AccountId } from '../../domain/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import {
  ANSWER_TTL_MS,
  type Begun,
  CLAIM_TTL_MS,
  type IdempotencyStore,
  type StoredAnswer,
} from '../../tenancy/idempotency.ts'
import type { Database, Row } from '../database.ts'

/** One statement claims a free key, a record past its day, or a claim of the same request whose owner went silent. */
const CLAIM = `
INSERT INTO idempotency_keys (account_id, key, request_hash, state, created_at_ms)
VALUES (?1, ?2, ?3, 'claimed', ?4)
ON CONFLICT (account_id, key) DO UPDATE SET
  request_hash = excluded.request_hash, state = 'claimed', created_at_ms = excluded.created_at_ms,
  status = NULL, body = NULL, content_type = NULL
WHERE idempotency_keys.created_at_ms <= ?5
  OR (idempotency_keys.state = 'claimed' AND idempotency_keys.created_at_ms <= ?6
    AND idempotency_keys.request_hash = excluded.request_hash)
RETURNING key`

const EXPLAIN = `
SELECT request_hash, state, status, body, content_type FROM idempotency_keys
WHERE account_id = ?1 AND key = ?2`

const ANSWER = `
UPDATE idempotency_keys SET state = 'answered', status = ?3, body = ?4, content_type = ?5
WHERE account_id = ?1 AND key = ?2 AND state = 'claimed'`

const ABANDON = `
DELETE FROM idempotency_keys WHERE account_id = ?1 AND key = ?2 AND state = 'claimed'`

const PURGE = `
DELETE FROM idempotency_keys WHERE rowid IN (
  SELECT rowid FROM idempotency_keys WHERE created_at_ms <= ?1 ORDER BY created_at_ms LIMIT ?2
) RETURNING 1 AS gone`

/** Callers may put anything into a key or a body, so keys and hashes are stored as keyed digests, and bodies sealed. */
export class SqlIdempotencyStore implements IdempotencyStore {
  private readonly db: Database
  private readonly vault: Vault

  constructor(db: Database, vault: Vault) {
    this.db = db
    this.vault = vault
  }

  async begin(
    accountId: AccountId,
    key: string,
    requestHash: string,
    nowMs: number,
  ): Promise<Begun> {
    const digest = this.digestOf(key)
    const requestDigest = this.digestOf(requestHash)
    const dayAgoMs = nowMs - ANSWER_TTL_MS
    const [claimed = [], [row] = []] = await this.db.driver.batch([
      {
        sql: CLAIM,
        args: [accountId, digest, requestDigest, nowMs, dayAgoMs, nowMs - CLAIM_TTL_MS],
      },
      { sql: EXPLAIN, args: [accountId, digest] },
    ])
    if (claimed.length === 1) return { kind: 'first' }
    assert(row !== undefined, 'a key that cannot be claimed exists')
    if (row.request_hash !== requestDigest) return { kind: 'conflict' }
    if (row.state === 'claimed') return { kind: 'in_flight' }
    return { kind: 'again', answer: this.toAnswer(row, contextOf(accountId, digest)) }
  }

  async finish(accountId: AccountId, key: string, answer: StoredAnswer): Promise<void> {
    const digest = this.digestOf(key)
    const body = this.vault.seal(answer.body, contextOf(accountId, digest))
    const args = [accountId, digest, answer.status, body, answer.contentType]
    await this.db.driver.all({ sql: ANSWER, args })
  }

  async abandon(accountId: AccountId, key: string): Promise<void> {
    await this.db.driver.all({ sql: ABANDON, args: [accountId, this.digestOf(key)] })
  }

  async purge(nowMs: number, limit: number): Promise<number> {
    const gone = await this.db.driver.all({ sql: PURGE, args: [nowMs - ANSWER_TTL_MS, limit] })
    return gone.length
  }

  private digestOf(text: string): string {
    return this.vault.digest('lookup', `idempotency:${text}`)
  }

  private toAnswer(row: Row, context: string): StoredAnswer {
    return {
      status: Number(row.status),
      body: this.vault.open(String(row.body), context),
      contentType: String(row.content_type),
    }
  }
}

const contextOf = (accountId: AccountId, digest: string): string =>
  `idempotency:${accountId}:${digest}`
