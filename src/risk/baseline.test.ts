import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  accountBaseline,
  answeredRatio,
  shareLift,
  surplusShare,
  trafficBaseline,
  unverifiedExcess,
  unverifiedShare,
  usualHour,
} from './baseline.ts'
import { TALLY_FIELDS, type Tally } from './velocity.ts'

const tally = (fields: Partial<Tally>): Tally => ({
  ...(Object.fromEntries(TALLY_FIELDS.map((field) => [field, 0])) as Tally),
  ...fields,
})
const count = fc.nat({ max: 100_000 })
const usual = fc.double({ min: 0.02, max: 0.95, noNaN: true })

test('an account without a past is taken to leave three codes in ten unanswered', () => {
  expect(trafficBaseline({}).usualUnverified).toBe(0.3)
  expect(trafficBaseline({ account: tally({}) }).usualUnverified).toBeCloseTo(0.3)
})

test('an account with a past is measured by its own', () => {
  const account = tally({ unverified_7d: 6000, verified_7d: 4000 })
  expect(trafficBaseline({ account }).usualUnverified).toBeCloseTo(0.6, 2)
})

test('an attack on a country does not become the usual by its own numbers', () => {
  const account = tally({ unverified_7d: 5300, verified_7d: 700, unverified_24h: 5050 })
  const country = tally({ unverified_24h: 5000 })
  expect(trafficBaseline({ account, country }).usualUnverified).toBeCloseTo(0.3, 2)
  expect(accountBaseline({ account, country }).usualUnverified).toBeLessThan(0.35)
})

test('the surplus is the part of the traffic that an attacker added', () => {
  const honest = { unverified: 300, verified: 700 }
  expect(surplusShare(honest.unverified + 1000, honest.verified, 0.3)).toBeCloseTo(0.5, 1)
  expect(surplusShare(honest.unverified, honest.verified, 0.3)).toBeCloseTo(0, 2)
})

test('one more unverified send never makes share, surplus or excess smaller', () => {
  fc.assert(
    fc.property(count, count, usual, (unverified, verified, share) => {
      for (const measure of [unverifiedShare, surplusShare, unverifiedExcess])
        expect(measure(unverified + 1, verified, share)).toBeGreaterThanOrEqual(
          measure(unverified, verified, share),
        )
    }),
  )
})

test('every measure is a number, and the shares lie between 0 and 1', () => {
  fc.assert(
    fc.property(count, count, usual, (unverified, verified, share) => {
      for (const measure of [unverifiedShare, surplusShare]) {
        expect(measure(unverified, verified, share)).toBeGreaterThanOrEqual(0)
        expect(measure(unverified, verified, share)).toBeLessThanOrEqual(1)
      }
      expect(unverifiedExcess(unverified, verified, share)).not.toBeNaN()
      expect(answeredRatio(verified, unverified + verified, share)).toBeGreaterThan(0)
    }),
  )
})

test('nothing sent is as good as usual, and silence grows with the sends', () => {
  expect(answeredRatio(0, 0, 0.3)).toBe(1)
  expect(answeredRatio(7, 10, 0.3)).toBeCloseTo(1)
  expect(answeredRatio(0, 40, 0.3)).toBeLessThan(0.1)
})

test('an ordinary hour is that of the past days, or of yesterday where it was busier', () => {
  expect(usualHour(tally({ sends_7d: 1440 + 24, sends_24h: 24, sends_1h: 1 }))).toBe(10)
  expect(usualHour(tally({ sends_7d: 460, sends_24h: 460 }))).toBe(20)
})

test('a subject without a past in an account without a past has no lift', () => {
  expect(shareLift(tally({ asks_1h: 9 }), tally({ asks_1h: 9 }))).toBe(1)
  const account = tally({ asks_1h: 99, sends_7d: 9999 })
  expect(shareLift(tally({ asks_1h: 9 }), account)).toBeCloseTo(1000)
})
