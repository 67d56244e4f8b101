import type { Customer, CustomerStore } from '../../risk/customers.ts'
import type { SqlDriver } from '../database.ts'
import { DAY_MS, statement } from './statements.ts'

const FIND = 'SELECT since_ms, codes FROM customers WHERE subject = ?'
const LEARN = `INSERT INTO customers (subject, since_ms, seen_day, codes) VALUES (?1, ?2, ?3, 1)
ON CONFLICT (subject) DO UPDATE SET codes = codes + 1`
/** Apart, so that its index is written once a day and not with each code. */
const SEE = 'UPDATE customers SET seen_day = ?2 WHERE subject = ?1 AND seen_day < ?2'
const PURGE = `DELETE FROM customers WHERE rowid IN (
SELECT rowid FROM customers WHERE seen_day < ? LIMIT ?) RETURNING 1`

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS)

/** One small row for each number that verified at an account, under its keyed hash. */
export class SqlCustomerStore implements CustomerStore {
  private readonly driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.driver = driver
  }

  async find(key: string): Promise<Customer | undefined> {
    const [row] = await this.driver.all(statement(FIND, key))
    return row === undefined
      ? undefined
      : { sinceMs: Number(row.since_ms), codes: Number(row.codes) }
  }

  async learn(key: string, atMs: number): Promise<void> {
    const day = dayOf(atMs)
    await this.driver.batch([statement(LEARN, key, atMs, day), statement(SEE, key, day)])
  }

  async purge(beforeMs: number, limit: number): Promise<number> {
    return (await this.driver.all(statement(PURGE, dayOf(beforeMs), limit))).length
  }
}
