import { openTestDatabase, testVault } from '../support/databases.ts'
import type { OpenDatabase } from './suites/database-suite.ts'
import { type SqlStoreSet, sqlStores } from './suites/stores.ts'

/** A libSQL file of its own, with what its secrets are sealed with. */
export const openFileDatabase: OpenDatabase = async () => {
  const db = await openTestDatabase()
  return { db, vault: testVault(), close: db.close }
}

/** The stores over a libSQL file of their own. */
export async function openSqlStores(): Promise<SqlStoreSet> {
  const { db, vault, close } = await openFileDatabase()
  return sqlStores(db, vault, close)
}
