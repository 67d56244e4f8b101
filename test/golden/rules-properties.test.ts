import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SubjectKind } from '../../src/domain/subjects.ts'
import { type Case, type Counts, decisionOf, defaultRules } from './rule-requests.ts'

const rules = defaultRules()
const SEVERITY = { allow: 0, challenge: 1, block: 2 }
const SUBJECTS: readonly SubjectKind[] = [
  'phone',
  'phone_any',
  'ip',
  'net',
  'device',
  'client',
  'asn',
  'range2',
  'range3',
  'range4',
  'carrier',
  'country',
  'account',
]

/** One subject's past in which no window contradicts another. */
const past = fc
  .record({
    hour: fc.nat(60),
    day: fc.nat(100),
    week: fc.nat(600),
    answered: fc.double({ min: 0, max: 0.6, noNaN: true }),
    silent: fc.double({ min: 0, max: 0.3, noNaN: true }),
  })
  .map(({ hour, day, week, answered, silent }) => {
    const sends = { sends_1h: hour, sends_24h: hour + day, sends_7d: hour + day + week }
    const part = (share: number, count: number) => Math.floor(share * count)
    return {
      ...sends,
      asks_10m: Math.ceil(hour / 3) + 1,
      asks_1h: hour + 1,
      asks_24h: hour + day + 1,
      verified_1h: part(answered, hour),
      verified_24h: part(answered, hour + day),
      verified_7d: part(answered, hour + day + week),
      unverified_1h: part(silent, hour),
      unverified_24h: part(silent, hour + day),
      unverified_7d: part(silent, hour + day + week),
      phones_24h: hour + day,
      ips_24h: hour,
    }
  })

/** As many sends as before, of which `more` that were still waiting turned out unanswered, for every subject of the request. */
function withUnanswered(counts: Counts, more: number): Counts {
  const changed = Object.entries(counts).map(([kind, tally]) => [
    kind,
    {
      ...tally,
      unverified_1h: (tally.unverified_1h ?? 0) + more,
      unverified_24h: (tally.unverified_24h ?? 0) + more,
      unverified_7d: (tally.unverified_7d ?? 0) + more,
    },
  ])
  return Object.fromEntries(changed) as Counts
}

test('more unanswered codes never make an outcome milder', () => {
  const counts = fc.record(Object.fromEntries(SUBJECTS.map((kind) => [kind, past])))
  const where = fc.constantFrom<Case>(
    {},
    { phone: { country: 'PK' } },
    { network: { hosting: true } },
    { network: { country: 'US' } },
  )
  fc.assert(
    fc.property(counts, where, fc.nat(80), (given, place, more) => {
      const before = decisionOf(rules, { ...place, counts: given as Counts })
      const after = decisionOf(rules, { ...place, counts: withUnanswered(given as Counts, more) })
      expect(SEVERITY[after.outcome]).toBeGreaterThanOrEqual(SEVERITY[before.outcome])
    }),
    { numRuns: 2000 },
  )
})

test('counts alone never block an account whose codes all come back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(3000), (hour, week) => {
      const all = {
        asks_10m: hour,
        asks_1h: hour,
        asks_24h: hour,
        sends_1h: hour,
        sends_24h: hour,
        sends_7d: hour + week,
        verified_1h: hour,
        verified_24h: hour,
        verified_7d: hour + week,
        phones_24h: hour,
        ips_24h: hour,
      }
      const counts = Object.fromEntries(SUBJECTS.map((kind) => [kind, all])) as Counts
      expect(decisionOf(rules, { counts }).outcome).not.toBe('block')
    }),
  )
})

test('rules in shadow never change the outcome', () => {
  const shadowed = {
    ...rules,
    rules: rules.rules.map((rule) => ({ ...rule, hit: { ...rule.hit, mode: 'shadow' as const } })),
  }
  fc.assert(
    fc.property(fc.record({ range3: past, country: past, account: past }), (counts) => {
      expect(decisionOf(shadowed, { counts, network: { tor: true } }).outcome).toBe('allow')
    }),
  )
})
