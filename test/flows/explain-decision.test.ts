import { expect, test } from 'vitest'
import { CATALOGUE_ID, MODEL_FEATURES } from '../../src/risk/feature-catalogue.ts'
import { readModel } from '../../src/risk/model/model.ts'
import { PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'
import { tinyModelText } from '../support/tiny-model.ts'

const EXPECTED = { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID }

const RULES = (when: string, action = 'block') => ({
  'policy.yaml': `version: "t"
rules:
  - id: the-rule
    why: For this test.
    when: '${when}'
    action: ${action}
`,
})

async function decided(house: Harness, client: object = PERSON) {
  const asked = await house.post('/v1/verifications', { to: phoneOf(1), client })
  const body = (await asked.json()) as { id?: string; verification?: { id: string } }
  const id = body.id ?? body.verification?.id
  const answer = await house.get(`/v1/verifications/${id}/decision`)
  expect(answer.status).toBe(200)
  return { status: asked.status, id, decision: await answer.json() }
}

test('a decision by rule tells the one value that would have let it through', async () => {
  const house = await openHarness({ rules: RULES('session.age_ms < 30000 && session.known') })
  const { status, decision } = await decided(house)
  expect(status).toBe(403)
  expect(decision).toMatchObject({
    outcome: 'block',
    policy_outcome: 'block',
    model: { kind: 'no_model' },
    flip: {
      kind: 'change',
      feature: 'session.age_ms',
      from: 24_000,
      to: 30_000,
      outcome: 'allow',
    },
  })
  const { expected_costs: costs } = decision
  expect(costs).toEqual({ allow_micros: 0, challenge_micros: 50_000, block_micros: 500_000 })
})

test('a decision by score tells base, contributions and their sum', async () => {
  const model = readModel(tinyModelText('session.age_ms', 20_000), EXPECTED)
  const house = await openHarness({ rules: RULES('false'), model })
  const { decision } = await decided(house)
  const { base, contributions, others, share, score, kind } = decision.model
  expect(kind).toBe('explained')
  const sum = contributions.reduce(
    (total: number, each: { share: number }) => total + each.share,
    base,
  )
  expect(sum + others).toBeCloseTo(share, 9)
  expect(score).toBe(decision.score)
  expect(contributions[0]).toMatchObject({ feature: 'session.age_ms', value: 24_000 })
})

test('what a model decided is not explained by another one', async () => {
  const old = readModel(tinyModelText('session.age_ms', 20_000, 'forest-old'), EXPECTED)
  const house = await openHarness({ rules: RULES('false'), model: old })
  const { id } = await decided(house)
  const policy = house.house.policy
  const next = readModel(tinyModelText('session.age_ms', 20_000, 'forest-next'), EXPECTED)
  Object.assign(house.house, { policy: () => ({ ...policy(), model: next }) })
  const answer = await house.get(`/v1/verifications/${id}/decision`)
  expect(await answer.json()).toMatchObject({
    model_version: 'forest-old',
    model: { kind: 'unknown', because: 'model_changed' },
    flip: { kind: 'unknown', because: 'model_changed' },
  })
})

test('a hard limit and a country permission are not explained away by a feature', async () => {
  const house = await openHarness({ rules: RULES('false') })
  await house.post('/v1/verifications', { to: phoneOf(1), client: PERSON })
  const { status, decision } = await decided(house)
  expect(status).toBe(429)
  expect(decision).toMatchObject({
    stop: 'phone_minute_cap',
    flip: { kind: 'none', because: 'hard_stop' },
  })
  const { default_service: service } = await (await house.get('/v1/account')).json()
  await house.patch(`/v1/services/${service}`, { blocked_countries: ['GB'] })
  house.clock.advance(61_000)
  expect((await decided(house)).decision.flip).toEqual({ kind: 'none', because: 'country' })
})

test('a rule that cannot be turned by one thing is said to be so', async () => {
  const house = await openHarness({ rules: RULES('session.age_ms + 1.0 > 0.0') })
  const { decision } = await decided(house)
  expect(decision.flip).toEqual({ kind: 'none', because: 'no_single_change' })
})
