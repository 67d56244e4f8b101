import { MemoryScoreStore } from '../../src/storage/memory/score-store.ts'
import { SqlScoreStore } from '../../src/storage/sql/score-store.ts'
import { openTestDatabase } from '../support/databases.ts'
import { scoreSuite } from './suites/score-suite.ts'

scoreSuite('memory', async () => new MemoryScoreStore())
scoreSuite('a libSQL file', async () => new SqlScoreStore((await openTestDatabase()).driver))
