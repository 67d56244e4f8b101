import fc from 'fast-check'
import { expect, test } from 'vitest'
import { paceOf, takeToken, tokensAtMs, tokensThere } from './token-bucket.ts'

/** Takes whatever is there each time somebody asks. */
function takenAt(perSecond: number, waits: readonly number[]): readonly number[] {
  const pace = paceOf(perSecond)
  const taken: number[] = []
  let [nowMs, fullAtMs] = [1_000_000, 0]
  for (const waitMs of waits) {
    nowMs += waitMs
    if (tokensAtMs(pace, fullAtMs, { nowMs }) > nowMs) continue
    fullAtMs = takeToken(pace, fullAtMs, nowMs)
    taken.push(nowMs)
  }
  return taken
}

test('however it is asked, no stretch of time gets more than its rate and one burst', () => {
  const perSecond = fc.double({ min: 0.05, max: 2_000, noNaN: true })
  const waits = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.nat(5_000)), {
    minLength: 1,
    maxLength: 200,
  })
  fc.assert(
    fc.property(perSecond, waits, (rate, pauses) => {
      const taken = takenAt(rate, pauses)
      const { burst } = paceOf(rate)
      taken.forEach((fromMs, from) => {
        for (let to = from; to < taken.length; to++) {
          const seconds = ((taken[to] ?? 0) - fromMs) / 1000
          expect(to - from + 1).toBeLessThanOrEqual(rate * seconds + burst + 1e-6)
        }
      })
    }),
  )
})

test('who comes when they were told to finds a token, and not before', () => {
  const pace = paceOf(20)
  const nowMs = 5_000
  const emptyAt = takeToken(pace, takeToken(pace, 0, nowMs), nowMs)
  expect(tokensAtMs(pace, emptyAt, { nowMs })).toBe(5_050)
  expect(tokensAtMs(pace, emptyAt, { nowMs, count: 3 })).toBe(5_150)
  expect(tokensAtMs(pace, emptyAt, { nowMs: 5_049 })).toBe(5_050)
  expect(tokensAtMs(pace, emptyAt, { nowMs: 5_050 })).toBe(5_050)
  expect(
    [5_000, 5_049, 5_050, 5_099, 9_000].map((atMs) => tokensThere(pace, emptyAt, atMs)),
  ).toEqual([0, 0, 1, 1, 2])
})

test('a full rate is used: a second of asking every millisecond gets it all', () => {
  const everyMs = Array.from({ length: 10_000 }, () => 1)
  expect(takenAt(100, everyMs).length).toBe(1_009)
  expect(takenAt(3, everyMs).length).toBe(30)
})
