import type { ScoreCount, ScoreOwner, ScoreStore } from '../../risk/own-scores.ts'
import type { SqlDriver } from '../database.ts'
import { statement } from './statements.ts'

const ADD = `INSERT INTO own_scores (account_id, model_version, day, bin, requests) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (account_id, model_version, day, bin) DO UPDATE SET requests = requests + ?5`
const SINCE = `SELECT day, bin, requests FROM own_scores
WHERE account_id = ? AND model_version = ? AND day >= ?`
const PURGE = 'DELETE FROM own_scores WHERE day < ?'

/** Scores of ordinary requests on libSQL files, Turso and D1: a few dozen rows a day for each account. */
export class SqlScoreStore implements ScoreStore {
  private readonly driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.driver = driver
  }

  async add({ accountId, modelVersion }: ScoreOwner, counts: readonly ScoreCount[]): Promise<void> {
    if (counts.length === 0) return
    await this.driver.batch(
      counts.map(({ day, bin, count }) => statement(ADD, accountId, modelVersion, day, bin, count)),
    )
  }

  async since({ accountId, modelVersion }: ScoreOwner, day: number) {
    const rows = await this.driver.all(statement(SINCE, accountId, modelVersion, day))
    return rows.map((row) => ({
      day: Number(row.day),
      bin: Number(row.bin),
      count: Number(row.requests),
    }))
  }

  async purge(beforeDay: number): Promise<void> {
    await this.driver.all(statement(PURGE, beforeDay))
  }
}
