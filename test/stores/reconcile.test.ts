import { openFileDatabase } from './open-stores.ts'
import { reconcileSuite } from './suites/reconcile-suite.ts'

reconcileSuite('a libSQL file', openFileDatabase)
