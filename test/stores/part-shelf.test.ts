import { expect, test } from 'vitest'
import { MemoryPartShelf } from '../../src/storage/memory/part-shelf.ts'
import { SqlPartShelf } from '../../src/storage/sql/part-shelf.ts'
import { sweepExpired } from '../../src/storage/sql/sweep.ts'
import { openFileDatabase } from './open-stores.ts'
import { DAY, T0 } from './suites/examples.ts'
import { partSuite } from './suites/part-suite.ts'

partSuite('a libSQL file', async () => {
  const { db, close } = await openFileDatabase()
  return { of: (providerId) => new SqlPartShelf(db.driver, providerId), close }
})

partSuite('memory', async () => {
  const shelves = new Map<string, MemoryPartShelf>()
  const of = (providerId: string) => {
    const shelf = shelves.get(providerId) ?? new MemoryPartShelf()
    shelves.set(providerId, shelf)
    return shelf
  }
  return { of, close: async () => {} }
})

test('parts go after a week', async () => {
  const { db, close } = await openFileDatabase()
  const shelf = new SqlPartShelf(db.driver, 'operator')
  await shelf.keep(['A', 'B'], T0)
  await sweepExpired(db.driver, T0 + 7 * DAY - 1)
  expect(await shelf.tell('A', false)).toBeDefined()
  await sweepExpired(db.driver, T0 + 7 * DAY)
  expect(await shelf.tell('A', false)).toBeUndefined()
  await close()
})
