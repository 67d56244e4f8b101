import { openTestDatabase, testVault } from '../support/databases.ts'
import type { StoreSet } from './suites/examples.ts'
import { sqlStores } from './suites/stores.ts'

/** The stores over a libSQL file of their own. */
export async function openSqlStores(): Promise<StoreSet> {
  const database = await openTestDatabase()
  return sqlStores(database, testVault(), database.close)
}
