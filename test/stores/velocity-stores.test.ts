import { onTestFinished } from 'vitest'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { SqlVelocityStore } from '../../src/storage/sql/velocity-store.ts'
import { openTestDatabase } from '../support/databases.ts'
import { velocitySuite } from './suites/velocity.ts'

velocitySuite('memory', async () => new MemoryVelocityStore())

velocitySuite('libSQL', async () => {
  const db = await openTestDatabase()
  onTestFinished(() => db.close())
  return new SqlVelocityStore({ db })
})
