import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RuleHit } from '../domain/decision.ts'
import type { Verdict } from './decide.ts'
import { withSample } from './sample-challenge.ts'

const ALLOWED: Verdict = {
  outcome: 'allow',
  policyOutcome: 'allow',
  score: 0.03,
  reasons: [{ code: 'no_risk_found', detail: '' }],
  hits: [],
}
const ALLOW_RULE: RuleHit = {
  ruleId: 'list-allowed',
  action: 'allow',
  mode: 'enforce',
  reason: { code: 'list_allowed', detail: '' },
  scoreDelta: 0,
}
const id = (index: number) => `DE${index}`

test('one in so many is challenged, and the same ids every time', () => {
  const drawn = () =>
    Array.from({ length: 20_000 }, (_, index) => id(index)).filter(
      (each) => withSample(ALLOWED, { id: each, share: 0.01 }).outcome === 'challenge',
    )
  expect(drawn().length).toBeGreaterThan(160)
  expect(drawn().length).toBeLessThan(240)
  expect(drawn()).toEqual(drawn())
})

test('a sampled challenge says so and keeps its score', () => {
  expect(withSample(ALLOWED, { id: id(1), share: 1 })).toMatchObject({
    outcome: 'challenge',
    policyOutcome: 'challenge',
    score: 0.03,
    reasons: [{ code: 'sampled_challenge' }],
  })
})

test('nothing is drawn at a share of zero, from what an allow rule let through, or from what is merely recorded', () => {
  const listed = { ...ALLOWED, hits: [ALLOW_RULE] }
  const recorded = { ...ALLOWED, policyOutcome: 'block' as const }
  fc.assert(
    fc.property(fc.string(), (any) => {
      expect(withSample(ALLOWED, { id: any, share: 0 })).toBe(ALLOWED)
      expect(withSample(listed, { id: any, share: 1 })).toBe(listed)
      expect(withSample(recorded, { id: any, share: 1 })).toBe(recorded)
    }),
  )
})
