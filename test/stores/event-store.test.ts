import { openFileDatabase } from './open-stores.ts'
import { eventSuite } from './suites/event-suite.ts'

eventSuite('a libSQL file', openFileDatabase)
