import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AccountId, PackageId } from '../domain/ids.ts'
import { currency, type Micros, micros, plus, times, ZERO } from '../domain/money.ts'
import type { Tier } from '../domain/rate.ts'
import {
  type MonthLine,
  type MonthReading,
  monthCharged,
  monthCost,
  monthOf,
  priceAt,
  reratingOf,
} from './months.ts'
import { type Package, type PackageLeft, splitSegments } from './packages.ts'

const AT_MS = Date.UTC(2026, 6, 1)
const accountId = `AC${'a'.repeat(32)}` as AccountId
const key = { accountId, currency: currency('USD'), month: '2026-07', meter: 'sms:CN:otp' }

const TIERS: readonly Tier[] = [
  { fromSegments: 0, price: micros(45_000) },
  { fromSegments: 100, price: micros(40_000) },
  { fromSegments: 1000, price: micros(35_000) },
]

/** Any table: tiers rise, prices fall. */
const anyTiers: fc.Arbitrary<readonly Tier[]> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 900 })), {
    maxLength: 4,
  })
  .map((steps) => {
    let fromSegments = 0
    let price = 50_000
    const tiers = [{ fromSegments, price: micros(price) }]
    for (const [width, discount] of steps) {
      fromSegments += width
      price -= discount
      tiers.push({ fromSegments, price: micros(price) })
    }
    return tiers
  })

test('a month is the one in which a send was made, in UTC', () => {
  expect(monthOf(AT_MS)).toBe('2026-07')
  expect(monthOf(AT_MS - 1)).toBe('2026-06')
})

test('the price is that of the highest tier that is reached', () => {
  const prices = [0, 99, 100, 999, 1000, 1_000_000].map((segments) => priceAt(TIERS, segments))
  expect(prices).toEqual([45_000, 45_000, 40_000, 40_000, 35_000, 35_000])
})

test('crossing a tier re-rates the whole month, and what was charged too much goes back', () => {
  const reading: MonthReading = {
    key,
    lines: [{ tiers: TIERS, segments: 100, settled: micros(99 * 45_000 + 40_000) }],
    adjustments: 0,
    adjusted: ZERO,
  }
  expect(monthCost(reading.lines)).toBe(100 * 40_000)
  expect(reratingOf(reading, AT_MS)).toMatchObject({
    key: `rerate:${accountId}:USD:2026-07:sms:CN:otp:0`,
    entries: [
      { account: `revenue:${accountId}`, amount: -99 * 5_000 },
      { account: `prepaid:${accountId}`, amount: 99 * 5_000 },
    ],
  })
  const adjusted = { ...reading, adjustments: 1, adjusted: micros(99 * 5_000) }
  expect(reratingOf(adjusted, AT_MS)).toBeUndefined()
})

test('where the list changed within the month, each stretch has its own table and both have the volume of the whole', () => {
  const cheaper = TIERS.map((tier) => ({ ...tier, price: micros(tier.price - 1_000) }))
  const lines: readonly MonthLine[] = [
    { tiers: TIERS, segments: 60, settled: micros(60 * 45_000) },
    { tiers: cheaper, segments: 50, settled: micros(50 * 44_000) },
  ]
  expect(monthCost(lines)).toBe(60 * 40_000 + 50 * 39_000)
})

/** A month as a server lives through it: sends settle at the tier known so far, and now and then the month is re-rated. */
type Step = { readonly segments: number } | 'rerate'

function live(tiers: readonly Tier[], steps: readonly Step[]): MonthReading {
  let reading: MonthReading = { key, lines: [], adjustments: 0, adjusted: ZERO }
  let known = 0
  for (const step of [...steps, 'rerate' as const]) {
    const [line = { tiers, segments: 0, settled: ZERO }] = reading.lines
    if (step === 'rerate') {
      known = line.segments
      const given = reratingOf(reading, AT_MS)?.entries[1]?.amount
      if (given === undefined) continue
      const { adjustments, adjusted } = reading
      reading = { ...reading, adjustments: adjustments + 1, adjusted: plus(adjusted, given) }
      continue
    }
    const price = times(priceAt(tiers, known), step.segments)
    const segments = line.segments + step.segments
    reading = { ...reading, lines: [{ tiers, segments, settled: plus(line.settled, price) }] }
  }
  return reading
}

const anySteps = fc.array(
  fc.oneof(fc.record({ segments: fc.integer({ min: 1, max: 12 }) }), fc.constant<Step>('rerate')),
  { maxLength: 60 },
)

test('re-rated in any order and however often, a month costs the same', () => {
  void fc.assert(
    fc.property(anyTiers, anySteps, fc.infiniteStream(fc.nat()), (tiers, steps, chance) => {
      const cost = monthCost(live(tiers, steps).lines)
      expect(monthCharged(live(tiers, steps))).toBe(cost)
      const shuffled = steps
        .map((step) => ({ step, at: chance.next().value ?? 0 }))
        .sort((left, right) => left.at - right.at)
        .map(({ step }) => step)
      expect(monthCharged(live(tiers, shuffled))).toBe(cost)
      expect(
        monthCharged(
          live(
            tiers,
            steps.filter((step) => step !== 'rerate'),
          ),
        ),
      ).toBe(cost)
    }),
  )
})

test('money only ever goes back by re-rating', () => {
  void fc.assert(
    fc.property(anyTiers, anySteps, (tiers, steps) => {
      let before: Micros = ZERO
      steps.forEach((_, index) => {
        const { adjusted } = live(tiers, steps.slice(0, index + 1))
        expect(adjusted).toBeGreaterThanOrEqual(before)
        before = adjusted
      })
    }),
    { numRuns: 30 },
  )
})

const anyPackages: fc.Arbitrary<readonly PackageLeft[]> = fc
  .array(fc.tuple(fc.nat(9), fc.nat(3), fc.nat(3)), { maxLength: 5 })
  .map((made) =>
    made.map(([left, expiresAtMs, grantedAtMs], index) => ({
      left,
      package: { id: `PK${index}` as PackageId, expiresAtMs, grantedAtMs } as Package,
    })),
  )

const without = (packages: readonly PackageLeft[], taken: ReturnType<typeof splitSegments>) =>
  packages.map((one) => {
    const part = taken.parts.find(({ packageId }) => packageId === one.package.id)
    return { ...one, left: one.left - (part?.segments ?? 0) }
  })

test('splitting a batch changes neither its price nor what its packages pay', () => {
  const anySizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 10 })
  void fc.assert(
    fc.property(anyTiers, anyPackages, anySizes, (tiers, packages, sizes) => {
      const whole = sizes.reduce((sum, size) => sum + size, 0)
      const atOnce = splitSegments(whole, packages)
      let left = packages
      let paid = 0
      for (const size of sizes) {
        const part = splitSegments(size, left)
        left = without(left, part)
        paid += part.rest
      }
      expect(paid).toBe(atOnce.rest)
      expect(left).toEqual(without(packages, atOnce))
      const cost = (rests: readonly number[]) =>
        monthCharged(
          live(
            tiers,
            rests.map((segments) => ({ segments })),
          ),
        )
      expect(cost([paid])).toBe(cost([atOnce.rest]))
      expect(cost(sizes)).toBe(cost([whole]))
    }),
  )
})

test('no package is ever taken below nothing, and nothing is paid twice', () => {
  void fc.assert(
    fc.property(anyPackages, fc.nat(60), (packages, segments) => {
      const split = splitSegments(segments, packages)
      const taken = split.parts.reduce((sum, part) => sum + part.segments, 0)
      expect(taken + split.rest).toBe(segments)
      for (const { left } of without(packages, split)) expect(left).toBeGreaterThanOrEqual(0)
      const all = packages.reduce((sum, { left }) => sum + left, 0)
      expect(split.rest).toBe(Math.max(0, segments - all))
    }),
  )
})
