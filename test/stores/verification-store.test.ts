import { openSqlStores } from './open-stores.ts'
import { memoryStores } from './suites/stores.ts'
import { verificationStoreSuite } from './suites/verification-suite.ts'

verificationStoreSuite('a libSQL file', openSqlStores)
verificationStoreSuite('memory', memoryStores)
