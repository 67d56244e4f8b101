import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultRules, signalsOf, velocityOf } from '../../test/golden/rule-requests.ts'
import { tinyModelText } from '../../test/support/tiny-model.ts'
import { decide } from './decide.ts'
import { findFlip } from './explain-flip.ts'
import { explainScore } from './explain-score.ts'
import { CATALOGUE_ID, FEATURES, MODEL_FEATURES } from './feature-catalogue.ts'
import { wholeRecord } from './feature-record.ts'
import { type Features, type SeenFeatures, toFeatures } from './features.ts'
import { type Model, readModel } from './model/model.ts'
import { changedFeatures, recordedFeatures } from './recorded-features.ts'
import { compileCondition } from './rule-environment.ts'
import { evaluateRules } from './rules.ts'

const EXPECTED = { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID }
const RULES = defaultRules()
const SCOPE = { serviceId: 'VA', channel: 'sms', purpose: 'login' } as const

const verdictOn = (model?: Model) => (features: SeenFeatures) =>
  decide({
    hits: evaluateRules(RULES, features, SCOPE).hits,
    score: model?.score(features.vector) ?? 0,
    thresholds: RULES.thresholds,
    costs: { price: 500_000, userValue: 50_000 },
    protection: 'standard',
    country: 'DE',
    geo: { countries: undefined, blockedCountries: [] },
  })

function searchOn(live: Features, model?: Model) {
  const record = live.record()
  const features = recordedFeatures(record)
  if (features === undefined) throw new Error('the record is of this catalogue')
  const verdict = verdictOn(model)(features)
  return findFlip({
    features,
    known: wholeRecord(record),
    outcome: verdict.policyOutcome,
    matched: new Set(verdict.hits.map(({ ruleId }) => ruleId)),
    rules: RULES.rules,
    contributions:
      model === undefined ? [] : (explainScore(model, record, 1_000)?.contributions ?? []),
    decide: (changed) => verdictOn(model)(changed).policyOutcome,
  })
}

test('features come back from a record as they were, and rules and model see no difference', () => {
  const live = toFeatures(
    signalsOf({ network: { country: undefined } }),
    velocityOf({ counts: { range3: { asks_1h: 40, sends_24h: 90, unverified_24h: 70 } } }),
  )
  const again = recordedFeatures(live.record())
  expect(again?.vector).toHaveLength(live.vector.length)
  for (const [at, value] of live.vector.entries()) expect(again?.vector[at]).toBeCloseTo(value, 3)
  for (const { name } of FEATURES) {
    const [group = '', field = ''] = name.split('.')
    const was: unknown = Reflect.get(live.context()[group] ?? {}, field)
    const is: unknown = Reflect.get(again?.context()[group] ?? {}, field)
    if (typeof was === 'number') expect(is, name).toBeCloseTo(was, 3)
    else expect(is, name).toBe(was)
  }
  if (again === undefined) return
  expect(evaluateRules(RULES, again, SCOPE)).toEqual(evaluateRules(RULES, live, SCOPE))
})

test('a record of another catalogue explains nothing', () => {
  expect(recordedFeatures({ catalogue: 'other', known: {}, unknown: [] })).toBeUndefined()
})

test('base, contributions and the rest add up to the share, whatever was asked', () => {
  const model = readModel(tinyModelText('range3.asks_1h', 50), EXPECTED)
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), fc.integer({ min: 0, max: 5 }), (asks, phones, most) => {
      const velocity = velocityOf({ counts: { range3: { asks_1h: asks, phones_24h: phones } } })
      const live = toFeatures(signalsOf({}), velocity)
      const explained = explainScore(model, live.record(), most)
      const named = explained?.contributions ?? []
      expect(named.length).toBeLessThanOrEqual(most)
      const sum = named.reduce((total, { share }) => total + share, explained?.base ?? Number.NaN)
      expect(sum + (explained?.others ?? 0)).toBeCloseTo(explained?.share ?? -1, 9)
      expect(explained?.score).toBe(model.score(live.vector))
    }),
    { numRuns: 50 },
  )
})

test('contributions carry the names and values of the catalogue, weightiest first', () => {
  const model = readModel(tinyModelText('range3.asks_1h', 50), EXPECTED)
  const live = toFeatures(signalsOf({}), velocityOf({ counts: { range3: { asks_1h: 80 } } }))
  const [first] = explainScore(model, live.record(), 5)?.contributions ?? []
  expect(first).toMatchObject({ feature: 'range3.asks_1h', value: 80 })
  expect(first?.share).toBeGreaterThan(0.3)
})

test('of an outcome by rule the least change of what its condition compares is told', () => {
  const flip = searchOn(toFeatures(signalsOf({ phone: { lineType: 'toll_free' } }), velocityOf({})))
  expect(flip).toEqual({
    feature: 'number.line_type',
    from: 'toll_free',
    to: '',
    outcome: 'allow',
  })
})

test('of an outcome by score the weightiest feature is told, as if it were nothing', () => {
  const model = readModel(tinyModelText('session.age_ms', 24_000), EXPECTED)
  const live = toFeatures(signalsOf({ sessionAgeMs: 30_000 }), velocityOf({}))
  expect(verdictOn(model)(live).policyOutcome).not.toBe('allow')
  const flip = searchOn(live, model)
  expect(flip).toMatchObject({ feature: 'session.age_ms', from: 30_000, outcome: 'allow' })
})

test('an allowed request tells what would have turned it', () => {
  const flip = searchOn(toFeatures(signalsOf({}), velocityOf({})))
  expect(flip).toBeDefined()
  expect(flip?.outcome).not.toBe('allow')
})

test('a flip is true: the decision on the changed features is the one it tells', () => {
  const live = toFeatures(signalsOf({ phone: { lineType: 'premium_rate' } }), velocityOf({}))
  const features = recordedFeatures(live.record())
  const flip = searchOn(live)
  if (features === undefined || flip === undefined) throw new Error('both were found')
  const { outcome } = verdictOn()(changedFeatures(features, flip))
  expect(outcome).toBe(flip.outcome)
})

test('where two rules ask for the same, no single change is made up', () => {
  const live = toFeatures(
    signalsOf({ lists: { blocked: 'phone' }, phone: { lineType: 'premium_rate' } }),
    velocityOf({}),
  )
  const allowing = new Set(RULES.rules.filter(({ hit }) => hit.action === 'allow'))
  expect(allowing.size).toBeGreaterThan(0)
  const flip = searchOn(live)
  if (flip !== undefined) expect(flip.outcome).toBe('allow')
})

test.each<[string, readonly [string, readonly (string | number)[]][]]>([
  [
    'range3.asks_1h >= 30 && number.voip',
    [
      ['range3.asks_1h', [30]],
      ['number.voip', []],
    ],
  ],
  ['5 < account.past_sends', [['account.past_sends', [5]]]],
  ['number.country in ["CU", "TV"]', [['number.country', ['CU', 'TV']]]],
  [
    '!number.valid || session.age_ms < 2.5',
    [
      ['number.valid', []],
      ['session.age_ms', [2.5]],
    ],
  ],
])('%s is seen to compare what it compares', (text, compared) => {
  const compiled = compileCondition(text)
  const found = compiled.kind === 'ok' ? compiled.comparisons : []
  expect(found.map(({ feature, constants }) => [feature, constants])).toEqual(
    expect.arrayContaining([...compared]),
  )
  expect(found).toHaveLength(compared.length)
})
