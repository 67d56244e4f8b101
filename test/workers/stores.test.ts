import { SqlCustomerStore } from '../../src/storage/sql/customer-store.ts'
import { SqlIdempotencyStore } from '../../src/storage/sql/idempotency-store.ts'
import { SqlListStore } from '../../src/storage/sql/list-store.ts'
import { SqlPaceStore } from '../../src/storage/sql/pace-store.ts'
import { SqlPartShelf } from '../../src/storage/sql/part-shelf.ts'
import { SqlRangeBlockStore } from '../../src/storage/sql/range-block-store.ts'
import { SqlReportStore } from '../../src/storage/sql/report-store.ts'
import { SqlScoreStore } from '../../src/storage/sql/score-store.ts'
import { SqlTenancyStore } from '../../src/storage/sql/tenancy-store.ts'
import { SqlVelocityStore } from '../../src/storage/sql/velocity-store.ts'
import { batchSuite } from '../stores/suites/batch-suite.ts'
import { billingSuite } from '../stores/suites/billing-suite.ts'
import { budgetSuite } from '../stores/suites/budget-suite.ts'
import { customerSuite } from '../stores/suites/customer-suite.ts'
import { databaseSuite } from '../stores/suites/database-suite.ts'
import { deadLetterSuite } from '../stores/suites/dead-letter-suite.ts'
import { eventSuite } from '../stores/suites/event-suite.ts'
import { idempotencySuite } from '../stores/suites/idempotency-suite.ts'
import { keptRangesIn } from '../stores/suites/kept-ranges.ts'
import { leaseSuite } from '../stores/suites/lease-suite.ts'
import { ledgerStoreSuite } from '../stores/suites/ledger-suite.ts'
import { listSuite } from '../stores/suites/list-suite.ts'
import { outboxStoreSuite } from '../stores/suites/outbox-suite.ts'
import { paceSuite } from '../stores/suites/pace-suite.ts'
import { partSuite } from '../stores/suites/part-suite.ts'
import { rangeBlockSuite } from '../stores/suites/range-block-suite.ts'
import { keptRangeWatchSuite, rangeWatchSuite } from '../stores/suites/range-watch-suite.ts'
import { reconcileSuite } from '../stores/suites/reconcile-suite.ts'
import { reportSuite } from '../stores/suites/report-suite.ts'
import { scoreSuite } from '../stores/suites/score-suite.ts'
import { statementSuite } from '../stores/suites/statement-suite.ts'
import { sqlStores } from '../stores/suites/stores.ts'
import { tenancySuite } from '../stores/suites/tenancy-suite.ts'
import { velocitySuite } from '../stores/suites/velocity.ts'
import { verificationStoreSuite } from '../stores/suites/verification-suite.ts'
import { openFreshD1, testVault } from './databases.ts'

const openD1Stores = async () => sqlStores(await openFreshD1(), testVault(), async () => undefined)

verificationStoreSuite('D1', openD1Stores)
ledgerStoreSuite('D1', openD1Stores)
outboxStoreSuite('D1', openD1Stores)
leaseSuite('D1', openD1Stores)
batchSuite('D1', openD1Stores, 5)
billingSuite('D1', openD1Stores)
budgetSuite('D1', openD1Stores)
statementSuite(
  'D1',
  async () => ({ db: await openFreshD1(), vault: testVault(), close: async () => undefined }),
  3,
)
deadLetterSuite('D1', openD1Stores)
paceSuite('D1', async () => {
  const { driver } = await openFreshD1()
  const stores = [1, 2, 3].map(() => new SqlPaceStore(driver))
  return { stores, close: async () => {} }
})
partSuite('D1', async () => {
  const { driver } = await openFreshD1()
  return { of: (providerId) => new SqlPartShelf(driver, providerId), close: async () => {} }
})
reconcileSuite('D1', async () => ({
  db: await openFreshD1(),
  vault: testVault(),
  close: async () => undefined,
}))
databaseSuite('D1', async () => ({
  db: await openFreshD1(),
  vault: testVault(),
  close: async () => undefined,
}))
eventSuite('D1', async () => ({
  db: await openFreshD1(),
  vault: testVault(),
  close: async () => undefined,
}))
tenancySuite('D1', async () => new SqlTenancyStore(await openFreshD1(), testVault()))
idempotencySuite('D1', async () => new SqlIdempotencyStore(await openFreshD1(), testVault()))
listSuite('D1', async () => new SqlListStore(await openFreshD1(), testVault()))
reportSuite('D1', async () => {
  const db = await openFreshD1()
  const vault = testVault()
  return { store: new SqlReportStore(db, vault), db, vault }
})
velocitySuite('D1', async () => new SqlVelocityStore({ db: await openFreshD1() }))
scoreSuite('D1', async () => new SqlScoreStore((await openFreshD1()).driver))
customerSuite('D1', async () => new SqlCustomerStore((await openFreshD1()).driver))
rangeBlockSuite('D1', async () => new SqlRangeBlockStore((await openFreshD1()).driver))
const openKept = async () => keptRangesIn(await openFreshD1(), testVault())
rangeWatchSuite('D1', { open: async () => (await openKept()).makeEmpty, runs: 10 })
keptRangeWatchSuite('D1', openKept)
