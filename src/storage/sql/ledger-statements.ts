import { balanced } from '../../billing/postings.ts'
import type { Batch } from '../../domain/batch.ts'
import type { AnyPosting, Posting } from '../../domain/posting.ts'
import type { Rate } from '../../domain/rate.ts'
import type { SendStatus } from '../../domain/send.ts'
import type { Vault } from '../../platform/vault.ts'
import type { SqlValue, Statement } from '../database.ts'
import { CLOSE, RESERVE, RESERVE_BATCH } from './send-postings.ts'

const COLUMNS =
  'account_id, posting_id, posting_key, at_ms, verification_id, send_id, note, id, account, amount_micros, currency'

/** The first eight parameters of every posting. */
const SHARED = '?1, ?2, ?3, ?4, ?5, ?6, ?7'
const SHARED_ARGS = 8

/** A key is posted once in an account, whatever the entries are; `?8`: only while the send has that status. */
const ONCE = `NOT EXISTS (SELECT 1 FROM ledger_entries WHERE posting_key = ?3 AND account_id = ?1)
AND (?8 IS NULL OR (SELECT status FROM sends WHERE id = ?6) = ?8)`

/**
 * All entries of a posting in one statement; a posting whose key the account used before inserts nothing. Answers a row per
 * entry, so no rows means a duplicate. Aborts its batch with `prepaid_covers` when a prepaid account would fall below zero.
 * `onlyIf`: nothing happens unless the posting's send has that status.
 */
export function postingStatement(
  vault: Vault,
  posting: AnyPosting,
  onlyIf?: SendStatus,
): Statement {
  const tail = idTailOf(vault, posting)
  const shared: readonly SqlValue[] = [
    posting.accountId,
    `LP${tail}`,
    posting.key,
    posting.atMs,
    posting.verificationId ?? null,
    posting.sendId ?? null,
    'note' in posting ? (posting.note ?? null) : null,
    onlyIf ?? null,
  ]
  const idHead = `LE${tail.slice(0, -2)}`
  if ('entries' in posting) return plainStatement(posting, shared, idHead)
  if (posting.kind !== 'reserve') return { sql: CLOSING[posting.kind], args: [...shared, idHead] }
  const { currency, segments, unitPrice, cover } = posting
  const { market = null, kind = null, country = null } = cover ?? {}
  const args = [...shared, idHead, currency, segments, unitPrice, market, kind, country]
  return { sql: RESERVING, args }
}

/** Entries numbered in the order of their sides, so that a repeated posting has the same ids. */
const insertMoves = (moves: string): string => `WITH ${moves}
INSERT INTO ledger_entries (${COLUMNS})
SELECT ${SHARED}, ?9 || printf('%02x', row_number() OVER (ORDER BY side, account) - 1), account, amount, currency
FROM moves WHERE ${ONCE} RETURNING id`

/** Ids as those of other postings, but from the end of the send's own instead of a digest. */
const RESERVING_BATCH = `WITH ${RESERVE_BATCH}
INSERT INTO ledger_entries (${COLUMNS})
SELECT ?1, 'LP' || printf('%012xb', ?4) || substr(send_id, -19), 'reserve:' || send_id, ?4, NULL, send_id, NULL,
  'LE' || printf('%012xb', ?4) || substr(send_id, -17)
    || printf('%02x', row_number() OVER (PARTITION BY send_id ORDER BY side, account) - 1),
  account, amount, currency
FROM moves ORDER BY send_id, side`

export type BatchReservation = Pick<Batch, 'id' | 'accountId' | 'currency'> & {
  readonly atMs: number
  readonly rate: Omit<Rate, 'segments'>
}

/** What `reserve` does for one send, for all that a new batch sends to one country. Free ones need none. */
export function batchReservation(reservation: BatchReservation): Statement {
  const { id, accountId, currency, atMs, rate } = reservation
  const { unitPrice, market, kind, country } = rate
  const unused = null
  const shared = [accountId, id, unused, atMs, unused, unused, unused, unused, unused]
  const args = [...shared, currency, unused, unitPrice, market, kind, country]
  return { sql: RESERVING_BATCH, args }
}

const RESERVING = insertMoves(RESERVE)
const CLOSING = { settle: insertMoves(CLOSE.settle), release: insertMoves(CLOSE.release) } as const

function plainStatement(posting: Posting, shared: readonly SqlValue[], idHead: string): Statement {
  const { entries, currency } = balanced(posting)
  const args = entries.flatMap((entry, index) => [
    `${idHead}${hexByte(index)}`,
    entry.account,
    entry.amount,
    entry.currency ?? currency,
  ])
  return { sql: sqlFor(entries.length), args: [...shared, ...args] }
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0')

/** Made from the key, so that a repeated posting has the same ids; time first, so that entries sort by age. */
function idTailOf(vault: Vault, posting: AnyPosting): string {
  const time = posting.atMs.toString(16).padStart(12, '0')
  return time + vault.digest('lookup', `posting:${posting.accountId}:${posting.key}`).slice(0, 20)
}

const built = new Map<number, string>()

function sqlFor(entries: number): string {
  const known = built.get(entries)
  if (known !== undefined) return known
  const rows = Array.from({ length: entries }, (_, index) => {
    const first = SHARED_ARGS + 4 * index + 1
    return `(?${first}, ?${first + 1}, ?${first + 2}, ?${first + 3})`
  })
  const sql = `INSERT INTO ledger_entries (${COLUMNS})
SELECT ${SHARED}, column1, column2, column3, column4 FROM (VALUES ${rows.join(', ')})
WHERE ${ONCE} RETURNING id`
  built.set(entries, sql)
  return sql
}
