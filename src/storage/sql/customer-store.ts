import type { Customer, CustomerStore } from '../../risk/customers.ts'
import type { SqlDriver } from '../database.ts'
import { statement } from './statements.ts'

const FIND = 'SELECT since_ms, codes FROM customers WHERE subject = ?'
const LEARN = `INSERT INTO customers (subject, since_ms, last_ms, codes) VALUES (?1, ?2, ?2, 1)
ON CONFLICT (subject) DO UPDATE SET codes = codes + 1, last_ms = max(last_ms, ?2)`

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
    await this.driver.all(statement(LEARN, key, atMs))
  }
}
