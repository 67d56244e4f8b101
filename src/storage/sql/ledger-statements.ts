import { assert } from '../../domain/assert.ts'
import type { Posting } from '../../domain/posting.ts'
import type { SendStatus } from '../../domain/send.ts'
import type { Vault } from '../../platform/vault.ts'
import type { SqlValue, Statement } from '../database.ts'

const SHARED_ARGS = 8
const COLUMNS =
  'account_id, id, posting_id, posting_key, account, amount_micros, currency, at_ms, verification_id, send_id'

/**
 * All entries of a posting in one statement; a posting whose key the account used before inserts nothing, whatever its
 * entries are. Answers a row per entry, so no rows means a duplicate. Aborts its batch with `prepaid_covers` when a
 * prepaid account would fall below zero. `onlyIf`: nothing happens unless the posting's send has that status.
 */
export function postingStatement(vault: Vault, posting: Posting, onlyIf?: SendStatus): Statement {
  const sum = posting.entries.reduce((total, entry) => total + entry.amount, 0)
  assert(sum === 0, `the entries of ${posting.key} sum to zero`)
  const tail = idTailOf(vault, posting)
  const shared: SqlValue[] = [
    posting.accountId,
    `LP${tail}`,
    posting.key,
    posting.currency,
    posting.atMs,
    posting.verificationId ?? null,
    posting.sendId ?? null,
    onlyIf ?? null,
  ]
  const entries = posting.entries.flatMap((entry, index) => [
    `LE${tail.slice(0, -2)}${hexByte(index)}`,
    entry.account,
    entry.amount,
  ])
  return { sql: sqlFor(posting.entries.length), args: [...shared, ...entries] }
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0')

/** Made from the key, so that a repeated posting has the same ids; time first, so that entries sort by age. */
function idTailOf(vault: Vault, posting: Posting): string {
  const time = posting.atMs.toString(16).padStart(12, '0')
  return time + vault.digest('lookup', `posting:${posting.accountId}:${posting.key}`).slice(0, 20)
}

const built = new Map<number, string>()

function sqlFor(entries: number): string {
  const known = built.get(entries)
  if (known !== undefined) return known
  const rows = Array.from({ length: entries }, (_, index) => {
    const first = SHARED_ARGS + 3 * index + 1
    return `(?${first}, ?${first + 1}, ?${first + 2})`
  })
  const sql = `INSERT INTO ledger_entries (${COLUMNS})
SELECT ?1, column1, ?2, ?3, column2, column3, ?4, ?5, ?6, ?7 FROM (VALUES ${rows.join(', ')})
WHERE NOT EXISTS (SELECT 1 FROM ledger_entries WHERE posting_key = ?3 AND account_id = ?1)
AND (?8 IS NULL OR (SELECT status FROM sends WHERE id = ?7) = ?8)
RETURNING id`
  built.set(entries, sql)
  return sql
}
