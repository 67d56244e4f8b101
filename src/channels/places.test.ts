import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { choose, openShares, type Places } from './places.ts'

const NO_MOST = { notice: 1_000, bulk: 1_000 }
const waitingOf = (otp: number, notice: number, bulk: number) => {
  const named = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${kind}${index}`)
  return { otp: named('otp', otp), notice: named('notice', notice), bulk: named('bulk', bulk) }
}
const kindsOf = (chosen: readonly string[]) => {
  const count = (kind: string) => chosen.filter((name) => name.startsWith(kind)).length
  return [count('otp'), count('notice'), count('bulk')]
}

test('while codes wait for every place a fifteenth is for notices and a thirtieth for bulk, however small the leases are', () => {
  for (const all of [1, 3, 64]) {
    const shares = openShares()
    const totals = [0, 0, 0]
    let leased = 0
    while (leased < 6_400) {
      const chosen = choose(waitingOf(99, 99, 99), shares(all, NO_MOST))
      kindsOf(chosen).forEach((count, index) => {
        totals[index] = (totals[index] ?? 0) + count
      })
      leased += chosen.length
    }
    const [otp = 0, notice = 0, bulk = 0] = totals
    expect(otp / leased).toBeGreaterThan(0.89)
    expect(notice / leased).toBeCloseTo(1 / 15, 2)
    expect(bulk / leased).toBeCloseTo(1 / 30, 2)
  }
})

test('a kind saves up no more than a few places while none of it waits', () => {
  const shares = openShares()
  for (let lease = 0; lease < 1_000; lease++) shares(64, NO_MOST)
  const { kept } = shares(64, NO_MOST)
  expect(kept.notice + kept.bulk).toBeLessThanOrEqual(8)
})

test('a choice fills all places that it may, never repeats a row, and never passes over a code for an unkept lower one', () => {
  const count = fc.nat({ max: 40 })
  const lower = fc.record({ notice: count, bulk: count })
  void fc.assert(
    fc.property(
      fc.tuple(count, count, count),
      fc.record({ all: count, most: lower, kept: lower }),
      ([otp, notice, bulk], places: Places) => {
        const chosen = choose(waitingOf(otp, notice, bulk), places)
        const [codes = 0, notices = 0, bulks = 0] = kindsOf(chosen)
        const { all, most, kept } = places
        const possible = otp + Math.min(notice, most.notice) + Math.min(bulk, most.bulk)
        expect(new Set(chosen).size).toBe(Math.min(all, possible))
        expect(notices).toBeLessThanOrEqual(most.notice)
        expect(bulks).toBeLessThanOrEqual(most.bulk)
        if (codes < otp) expect(notices + bulks).toBeLessThanOrEqual(kept.notice + kept.bulk)
      },
    ),
  )
})
