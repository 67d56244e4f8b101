import type { RuleAction } from '../../domain/decision.ts'
import { micros } from '../../domain/money.ts'
import type { ShadowKind, ShadowQuery, ShadowRow, ShadowStore } from '../../risk/shadow.ts'
import type { Row, SqlDriver } from '../database.ts'
import { hourStart, statement } from './statements.ts'

const ROWS_MAX = 1_000

const TOTALS = `SELECT kind, name, would, sum(hits) AS hits, sum(sent) AS sent, sum(verified) AS verified,
  sum(reported) AS reported, sum(stopped_micros) AS stopped_micros, sum(good_micros) AS good_micros
FROM shadow_hours WHERE account_id = ?1 AND hour_start_ms >= ?2 AND hour_start_ms < ?3
GROUP BY kind, name, would ORDER BY hits DESC, kind, name, would LIMIT ${ROWS_MAX}`

/** Reads what triggers add up while requests are stored, verified and reported. */
export class SqlShadowStore implements ShadowStore {
  readonly #driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.#driver = driver
  }

  async totals({ accountId, fromMs, toMs }: ShadowQuery): Promise<readonly ShadowRow[]> {
    const rows = await this.#driver.all(statement(TOTALS, accountId, hourStart(fromMs), toMs))
    return rows.map(toShadowRow)
  }
}

function toShadowRow(row: Row): ShadowRow {
  return {
    kind: row.kind as ShadowKind,
    name: String(row.name),
    would: row.would as RuleAction,
    hits: Number(row.hits),
    sent: Number(row.sent),
    verified: Number(row.verified),
    reported: Number(row.reported),
    stopped: micros(Number(row.stopped_micros)),
    good: micros(Number(row.good_micros)),
  }
}
