import { onTestFinished } from 'vitest'
import { MemoryRangeWatch } from '../../src/risk/ranges/memory-watch.ts'
import { openTestDatabase, testVault } from '../support/databases.ts'
import { keptRangesIn } from './suites/kept-ranges.ts'
import { keptRangeWatchSuite, rangeWatchSuite } from './suites/range-watch-suite.ts'

async function openKept() {
  const db = await openTestDatabase()
  onTestFinished(() => db.close())
  return keptRangesIn(db, testVault())
}

rangeWatchSuite('memory', { open: async () => async () => new MemoryRangeWatch(), runs: 50 })
rangeWatchSuite('libSQL', { open: async () => (await openKept()).makeEmpty, runs: 30 })
keptRangeWatchSuite('libSQL', openKept)
