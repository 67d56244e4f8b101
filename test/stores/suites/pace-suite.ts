import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PaceStore } from '../../../src/channels/pace-store.ts'
import { paceOf } from '../../../src/channels/token-bucket.ts'
import { T0 } from './examples.ts'

type Opened = {
  /** One for each process, over one and the same database. */
  readonly stores: readonly PaceStore[]
  readonly close: () => Promise<void>
}

/** The shared rates of providers, in any store. */
export function paceSuite(name: string, open: () => Promise<Opened>): void {
  describe(`shared rates in ${name}`, () => {
    const withStores = async (claim: (stores: Opened['stores']) => Promise<void>) => {
      const { stores, close } = await open()
      await claim(stores).finally(close)
    }
    const nth = (stores: Opened['stores'], index: number): PaceStore => {
      const store = stores[index % stores.length]
      if (store === undefined) throw new Error('there is one at least')
      return store
    }

    test('however many processes draw at the same moment, a provider gets no more than its rate in any stretch of time', () =>
      withStores(async (stores) => {
        let provider = 0
        const moment = fc.record({
          afterMs: fc.integer({ min: 0, max: 300 }),
          counts: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
        })
        await fc.assert(
          fc.asyncProperty(
            fc.double({ min: 0.5, max: 200, noNaN: true }),
            fc.array(moment, { minLength: 1, maxLength: 8 }),
            async (rate, moments) => {
              const pace = paceOf(rate)
              const providerId = `p${provider++}`
              const taken: { readonly atMs: number; readonly count: number }[] = []
              let nowMs = T0
              for (const { afterMs, counts } of moments) {
                nowMs += afterMs
                const draws = counts.map((count, index) =>
                  nth(stores, index).draw({ providerId, pace, count, nowMs }),
                )
                for (const { count } of await Promise.all(draws)) taken.push({ atMs: nowMs, count })
              }
              taken.forEach(({ atMs: fromMs }, from) => {
                let sum = 0
                for (const { atMs, count } of taken.slice(from)) {
                  sum += count
                  const most = (rate * (atMs - fromMs)) / 1000 + pace.burst
                  expect(sum).toBeLessThanOrEqual(most + 1e-4)
                }
              })
            },
          ),
          { numRuns: 25 },
        )
      }))

    test('together they get all that the rate allows, and are told when there is more', () =>
      withStores(async (stores) => {
        const pace = paceOf(50)
        const draw = (index: number, count: number, nowMs: number) =>
          nth(stores, index).draw({ providerId: 'p', pace, count, nowMs })
        expect(await draw(0, 3, T0)).toEqual({ count: 3, fullAtMs: T0 + 60 })
        expect(await draw(1, 3, T0)).toEqual({ count: 2, fullAtMs: T0 + 100 })
        expect(await draw(0, 1, T0 + 19)).toEqual({ count: 0, fullAtMs: T0 + 100 })
        expect(await draw(1, 9, T0 + 40)).toEqual({ count: 2, fullAtMs: T0 + 140 })
        expect((await draw(0, 9, T0 + 10_000)).count).toBe(5)
      }))

    test('each provider has its own', () =>
      withStores(async (stores) => {
        const pace = paceOf(1)
        const draw = (providerId: string) =>
          nth(stores, 0).draw({ providerId, pace, count: 2, nowMs: T0 })
        expect((await draw('one')).count).toBe(1)
        expect((await draw('other')).count).toBe(1)
        expect((await draw('one')).count).toBe(0)
      }))

    test('a process whose clock is behind gets none of what another took in its future', () =>
      withStores(async (stores) => {
        const pace = paceOf(1)
        const draw = (nowMs: number) =>
          nth(stores, 0).draw({ providerId: 'p', pace, count: 1, nowMs })
        expect((await draw(T0 + 5_000)).count).toBe(1)
        expect(await draw(T0)).toEqual({ count: 0, fullAtMs: T0 + 6_000 })
        expect((await draw(T0 + 6_000)).count).toBe(1)
      }))
  })
}
