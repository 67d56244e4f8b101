import type { MonthStore } from '../../billing/month-store.ts'
import { type MonthKey, type MonthReading, reratingPrefix } from '../../billing/months.ts'
import type { AccountId } from '../../domain/ids.ts'
import { type Currency, type Micros, micros } from '../../domain/money.ts'
import type { Row, SqlDriver, Statement } from '../database.ts'
import { tiersOf, tiersText } from './send-rows.ts'
import { statement } from './statements.ts'

const WHERE = 'account_id = ?1 AND currency = ?2 AND month = ?3 AND meter = ?4'

const VOLUME = `SELECT coalesce(sum(segments), 0) AS segments FROM rated_months WHERE ${WHERE}`

const STALE = `SELECT DISTINCT account_id, currency, month, meter FROM rated_months
WHERE segments <> rerated_segments LIMIT ?`

const LINES = `SELECT tiers, segments, settled_micros FROM rated_months WHERE ${WHERE} ORDER BY tiers`

const ADJUSTED = `SELECT count(*) AS adjustments, coalesce(sum(amount_micros), 0) AS adjusted FROM ledger_entries
WHERE posting_key >= ?1 AND posting_key < ?1 || '~' AND account = 'prepaid:' || ?2`

const MARK = `UPDATE rated_months SET rerated_segments = ?6 WHERE ${WHERE} AND tiers = ?5`

const keyArgs = ({ accountId, currency, month, meter }: MonthKey) =>
  [accountId, currency, month, meter] as const

/** Over libSQL files, Turso and D1. */
export class SqlMonthStore implements MonthStore {
  readonly #driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.#driver = driver
  }

  async volume(key: MonthKey): Promise<number> {
    const [row] = await this.#driver.all(statement(VOLUME, ...keyArgs(key)))
    return row?.segments as number
  }

  async stale(limit: number): Promise<readonly MonthReading[]> {
    const keys = (await this.#driver.all(statement(STALE, limit))).map(toKey)
    if (keys.length === 0) return []
    // One batch, so that what was settled and what was given back are of one moment.
    const results = await this.#driver.batch(keys.flatMap(readStatements))
    return keys.map((key, index) =>
      toReading(key, results[2 * index] ?? [], results[2 * index + 1]?.[0] ?? {}),
    )
  }

  async markRerated({ key, lines }: MonthReading): Promise<void> {
    await this.#driver.batch(
      lines.map(({ tiers, segments }) =>
        statement(MARK, ...keyArgs(key), tiersText(tiers), segments),
      ),
    )
  }
}

const readStatements = (key: MonthKey): readonly Statement[] => [
  statement(LINES, ...keyArgs(key)),
  statement(ADJUSTED, reratingPrefix(key), key.accountId),
]

const toKey = (row: Row): MonthKey => ({
  accountId: row.account_id as AccountId,
  currency: row.currency as Currency,
  month: row.month as string,
  meter: row.meter as string,
})

const toReading = (key: MonthKey, lines: readonly Row[], given: Row): MonthReading => ({
  key,
  lines: lines.map((row) => ({
    tiers: tiersOf(row.tiers as string),
    segments: row.segments as number,
    settled: row.settled_micros as Micros,
  })),
  adjustments: given.adjustments as number,
  adjusted: micros(given.adjusted as number),
})
