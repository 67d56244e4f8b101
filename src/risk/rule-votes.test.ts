import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RuleAction, RuleHit } from '../domain/decision.ts'
import { decide, type Verdict } from './decide.ts'
import { matchedVotes, type RuleOutline, silentVotes } from './rule-votes.ts'

const hit = (ruleId: string, action: RuleAction, more: Partial<RuleHit> = {}): RuleHit => ({
  ruleId,
  action,
  mode: 'enforce',
  reason: { code: ruleId, detail: 'For this test.' },
  scoreDelta: action === 'adjust' ? 0.2 : 0,
  ...more,
})

const verdictOn = (hits: readonly RuleHit[], score = 0, pardoning = true): Verdict =>
  decide({
    hits,
    score,
    pardoning,
    thresholds: { challenge: 0.25, block: 0.85 },
    costs: { price: 500_000, userValue: 50_000 },
    protection: 'standard',
    country: 'DE',
    geo: { countries: undefined, blockedCountries: [] },
  })

const votesOn = (hits: readonly RuleHit[], score?: number) => matchedVotes(verdictOn(hits, score))

test('of rules that disagree the strongest counts and the others are outweighed', () => {
  const [challenge, block, allow] = [hit('c', 'challenge'), hit('b', 'block'), hit('a', 'allow')]
  expect(votesOn([challenge, block])).toEqual(['outweighed', 'counted'])
  expect(votesOn([challenge, block, allow])).toEqual(['outweighed', 'outweighed', 'counted'])
  expect(votesOn([challenge, hit('s', 'block', { mode: 'shadow' })])).toEqual(['counted', 'shadow'])
})

test('rules of one reason are told apart by what they asked for', () => {
  const reason = { code: 'same', detail: 'Both say so.' }
  const hits = [hit('c', 'challenge', { reason }), hit('b', 'block', { reason })]
  expect(votesOn(hits)).toEqual(['outweighed', 'counted'])
})

test('a challenge counts as a witness where the score refuses', () => {
  expect(verdictOn([hit('c', 'challenge')], 0.99).outcome).toBe('block')
  expect(votesOn([hit('c', 'challenge'), hit('j', 'adjust')], 0.99)).toEqual([
    'counted',
    'adjusted',
  ])
})

test('a challenge that is pardoned is taken back, and stands where pardons are spent', () => {
  const hits = [hit('c', 'challenge'), hit('p', 'pardon', { pardons: ['c'] })]
  expect(votesOn(hits)).toEqual(['taken_back', 'counted'])
  const strict = { ...verdictOn(hits, 0, false), pardon: 'spent' } as const
  expect(matchedVotes(strict)).toEqual(['counted', 'outweighed'])
})

test('where a country permission refused nobody else counted', () => {
  const reasons = [{ code: 'country_not_allowed', detail: '' }]
  expect(matchedVotes({ hits: [hit('b', 'block')], reasons })).toEqual(['outweighed'])
})

test('the rest of a set is told apart into silent, elsewhere and failed', () => {
  const rules: readonly RuleOutline[] = [
    { hit: hit('matched', 'block'), scope: undefined },
    { hit: hit('silent', 'block'), scope: undefined },
    {
      hit: hit('calls', 'block'),
      scope: { services: undefined, channels: ['voice'], purposes: undefined },
    },
    { hit: hit('broken', 'block'), scope: undefined },
  ]
  const decision = { hits: [hit('matched', 'block')], reasons: [], failedRules: ['broken'] }
  const request = { serviceId: 'VA', channel: 'sms', purpose: undefined } as const
  const told = silentVotes(rules, decision, request)
  expect(told.map(({ hit: { ruleId }, vote }) => [ruleId, vote])).toEqual([
    ['silent', 'not_matched'],
    ['calls', 'out_of_scope'],
    ['broken', 'failed'],
  ])
})

const anyHit = fc
  .record({
    action: fc.constantFrom<RuleAction>('allow', 'challenge', 'block', 'adjust', 'pardon'),
    mode: fc.constantFrom<RuleHit['mode']>('enforce', 'shadow'),
    code: fc.constantFrom('one', 'two', 'three', 'four'),
    pardoned: fc.integer({ min: 0, max: 5 }),
  })
  .map(
    (given) => (at: number) =>
      hit(`rule-${at}`, given.action, {
        mode: given.mode,
        reason: { code: given.code, detail: '' },
        ...(given.action === 'pardon' ? { pardons: [`rule-${given.pardoned}`] } : {}),
      }),
  )

test('the votes that counted and the reasons that rules gave are the same', () => {
  fc.assert(
    fc.property(
      fc.array(anyHit, { maxLength: 6 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (made, score) => {
        const hits = made.map((make, at) => make(at))
        const verdict = verdictOn(hits, score)
        const votes = matchedVotes(verdict)
        expect(votes).toHaveLength(hits.length)
        const codesOf = (wanted: readonly string[]) =>
          hits.filter((_, at) => wanted.includes(votes[at] ?? '')).map(({ reason }) => reason.code)
        const told = verdict.reasons.map(({ code }) => code)
        expect(told).toEqual(expect.arrayContaining(codesOf(['counted'])))
        const ruled = told.filter((code) => ['one', 'two', 'three', 'four'].includes(code))
        expect(codesOf(['counted', 'adjusted'])).toEqual(expect.arrayContaining(ruled))
      },
    ),
    { numRuns: 500 },
  )
})
