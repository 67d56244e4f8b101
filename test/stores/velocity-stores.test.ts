import { expect, onTestFinished, test } from 'vitest'
import { micros } from '../../src/domain/money.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { SqlVelocityStore } from '../../src/storage/sql/velocity-store.ts'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { velocitySuite } from './suites/velocity.ts'

velocitySuite('memory', async () => new MemoryVelocityStore())

async function openDatabase(): Promise<TestDatabase> {
  const db = await openTestDatabase()
  onTestFinished(() => db.close())
  return db
}

velocitySuite('libSQL', async () => new SqlVelocityStore({ db: await openDatabase() }))

const START = Date.UTC(2025, 2, 5, 22, 57, 31)
const DAY = 86_400_000

test('libSQL: after nine quiet days purges leave no row behind, each in bounded steps', async () => {
  const db = await openDatabase()
  const store = new SqlVelocityStore({ db })
  for (let request = 0; request < 20; request++) {
    const atMs = START + request * 61_000
    const subjects = { phone: `p${request}`, account: 'a' }
    await store.observe({ atMs, subjects, country: 'GB' })
    await store.record({ kind: 'sent', atMs, sentAtMs: atMs, subjects, price: micros(1) })
  }
  const rows = async (): Promise<number> => {
    const [row] = await db.driver.all({
      sql: 'SELECT (SELECT count(*) FROM velocity_buckets) + (SELECT count(*) FROM velocity_subjects) AS n',
      args: [],
    })
    return Number(row?.n)
  }
  const before = await rows()
  expect(await store.purge(START + 9 * DAY, 5)).toBeLessThanOrEqual(20)
  let purged = before - (await rows())
  expect(purged).toBeGreaterThan(0)
  for (let deleted = 1; deleted > 0; purged += deleted) {
    deleted = await store.purge(START + 9 * DAY, 5)
  }
  expect(await rows()).toBe(0)
  expect(purged).toBe(before)
})

test('libSQL: two stores on one database count together', async () => {
  const db = await openDatabase()
  const stores = [new SqlVelocityStore({ db }), new SqlVelocityStore({ db })]
  const told = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      stores[index % 2]?.observe({ atMs: START, subjects: { ip: 'i' }, country: 'GB' }),
    ),
  )
  const counts = told.map((velocity) => velocity?.ip?.asks_10m)
  expect(new Set(counts).size).toBe(20)
})

test('memory: fifty thousand numbers of a day are estimated within a third', async () => {
  const store = new MemoryVelocityStore()
  let told = 0
  for (let phone = 1; phone <= 50_000; phone++) {
    const subjects = { country: 'GB', phone: `p${phone}` }
    const velocity = store.observeNow({ atMs: START + phone, subjects, country: 'GB' })
    told = velocity.country?.phones_24h ?? 0
    if (phone > 64) expect(Math.abs(told / phone - 1)).toBeLessThan(1 / 3)
    else expect(told).toBe(phone)
  }
  expect(told).toBeGreaterThan(35_000)
})
