import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nextTryAtMs, TRIED_FOR_MS } from './schedule.ts'

const HOUR = 3_600_000
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

/** When a receiver that is always down is tried, counted from the event. */
function triesOf(chances: readonly number[]): readonly number[] {
  const at = [0]
  for (const [index, each] of chances.entries()) {
    const nowMs = at.at(-1) ?? 0
    const next = nextTryAtMs({ tries: index + 1, nowMs, giveUpAtMs: TRIED_FOR_MS, chance: each })
    if (next === undefined) break
    at.push(next)
  }
  return at
}

test('a receiver that stays down is tried 11 to 14 times over most of a day, and not after it', () => {
  fc.assert(
    fc.property(fc.array(chance, { minLength: 30, maxLength: 30 }), (chances) => {
      const at = triesOf(chances)
      expect(at.length).toBeGreaterThanOrEqual(11)
      expect(at.length).toBeLessThanOrEqual(14)
      expect(at.at(-1)).toBeLessThan(TRIED_FOR_MS)
      expect(at.at(-1)).toBeGreaterThan(19 * HOUR)
    }),
  )
})

test('the first delays are 5 s, 20 s, 80 s, give or take a fifth', () => {
  fc.assert(
    fc.property(fc.array(chance, { minLength: 3, maxLength: 3 }), (chances) => {
      const at = triesOf(chances)
      for (const [index, ideal] of [5_000, 20_000, 80_000].entries()) {
        const delay = (at[index + 1] ?? 0) - (at[index] ?? 0)
        expect(Math.abs(delay - ideal)).toBeLessThanOrEqual(ideal / 5 + 1)
      }
    }),
  )
})

test('a receiver that asks for time gets it, but not more than four hours at once', () => {
  const asked = { tries: 1, nowMs: 0, giveUpAtMs: TRIED_FOR_MS, chance: 0 }
  expect(nextTryAtMs({ ...asked, notBeforeMs: 600_000 })).toBe(600_000)
  expect(nextTryAtMs({ ...asked, notBeforeMs: 1 })).toBe(4_000)
  expect(nextTryAtMs({ ...asked, notBeforeMs: 900 * HOUR })).toBe(4 * HOUR)
})
