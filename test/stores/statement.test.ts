import { openFileDatabase } from './open-stores.ts'
import { statementSuite } from './suites/statement-suite.ts'

statementSuite('a libSQL file', openFileDatabase)
