import type { PackageBalance, PackageStore } from '../../billing/package-store.ts'
import { grantPosting, type Package } from '../../billing/packages.ts'
import type { AccountId, PackageId } from '../../domain/ids.ts'
import type { MessageKind } from '../../domain/message-kind.ts'
import type { Currency, Micros } from '../../domain/money.ts'
import { segmentsOfMicros } from '../../domain/posting.ts'
import type { Market } from '../../domain/rate.ts'
import { type Row, StorageError } from '../database.ts'
import { postingStatement } from './ledger-statements.ts'
import type { SqlStoreDeps } from './privacy.ts'
import { AFTER_ALL_IDS, insertInto, statement } from './statements.ts'

const insertPackage = insertInto('packages', [
  'id',
  'account_id',
  'market',
  'kind',
  'countries',
  'segments',
  'valid_from_ms',
  'expires_at_ms',
  'granted_at_ms',
  'reference',
  'price_micros',
  'currency',
])

const balanceOf = (place: string): string =>
  `coalesce((SELECT balance_micros FROM ledger_balances WHERE account = '${place}:' || p.id AND currency = 'SEG'), 0)`

const LIST = `SELECT p.*, ${balanceOf('package')} AS left_micros, ${balanceOf('reserved')} AS reserved_micros
FROM packages p WHERE p.account_id = ?1 AND p.id < ?2 ORDER BY p.id DESC LIMIT ?3`

const EXPIRED = `SELECT id, account_id FROM packages WHERE expires_at_ms <= ? AND lapsed_at_ms IS NULL
ORDER BY expires_at_ms LIMIT ?`

/** Whatever is left at this very moment: a second try finds nothing. */
const LAPSE = `INSERT INTO ledger_entries
  (account_id, posting_id, posting_key, at_ms, id, account, amount_micros, currency)
SELECT ?1, 'LP' || ?4, 'lapse:' || ?2, ?3, 'LE' || substr(?4, 1, 30) || '0' || side,
  CASE side WHEN 0 THEN account ELSE 'lapsed:' || ?1 END,
  CASE side WHEN 0 THEN -balance_micros ELSE balance_micros END, currency
FROM ledger_balances, (SELECT 0 AS side UNION ALL SELECT 1)
WHERE account = 'package:' || ?2 AND currency = 'SEG' AND balance_micros > 0
RETURNING id`

const MARK_LAPSED = 'UPDATE packages SET lapsed_at_ms = ? WHERE id = ? AND lapsed_at_ms IS NULL'

/** Over libSQL files, Turso and D1. */
export class SqlPackageStore implements PackageStore {
  readonly #deps: SqlStoreDeps

  constructor(deps: SqlStoreDeps) {
    this.#deps = deps
  }

  async grant(one: Package): Promise<'granted' | 'duplicate' | 'short'> {
    const { db, vault } = this.#deps
    try {
      await db.driver.batch([
        insertPackage(toColumns(one)),
        postingStatement(vault, grantPosting(one)),
      ])
      return 'granted'
    } catch (error) {
      const constraint = error instanceof StorageError ? error.constraint : undefined
      if (constraint === 'packages.account_id') return 'duplicate'
      if (constraint === 'prepaid_covers') return 'short'
      throw error
    }
  }

  async list(
    accountId: AccountId,
    page: { readonly limit: number; readonly before: PackageId | undefined },
  ): Promise<readonly PackageBalance[]> {
    const rows = await this.#deps.db.driver.all(
      statement(LIST, accountId, page.before ?? AFTER_ALL_IDS, page.limit),
    )
    return rows.map((row) => ({
      package: toPackage(row),
      left: segmentsOfMicros(row.left_micros as Micros),
      reserved: segmentsOfMicros(row.reserved_micros as Micros),
    }))
  }

  async lapse(nowMs: number, limit: number): Promise<number> {
    const { db, vault } = this.#deps
    const expired = await db.driver.all(statement(EXPIRED, nowMs, limit))
    if (expired.length === 0) return 0
    const results = await db.driver.batch(
      expired.flatMap(({ id = '', account_id: accountId = '' }) => {
        const digest = vault.digest('lookup', `posting:${accountId}:lapse:${id}`).slice(0, 20)
        const tail = nowMs.toString(16).padStart(12, '0') + digest
        return [statement(LAPSE, accountId, id, nowMs, tail), statement(MARK_LAPSED, nowMs, id)]
      }),
    )
    return results.filter((rows) => rows.length > 0).length
  }
}

const toColumns = (one: Package): Row => ({
  id: one.id,
  account_id: one.accountId,
  market: one.market,
  kind: one.kind ?? null,
  countries: one.countries === undefined ? null : JSON.stringify(one.countries),
  segments: one.segments,
  valid_from_ms: one.validFromMs,
  expires_at_ms: one.expiresAtMs,
  granted_at_ms: one.grantedAtMs,
  reference: one.reference,
  price_micros: one.price,
  currency: one.currency,
})

const toPackage = (row: Row): Package => ({
  id: row.id as PackageId,
  accountId: row.account_id as AccountId,
  market: row.market as Market,
  kind: (row.kind as MessageKind | null) ?? undefined,
  countries: row.countries === null ? undefined : (JSON.parse(String(row.countries)) as string[]),
  segments: row.segments as number,
  validFromMs: row.valid_from_ms as number,
  expiresAtMs: row.expires_at_ms as number,
  grantedAtMs: row.granted_at_ms as number,
  reference: row.reference as string,
  price: row.price_micros as Micros,
  currency: row.currency as Currency,
})
