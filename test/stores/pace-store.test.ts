import { openLibsql } from '../../src/storage/libsql-database.ts'
import { SqlPaceStore } from '../../src/storage/sql/pace-store.ts'
import { openTestDatabase } from '../support/databases.ts'
import { paceSuite } from './suites/pace-suite.ts'

paceSuite('a libSQL file', async () => {
  const first = await openTestDatabase()
  const others = await Promise.all([1, 2].map(() => openLibsql(`file:${first.path}`)))
  return {
    stores: [first, ...others].map(({ driver }) => new SqlPaceStore(driver)),
    close: async () => {
      for (const other of others) other.close()
      await first.close()
    },
  }
})
