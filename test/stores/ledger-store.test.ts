import { openSqlStores } from './open-stores.ts'
import { ledgerStoreSuite } from './suites/ledger-suite.ts'
import { memoryStores } from './suites/stores.ts'

ledgerStoreSuite('a libSQL file', openSqlStores)
ledgerStoreSuite('memory', memoryStores)
