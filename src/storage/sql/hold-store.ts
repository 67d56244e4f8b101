import type { HoldStore } from '../../billing/hold-store.ts'
import type { AccountId, SendId, VerificationId } from '../../domain/ids.ts'
import type { Row } from '../database.ts'
import { postingStatement } from './ledger-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { statement } from './statements.ts'

/** What was made long before it was sent is waited for from then on. */
const UNHEARD = `SELECT id, account_id, verification_id FROM sends
WHERE bill_on = 'delivered' AND status = 'sent' AND settled_at_ms IS NULL AND created_at_ms < ?1
  AND coalesce(asked_at_ms, created_at_ms) < ?1
ORDER BY created_at_ms LIMIT ?2`

const MARK = `UPDATE sends SET settled_at_ms = ? WHERE id = ? AND status = 'sent'`

/** Over libSQL files, Turso and D1. */
export class SqlHoldStore implements HoldStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async releaseUnheard(madeBeforeMs: number, atMs: number, limit: number): Promise<number> {
    const { db, vault } = this.#deps
    const rows = await db.driver.all(statement(UNHEARD, madeBeforeMs, limit))
    if (rows.length === 0) return 0
    await db.driver.batch(
      rows.flatMap((row) => [
        postingStatement(vault, toRelease(row, atMs), 'sent'),
        statement(MARK, atMs, row.id as SendId),
      ]),
    )
    return rows.length
  }
}

const toRelease = (row: Row, atMs: number) =>
  ({
    kind: 'release',
    key: `close:${row.id}`,
    accountId: row.account_id as AccountId,
    atMs,
    verificationId: (row.verification_id as VerificationId | null) ?? undefined,
    sendId: row.id as SendId,
  }) as const
