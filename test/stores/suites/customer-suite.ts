import { expect, test } from 'vitest'
import type { CustomerStore } from '../../../src/risk/customers.ts'

const DAY = 86_400_000
const NOON = Date.UTC(2026, 0, 5, 12)

/** What every store of customers promises. */
export function customerSuite(name: string, make: () => Promise<CustomerStore>): void {
  test(`${name}: a number that never verified is nobody`, async () => {
    const store = await make()
    await store.learn('AC1:other', NOON)
    expect(await store.find('AC1:one')).toBeUndefined()
  })

  test(`${name}: a customer is one since the first code, however many follow`, async () => {
    const store = await make()
    for (const day of [0, 2, 5]) await store.learn('AC1:one', NOON + day * DAY)
    expect(await store.find('AC1:one')).toMatchObject({ sinceMs: NOON, codes: 3 })
  })

  test(`${name}: of codes at the same moment each counts`, async () => {
    const store = await make()
    await Promise.all(Array.from({ length: 20 }, () => store.learn('AC1:one', NOON)))
    expect(await store.find('AC1:one')).toMatchObject({ sinceMs: NOON, codes: 20 })
  })

  test(`${name}: those not seen since a day are forgotten, in bounded steps; the others stay`, async () => {
    const store = await make()
    for (let index = 0; index < 7; index++) await store.learn(`AC1:${index}`, NOON + index)
    await store.learn('AC1:0', NOON + 10 * DAY)
    await store.learn('AC1:late', NOON + DAY)
    expect(await store.purge(NOON, 100)).toBe(0)
    expect(await store.purge(NOON + DAY, 4)).toBe(4)
    expect(await store.purge(NOON + DAY, 4)).toBe(2)
    expect(await store.purge(NOON + DAY, 4)).toBe(0)
    expect(await store.find('AC1:3')).toBeUndefined()
    expect(await store.find('AC1:late')).toMatchObject({ codes: 1 })
    expect(await store.find('AC1:0')).toMatchObject({ sinceMs: NOON, codes: 2 })
  })
}
