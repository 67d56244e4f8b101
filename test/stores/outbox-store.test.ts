import { openSqlStores } from './open-stores.ts'
import { leaseSuite } from './suites/lease-suite.ts'
import { outboxStoreSuite } from './suites/outbox-suite.ts'
import { memoryStores } from './suites/stores.ts'

outboxStoreSuite('a libSQL file', openSqlStores)
outboxStoreSuite('memory', memoryStores)
leaseSuite('a libSQL file', openSqlStores)
leaseSuite('memory', memoryStores)
