import { openSqlStores } from './open-stores.ts'
import { billingSuite } from './suites/billing-suite.ts'
import { budgetSuite } from './suites/budget-suite.ts'
import { ledgerStoreSuite } from './suites/ledger-suite.ts'
import { memoryStores } from './suites/stores.ts'

ledgerStoreSuite('a libSQL file', openSqlStores)
ledgerStoreSuite('memory', memoryStores)
billingSuite('a libSQL file', openSqlStores)
billingSuite('memory', memoryStores)
budgetSuite('a libSQL file', openSqlStores)
budgetSuite('memory', memoryStores)
