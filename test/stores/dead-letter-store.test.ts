import { openSqlStores } from './open-stores.ts'
import { deadLetterSuite } from './suites/dead-letter-suite.ts'
import { memoryStores } from './suites/stores.ts'

deadLetterSuite('a libSQL file', openSqlStores)
deadLetterSuite('memory', memoryStores)
