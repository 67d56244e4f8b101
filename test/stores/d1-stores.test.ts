import { afterAll } from 'vitest'
import { startD1 } from '../support/d1-databases.ts'
import { testVault } from '../support/databases.ts'
import { databaseSuite } from './suites/database-suite.ts'
import type { StoreSet } from './suites/examples.ts'
import { ledgerStoreSuite } from './suites/ledger-suite.ts'
import { outboxStoreSuite } from './suites/outbox-suite.ts'
import { sqlStores } from './suites/stores.ts'
import { verificationStoreSuite } from './suites/verification-suite.ts'

const d1 = await startD1()
afterAll(() => d1.stop())

const openD1Stores = async (): Promise<StoreSet> =>
  sqlStores(await d1.open(), testVault(), async () => undefined)

verificationStoreSuite('D1', openD1Stores)
outboxStoreSuite('D1', openD1Stores)
ledgerStoreSuite('D1', openD1Stores)
databaseSuite('D1', async () => ({
  db: await d1.open(),
  vault: testVault(),
  close: async () => undefined,
}))
