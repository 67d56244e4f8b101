import { openSqlStores } from './open-stores.ts'
import { batchSuite } from './suites/batch-suite.ts'

batchSuite('a libSQL file', openSqlStores, 40)
