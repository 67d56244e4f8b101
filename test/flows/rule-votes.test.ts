import { expect, test } from 'vitest'
import { recordedFeatures } from '../../src/risk/recorded-features.ts'
import { evaluateRules } from '../../src/risk/rules.ts'
import { PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

type Vote = { readonly rule: string; readonly vote: string }

const policy = (rules: string) => ({ 'policy.yaml': `version: "t"\nrules:\n${rules}` })

async function asked(house: Harness, client: object = PERSON, to = phoneOf(1)) {
  const answer = await house.post('/v1/verifications', { to, client })
  const body = (await answer.json()) as { id?: string; verification?: { id: string } }
  return body.id ?? body.verification?.id ?? ''
}

async function decisionOf(house: Harness, id: string) {
  const answer = await house.get(`/v1/verifications/${id}/decision`)
  expect(answer.status).toBe(200)
  return answer.json()
}

const votesOf = (rules: readonly Vote[]) => rules.map(({ rule, vote }) => `${rule} ${vote}`)

const FOUR =
  policy(`  - { id: scripts, why: A program asks., when: client.automated, action: challenge }
  - { id: young, why: The session is young., when: session.age_ms < 60000, action: block }
  - { id: calls, why: Calls cost more., when: 'true', action: block, scope: { channels: [voice] } }
  - { id: crowd, why: Many ask., when: ip.phones_24h > 1000, action: challenge, mode: shadow }
  - { id: gone, why: It is off., when: 'true', action: block, mode: 'off' }
`)

test('a decision tells the vote of every rule of its set, of those that said nothing too', async () => {
  const house = await openHarness({ rules: FOUR })
  const decision = await decisionOf(house, await asked(house))
  expect(votesOf(decision.rules)).toEqual(['young counted'])
  expect(decision.silent_rules.kind).toBe('known')
  expect(votesOf(decision.silent_rules.rules)).toEqual([
    'scripts not_matched',
    'calls out_of_scope',
    'crowd not_matched',
  ])
})

test('after the rules have changed a decision still tells the votes of the set that made it', async () => {
  const house = await openHarness({ rules: FOUR })
  const id = await asked(house)
  await house.settle()
  const before = await decisionOf(house, id)
  const { policy: current } = house.house
  const { ruleSet } = current()
  const changed = { ...ruleSet, version: 'u+changed', rules: ruleSet.rules.slice(0, 1) }
  Object.assign(house.house, { policy: () => ({ ...current(), ruleSet: changed }) })
  const after = await decisionOf(house, id)
  expect(after.rules).toEqual(before.rules)
  expect(after.silent_rules).toEqual(before.silent_rules)
  expect(after.flip).toEqual({ kind: 'unknown', because: 'rules_changed' })
})

test('of a set that was never written down only the matches are told', async () => {
  const house = await openHarness({ rules: FOUR })
  const id = await asked(house)
  await house.settle()
  await house.db.driver.all({ sql: 'DELETE FROM rule_sets', args: [] })
  const { policy: current } = house.house
  const changed = { ...current().ruleSet, version: 'u+changed' }
  Object.assign(house.house, { policy: () => ({ ...current(), ruleSet: changed }) })
  const decision = await decisionOf(house, id)
  expect(votesOf(decision.rules)).toEqual(['young counted'])
  expect(decision.silent_rules).toEqual({ kind: 'unknown', because: 'rules_changed' })
})

test('a rule set that cannot be written down costs nobody a code, and is tried again', async () => {
  const house = await openHarness({ rules: policy('  []\n') })
  await house.db.driver.all({ sql: 'ALTER TABLE rule_sets RENAME TO elsewhere', args: [] })
  await asked(house)
  await house.settle()
  expect(house.logs.join()).toContain('rules.not_kept')
  await house.db.driver.all({ sql: 'ALTER TABLE elsewhere RENAME TO rule_sets', args: [] })
  await asked(house, PERSON, phoneOf(2))
  await house.settle()
  const version = house.house.policy().ruleSet.version
  expect(await house.house.ruleSets.find(version)).toEqual([])
})

test('a test number is decided on by no rule', async () => {
  const house = await openHarness({ rules: FOUR })
  const { default_service: service } = await (await house.get('/v1/account')).json()
  const number = { phone: phoneOf(3), code: '424242' }
  await house.patch(`/v1/services/${service}`, { test_numbers: [number] })
  const decision = await decisionOf(house, await asked(house, PERSON, number.phone))
  expect(decision).toMatchObject({
    rules: [],
    silent_rules: { kind: 'none', because: 'test_number' },
  })
})

/** Clients of several kinds, so that the shipped rules match now and then. */
const CLIENTS = [
  PERSON,
  { ip: '203.0.113.9', user_agent: 'curl/8.4.0' },
  { ip: '203.0.113.9' },
  {},
  { ...PERSON, session_age_ms: 100 },
]

test('what the shipped rules say of the features as they are kept is what matched and what did not', async () => {
  const house = await openHarness()
  const { ruleSet } = house.house.policy()
  for (let round = 0; round < 20; round++) {
    const id = await asked(house, CLIENTS[round % CLIENTS.length], phoneOf(round % 7))
    const decision = await decisionOf(house, id)
    const kept = await house.house.verifications.find({
      accountId: house.account.id,
      id: id as never,
    })
    const features = kept && recordedFeatures(kept.decision.features)
    if (kept === undefined || features === undefined) throw new Error('it was stored just now')
    const { hits } = evaluateRules(ruleSet, features, {
      serviceId: kept.serviceId,
      channel: kept.channel,
      purpose: kept.purpose,
    })
    const matched = hits.map(({ ruleId }) => ruleId)
    expect(decision.rules.map(({ rule }: Vote) => rule)).toEqual(matched)
    const all = ruleSet.rules.map(({ hit }) => hit.ruleId)
    const silent = decision.silent_rules.rules.map(({ rule }: Vote) => rule)
    expect(silent).toEqual(all.filter((rule) => !matched.includes(rule)))
    house.clock.advance(20_000)
  }
})
