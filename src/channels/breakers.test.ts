import { expect, test } from 'vitest'
import { createBreakers } from './breakers.ts'

const LIMITS = { failuresMax: 3, coolMs: 1000, coolMaxMs: 3000 }

function tripped(atMs: number) {
  const breakers = createBreakers(LIMITS)
  for (let failure = 0; failure < LIMITS.failuresMax; failure++) breakers.record('p', 'bad', atMs)
  return breakers
}

test('failures in a row leave a provider out, and others are not touched', () => {
  const breakers = tripped(0)
  expect(breakers.admits('p', 999)).toBe(false)
  expect(breakers.admits('q', 999)).toBe(true)
})

test('one success between failures begins the count anew', () => {
  const breakers = createBreakers(LIMITS)
  for (const outcome of ['bad', 'bad', 'good', 'bad', 'bad'] as const)
    breakers.record('p', outcome, 0)
  expect(breakers.admits('p', 0)).toBe(true)
})

test('after the pause exactly one caller may try, until its trial is over or lost', () => {
  const breakers = tripped(0)
  expect([1000, 1000, 1999].map((nowMs) => breakers.admits('p', nowMs))).toEqual([
    true,
    false,
    false,
  ])
  expect(breakers.admits('p', 2000)).toBe(true)
})

test('a good trial opens the way, a bad one doubles the pause up to its maximum', () => {
  const breakers = tripped(0)
  breakers.admits('p', 1000)
  breakers.record('p', 'bad', 1000)
  expect([2999, 3000].map((nowMs) => breakers.admits('p', nowMs))).toEqual([false, true])
  breakers.record('p', 'bad', 3000)
  expect([5999, 6000].map((nowMs) => breakers.admits('p', nowMs))).toEqual([false, true])
  breakers.record('p', 'good', 6000)
  expect([6000, 6000].map((nowMs) => breakers.admits('p', nowMs))).toEqual([true, true])
})

test('messages that were on their way when the pause began do not lengthen it', () => {
  const breakers = tripped(0)
  for (let late = 0; late < 10; late++) breakers.record('p', 'bad', 500)
  expect(breakers.admits('p', 1000)).toBe(true)
})
