import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Outcome, RuleAction, RuleHit } from '../domain/decision.ts'
import { type DecideInput, decide, outcomeCosts } from './decide.ts'

const hit = (action: RuleAction, more: Partial<RuleHit> = {}): RuleHit => ({
  ruleId: `some-${action}`,
  action,
  mode: 'enforce',
  reason: { code: `some_${action}`, detail: 'A reason.' },
  scoreDelta: 0,
  ...more,
})
const INPUT: DecideInput = {
  score: 0,
  hits: [],
  thresholds: { challenge: 0.35, block: 0.92 },
  costs: { price: 75_000, userValue: 500_000 },
  protection: 'standard',
  country: 'DE',
  geo: { countries: undefined, blockedCountries: [] },
}
const outcomeOf = (more: Partial<DecideInput>): Outcome => decide({ ...INPUT, ...more }).outcome
const codesOf = (more: Partial<DecideInput>) =>
  decide({ ...INPUT, ...more }).reasons.map((reason) => reason.code)

const SEVERITY: Record<Outcome, number> = { allow: 0, challenge: 1, block: 2 }
const anyHit = fc
  .record({
    action: fc.constantFrom<RuleAction>('allow', 'challenge', 'block', 'adjust'),
    mode: fc.constantFrom('enforce' as const, 'shadow' as const),
    delta: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ action, mode, delta }) =>
    hit(action, { mode, scoreDelta: action === 'adjust' ? delta : 0 }),
  )
const anyInput: fc.Arbitrary<DecideInput> = fc.record({
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  hits: fc.array(anyHit, { maxLength: 6 }),
  thresholds: fc.constant(INPUT.thresholds),
  costs: fc.record({ price: fc.nat(2_000_000), userValue: fc.nat(2_000_000) }),
  protection: fc.constantFrom('record_only' as const, 'standard' as const, 'max' as const),
  country: fc.constantFrom('DE', 'FR'),
  geo: fc.constantFrom(INPUT.geo, { countries: ['DE'], blockedCountries: [] }),
})

test('nothing found is a reason too', () => {
  expect(decide(INPUT)).toMatchObject({ outcome: 'allow', reasons: [{ code: 'no_risk_found' }] })
})

test('a high score that is let through because the message costs so little is not called harmless', () => {
  const cheap = { score: 0.5, costs: { price: 7000, userValue: 500_000 } }
  expect(decide({ ...INPUT, ...cheap })).toMatchObject({
    outcome: 'allow',
    reasons: [{ code: 'risk_borne' }],
  })
})

test('allow outweighs block, block outweighs challenge, challenge outweighs the score', () => {
  expect(outcomeOf({ hits: [hit('block'), hit('allow')] })).toBe('allow')
  expect(outcomeOf({ hits: [hit('challenge'), hit('block')] })).toBe('block')
  expect(outcomeOf({ hits: [hit('challenge')] })).toBe('challenge')
})

test('the score challenges where that is cheaper than sending, and not below its threshold', () => {
  expect(outcomeOf({ score: 0.8 })).toBe('challenge')
  expect(outcomeOf({ score: 0.3, costs: { price: 5_000_000, userValue: 1 } })).toBe('allow')
  expect(outcomeOf({ score: 0.5, costs: { price: 7000, userValue: 500_000 } })).toBe('allow')
})

test('the score blocks alone only when it is nearly certain, sooner when a rule doubts as well', () => {
  const costs = { price: 390_000, userValue: 500_000 }
  expect(outcomeOf({ score: 0.9, costs })).toBe('challenge')
  expect(outcomeOf({ score: 0.97, costs })).toBe('block')
  expect(outcomeOf({ score: 0.9, costs, hits: [hit('challenge')] })).toBe('block')
})

test('a challenge that would only be solved becomes a block where the score doubts as well', () => {
  const hits = [hit('challenge')]
  const costs = { price: 100_000, userValue: 500_000 }
  const doubtful = { score: 0.7, hits, costs }
  expect(outcomeOf(doubtful)).toBe('challenge')
  expect(outcomeOf({ ...doubtful, futile: 0.8 })).toBe('block')
  expect(codesOf({ ...doubtful, futile: 0.8 })[0]).toBe('challenges_futile')
  expect(outcomeOf({ ...doubtful, futile: 0.4 })).toBe('challenge')
  expect(outcomeOf({ ...doubtful, score: 0.1, futile: 1 })).toBe('challenge')
  expect(outcomeOf({ ...doubtful, hits: [], score: 0.1, futile: 1 })).toBe('allow')
})

test('futile challenges never make an outcome milder, and never refuse whom nothing challenges', () => {
  fc.assert(
    fc.property(anyInput, fc.double({ min: 0, max: 1, noNaN: true }), (input, futile) => {
      const without = decide(input).policyOutcome
      const outcome = decide({ ...input, futile }).policyOutcome
      if (outcome !== without) expect([without, outcome]).toEqual(['challenge', 'block'])
    }),
  )
})

test('adjustments move the score before anything is decided, and stay within 0 and 1', () => {
  const raise = hit('adjust', { scoreDelta: 0.5 })
  expect(decide({ ...INPUT, score: 0.3, hits: [raise] })).toMatchObject({
    score: 0.8,
    outcome: 'challenge',
  })
  expect(decide({ ...INPUT, score: 0.9, hits: [raise] }).score).toBe(1)
  expect(decide({ ...INPUT, score: 0.1, hits: [hit('adjust', { scoreDelta: -1 })] }).score).toBe(0)
})

test('reasons name those who asked for the outcome, then what raised the score', () => {
  expect(codesOf({ hits: [hit('challenge'), hit('block')] })).toEqual(['some_block'])
  expect(codesOf({ score: 0.6, hits: [hit('adjust', { scoreDelta: 0.2 })] })).toEqual([
    'model_risk',
    'some_adjust',
  ])
})

test('a pardon takes back the challenges that it names, and nothing else', () => {
  const named = hit('pardon', { pardons: ['some-challenge'] })
  const pardoned = decide({ ...INPUT, hits: [hit('challenge'), named] })
  expect(pardoned).toMatchObject({
    outcome: 'allow',
    isPardoned: true,
    reasons: [{ code: 'some_pardon' }],
  })
  const idle = decide({ ...INPUT, hits: [named] })
  expect(idle.isPardoned).toBeUndefined()
  expect(idle.reasons).toMatchObject([{ code: 'no_risk_found' }])
  expect(outcomeOf({ hits: [hit('challenge'), hit('pardon', { pardons: ['another'] })] })).toBe(
    'challenge',
  )
  expect(outcomeOf({ hits: [hit('block'), hit('challenge'), named] })).toBe('block')
  expect(outcomeOf({ score: 0.85, hits: [hit('challenge'), named] })).toBe('challenge')
  const shadow = hit('pardon', { pardons: ['some-challenge'], mode: 'shadow' })
  expect(outcomeOf({ hits: [hit('challenge'), shadow] })).toBe('challenge')
})

test('a pardon of the score takes back its challenge, not its block', () => {
  const hits = [hit('pardon', { pardons: ['score'] })]
  expect(decide({ ...INPUT, score: 0.8, hits })).toMatchObject({
    outcome: 'allow',
    isPardoned: true,
  })
  const costs = { price: 390_000, userValue: 500_000 }
  expect(outcomeOf({ score: 0.97, costs, hits })).toBe('block')
})

test('where pardons are used up they change nothing', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const pardons = [...new Set(input.hits.map(({ ruleId }) => ruleId)), 'score']
      const hits = [...input.hits, hit('pardon', { pardons })]
      const without = decide(input)
      const strict = decide({ ...input, hits, pardoning: false })
      expect(strict.policyOutcome).toBe(without.policyOutcome)
      expect(strict.isPardoned).toBeUndefined()
      const mild = decide({ ...input, hits }).policyOutcome
      expect(SEVERITY[mild]).toBeLessThanOrEqual(SEVERITY[without.policyOutcome])
    }),
  )
})

test('a country that the service does not send to is refused, whatever else is said', () => {
  const geo = { countries: ['FR'], blockedCountries: [] }
  for (const protection of ['record_only', 'standard', 'max'] as const)
    expect(decide({ ...INPUT, geo, protection, hits: [hit('allow')] })).toMatchObject({
      outcome: 'block',
      reasons: [{ code: 'country_not_allowed' }],
    })
  expect(outcomeOf({ geo: { countries: undefined, blockedCountries: ['DE'] } })).toBe('block')
})

test('record_only lets through and keeps what would have been', () => {
  expect(decide({ ...INPUT, protection: 'record_only', hits: [hit('block')] })).toMatchObject({
    outcome: 'allow',
    policyOutcome: 'block',
    reasons: [{ code: 'record_only' }, { code: 'some_block' }],
  })
  expect(codesOf({ protection: 'record_only' })).toEqual(['no_risk_found'])
})

test('max challenges from lower scores on, whatever it costs', () => {
  const costs = { price: 7000, userValue: 500_000 }
  expect(outcomeOf({ score: 0.2, costs })).toBe('allow')
  expect(outcomeOf({ score: 0.2, costs, protection: 'max' })).toBe('challenge')
})

test('the three costs are those of the design', () => {
  const costs = outcomeCosts({ price: 100, userValue: 1000, attackerPass: 0.5, giveUp: 0.2 }, 0.25)
  expect(costs.allow).toBe(25)
  expect(costs.challenge).toBeCloseTo(0.25 * 0.5 * 100 + 0.75 * 0.2 * 1000)
  expect(costs.block).toBe(750)
})

test('one more rule that blocks never makes an outcome milder', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const stricter = decide({ ...input, hits: [...input.hits, hit('block')] })
      expect(SEVERITY[stricter.outcome]).toBeGreaterThanOrEqual(SEVERITY[decide(input).outcome])
    }),
  )
})

test('a higher score never makes an outcome milder', () => {
  fc.assert(
    fc.property(anyInput, fc.double({ min: 0, max: 1, noNaN: true }), (input, more) => {
      const higher = decide({ ...input, score: Math.min(1, input.score + more) })
      expect(SEVERITY[higher.outcome]).toBeGreaterThanOrEqual(SEVERITY[decide(input).outcome])
    }),
  )
})

test('max is never milder than standard', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const standard = decide({ ...input, protection: 'standard' })
      const max = decide({ ...input, protection: 'max' })
      expect(SEVERITY[max.outcome]).toBeGreaterThanOrEqual(SEVERITY[standard.outcome])
    }),
  )
})

test('rules in shadow change nothing but the record of hits', () => {
  fc.assert(
    fc.property(anyInput, anyHit, (input, extra) => {
      const shadowed = decide({ ...input, hits: [...input.hits, { ...extra, mode: 'shadow' }] })
      const { hits: _, ...rest } = decide(input)
      expect(shadowed).toMatchObject(rest)
    }),
  )
})

test('reasons are never empty', () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      expect(decide(input).reasons.length).toBeGreaterThan(0)
    }),
  )
})
