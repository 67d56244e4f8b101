import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededDice } from '../platform/virtual.ts'
import { drawShare } from './beta.ts'
import { type Candidate, orderOf, rank } from './rank.ts'
import { createRouteHealth, type RoutePlace } from './route-health.ts'

const OPTIONS = { tolerance: 0.03, explore: 0.05 }
const sure = (mean: number) => ({ mean, weight: 1_000 })
const candidate = (providerId: string, change: Partial<Candidate> = {}): Candidate => ({
  providerId,
  position: 0,
  costMicros: 10_000,
  view: {
    accepted: sure(0.99),
    delivered: sure(0.97),
    converted: sure(1),
    answerMs: undefined,
    arrivalMs: undefined,
  },
  isPaused: false,
  wasUsed: false,
  ratePerSecond: undefined,
  roomAtMs: 0,
  ...change,
})
const delivering = (mean: number, weight = 1_000) => ({
  ...candidate('').view,
  delivered: { mean, weight },
})
const idsOf = (candidates: readonly Candidate[]) =>
  rank(candidates, OPTIONS).map(({ providerId }) => providerId)

function chance(seed: number): () => number {
  const dice = seededDice(seed)
  return () => (dice.bytes(4).reduce((sum, byte) => sum * 256 + byte, 0) + 0.5) / 2 ** 32
}

test('the cheapest of those that carry as well as the best comes first', () => {
  const dear = candidate('dear', { costMicros: 20_000, view: delivering(0.98) })
  const cheap = candidate('cheap', { view: delivering(0.965) })
  expect(idsOf([dear, cheap])).toEqual(['cheap', 'dear'])
})

test('one that is known to lose messages waits behind dearer ones', () => {
  const dear = candidate('dear', { costMicros: 20_000 })
  const lossy = candidate('lossy', { costMicros: 1_000, view: delivering(0.6) })
  expect(idsOf([lossy, dear])).toEqual(['dear', 'lossy'])
  expect(rank([lossy, dear], OPTIONS)[1]?.verdict).toBe('worse')
})

test('a few lost messages prove nothing yet', () => {
  const dear = candidate('dear', { costMicros: 20_000 })
  const unlucky = candidate('unlucky', { view: delivering(0.88, 20) })
  expect(idsOf([unlucky, dear])).toEqual(['unlucky', 'dear'])
})

test('who carried the last message of a person who asks again comes after the others, who is paused comes last', () => {
  const used = candidate('used', { costMicros: 1, wasUsed: true })
  const paused = candidate('paused', { costMicros: 0, isPaused: true })
  const lossy = candidate('lossy', { costMicros: 90_000, view: delivering(0.5) })
  expect(idsOf([paused, used, lossy])).toEqual(['lossy', 'used', 'paused'])
})

test('equal costs go by quality, then by speed, then by the operator’s order', () => {
  const better = candidate('better', { position: 2, view: delivering(0.99) })
  const slow = candidate('slow', {
    position: 0,
    view: { ...candidate('').view, arrivalMs: 9_000 },
  })
  const quick = candidate('quick', {
    position: 1,
    view: { ...candidate('').view, arrivalMs: 3_000 },
  })
  const second = candidate('second', {
    position: 3,
    view: { ...candidate('').view, arrivalMs: 3_100 },
  })
  expect(idsOf([slow, second, better, quick])).toEqual(['better', 'quick', 'second', 'slow'])
})

test('only the stated share of messages tries somebody else, and a resend never does', () => {
  const ranked = rank([candidate('cheap'), candidate('dear', { costMicros: 10_100 })], OPTIONS)
  const unit = chance(1)
  const runs = 20_000
  const others = Array.from({ length: runs }, () => orderOf(ranked, OPTIONS, unit)).filter(
    ([first]) => first?.providerId === 'dear',
  ).length
  expect(others / runs).toBeGreaterThan(0.005)
  expect(others / runs).toBeLessThan(OPTIONS.explore)
  const resend = rank([candidate('a'), candidate('b', { wasUsed: true })], OPTIONS)
  const all = { ...OPTIONS, explore: 1 }
  expect(orderOf(resend, all, unit)).toBe(resend)
})

test('everybody keeps a place in the order, whatever is drawn', () => {
  const drawn = fc.array(
    fc.record({
      costMicros: fc.nat(100_000),
      mean: fc.double({ min: 0, max: 1, noNaN: true }),
      weight: fc.double({ min: 0.5, max: 1_000, noNaN: true }),
      isPaused: fc.boolean(),
      wasUsed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  )
  fc.assert(
    fc.property(drawn, fc.nat(1_000), (providers, seed) => {
      const candidates = providers.map(({ mean, weight, ...rest }, position) =>
        candidate(`p${position}`, { ...rest, position, view: delivering(mean, weight) }),
      )
      const order = orderOf(rank(candidates, OPTIONS), { ...OPTIONS, explore: 0.5 }, chance(seed))
      expect(order.map(({ providerId }) => providerId).toSorted()).toEqual(
        candidates.map(({ providerId }) => providerId),
      )
    }),
  )
})

test('draws have the mean and the spread of the Beta distribution that they stand for', () => {
  for (const estimate of [
    { mean: 0.9, weight: 30 },
    { mean: 0.2, weight: 1.5 },
  ]) {
    const unit = chance(7)
    const draws = Array.from({ length: 20_000 }, () => drawShare(estimate, unit))
    const mean = draws.reduce((sum, each) => sum + each, 0) / draws.length
    const variance = draws.reduce((sum, each) => sum + (each - mean) ** 2, 0) / draws.length
    const exact = (estimate.mean * (1 - estimate.mean)) / (estimate.weight + 1)
    expect(mean).toBeCloseTo(estimate.mean, 2)
    expect(variance / exact).toBeCloseTo(1, 1)
  }
})

const PLACE: RoutePlace = { providerId: 'p', channel: 'sms', country: 'GB', carrier: 'Example' }

test('a provider that fails at a place is worse there, a little worse nearby, and as good as ever elsewhere', () => {
  const health = createRouteHealth()
  for (let index = 0; index < 50; index++) {
    health.noteDelivery(PLACE, { hasArrived: false, tookMs: undefined }, 0)
    health.noteDelivery({ ...PLACE, country: 'FR' }, { hasArrived: true, tookMs: 4_000 }, 0)
  }
  const at = (change: Partial<RoutePlace>) => health.view({ ...PLACE, ...change }, 0).delivered.mean
  expect(at({})).toBeLessThan(0.15)
  expect(at({ carrier: 'Other' })).toBeLessThan(0.4)
  expect(at({ country: 'FR', carrier: undefined })).toBeGreaterThan(0.8)
  expect(at({ providerId: 'other' })).toBe(0.95)
  expect(health.view({ ...PLACE, country: 'FR' }, 0).arrivalMs).toBe(4_000)
})

test('what was bad is forgotten by half in every half-life', () => {
  const halfLifeMs = 1_000
  const health = createRouteHealth({ halfLifeMs, placesMax: 10 })
  for (let index = 0; index < 200; index++) {
    health.noteAnswer(PLACE, { isGood: false, tookMs: 5 }, 0)
  }
  const means = [0, 2, 4, 8].map((lives) => health.view(PLACE, lives * halfLifeMs).accepted.mean)
  expect(means).toEqual(means.toSorted((one, other) => one - other))
  expect(means[0]).toBeLessThan(0.05)
  expect(means.at(-1)).toBeGreaterThan(0.8)
})

test('codes that people do not type are held against a provider only where others’ are typed', () => {
  const silent = createRouteHealth()
  for (let index = 0; index < 300; index++) {
    silent.noteCode(PLACE, index % 5 === 0, 0)
    silent.noteCode({ ...PLACE, providerId: 'q' }, index % 5 === 0, 0)
  }
  expect(silent.view(PLACE, 0).converted.mean).toBeGreaterThan(0.9)
  for (let index = 0; index < 300; index++) {
    silent.noteCode({ ...PLACE, providerId: 'q' }, index % 5 !== 0, 0)
  }
  expect(silent.view(PLACE, 0).converted.mean).toBeLessThan(0.6)
  expect(silent.view({ ...PLACE, providerId: 'q' }, 0).converted.mean).toBe(1)
})

test('no more places are held than allowed', () => {
  const health = createRouteHealth({ halfLifeMs: 1_000, placesMax: 6 })
  for (let index = 0; index < 100; index++) {
    const place = { ...PLACE, providerId: `p${index}` }
    health.noteDelivery(place, { hasArrived: false, tookMs: undefined }, 0)
  }
  expect(health.view({ ...PLACE, providerId: 'p0' }, 0).delivered.mean).toBe(0.95)
  expect(health.view({ ...PLACE, providerId: 'p99' }, 0).delivered.mean).toBeLessThan(0.95)
})

test('a provider that has all the traffic is measured by the day before, and not by itself alone', () => {
  const health = createRouteHealth()
  const HOUR_MS = 3_600_000
  for (let minute = 0; minute < 600; minute++) {
    health.noteCode(PLACE, minute % 10 !== 0, minute * 60_000)
  }
  expect(health.view(PLACE, 10 * HOUR_MS).converted.mean).toBeGreaterThan(0.97)
  for (let minute = 600; minute < 620; minute++) {
    health.noteCode(PLACE, false, minute * 60_000)
  }
  const view = health.view(PLACE, 620 * 60_000)
  expect(view.converted.mean).toBeLessThan(0.7)
  expect(
    rank([candidate('p', { view }), candidate('dear', { costMicros: 20_000 })], OPTIONS),
  ).toMatchObject([{ providerId: 'dear' }, { providerId: 'p', verdict: 'worse' }])
})

test('silence counts as loss only with a provider that ordinarily tells', () => {
  const health = createRouteHealth()
  const mute = { ...PLACE, providerId: 'mute' }
  const end = (place: RoutePlace, isTold: boolean, isTyped = true) =>
    health.noteTold(place, { isTold, isTyped }, 0)
  for (let index = 0; index < 100; index++) {
    end(mute, false, false)
    health.noteDelivery(PLACE, { hasArrived: true, tookMs: undefined }, 0)
    end(PLACE, true)
  }
  expect(health.view(mute, 0).delivered.mean).toBe(0.95)
  const before = health.view(PLACE, 0).delivered.mean
  end(PLACE, false, true)
  expect(health.view(PLACE, 0).delivered.mean).toBeGreaterThanOrEqual(before)
  for (let index = 0; index < 30; index++) end(PLACE, false, false)
  expect(health.view(PLACE, 0).delivered.mean).toBeLessThan(0.85)
})

test('a busy route changes its mind after as many messages as one that was less busy', () => {
  const health = createRouteHealth()
  for (let index = 0; index < 10_000; index++) {
    health.noteDelivery(PLACE, { hasArrived: true, tookMs: undefined }, 0)
  }
  for (let index = 0; index < 40; index++) {
    health.noteDelivery(PLACE, { hasArrived: false, tookMs: undefined }, 0)
  }
  expect(health.view(PLACE, 0).delivered.mean).toBeLessThan(0.9)
})
