import { expect, test } from 'vitest'
import { codeFor, issue, PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

/** A rule stands in for a model that thinks ill of everybody here. */
const policy = (ownTraffic: string) => ({
  'policy.yaml': `version: "t"
thresholds:
  challenge: 0.25
  block: 0.8
  ${ownTraffic}
rules:
  - { id: ill-thought-of, why: For this test., when: '!lists.allowed', action: adjust, score: 0.4 }
`,
})
const OWN = policy('own_traffic: { challenge_share: 0.005, block_share: 0.001 }')
const STRANGER = phoneOf(999)
const MINUTE = 60_000

const ownerIn = (house: Harness) => ({ accountId: house.account.id, modelVersion: 'none' })

/** As if so many people with this score had been let in lately. */
async function teach(house: Harness, people: number, score: number): Promise<void> {
  const nowMs = house.clock.nowMs()
  for (let index = 0; index < people; index++)
    await house.house.ownScores.learn(ownerIn(house), score, nowMs)
  await house.house.ownScores.flush(nowMs)
  house.clock.advance(2 * MINUTE)
}

/** Three people, a quarter of an hour apart, each typing the code so much later; answers how many of them taught their score. */
async function taughtBy(house: Harness, delayMs: number, ip = PERSON.ip): Promise<number> {
  for (let index = 0; index < 3; index++) {
    const id = await issue(house, phoneOf(index))
    const code = await codeFor(house, phoneOf(index))
    house.clock.advance(delayMs)
    const checked = await house.post(`/v1/verifications/${id}/check`, { code, client: { ip } })
    expect(await checked.json()).toMatchObject({ status: 'approved' })
    house.clock.advance(15 * MINUTE)
  }
  const sketch = await house.house.ownScores.sketchOf(ownerIn(house), house.clock.nowMs())
  return sketch?.total ?? 0
}

/** At so low a worth of a person any score above the threshold leads to a challenge. */
async function askWhenPeopleAreWorthLittle(house: Harness) {
  const path = `/v1/services/${house.account.defaultServiceId}`
  expect((await house.patch(path, { user_value_micros: 10_000 })).status).toBe(200)
  const asked = await house.post('/v1/verifications', { to: STRANGER, client: PERSON })
  const body = (await asked.json()) as { id?: string; verification?: { id: string } }
  const id = body.id ?? body.verification?.id
  return (await house.get(`/v1/verifications/${id}/decision`)).json()
}

test('an account whose people score high all the time challenges them no more, and the decision says why', async () => {
  const house = await openHarness({ rules: OWN })
  await teach(house, 300, 0.4)
  const decision = await askWhenPeopleAreWorthLittle(house)
  expect(decision).toMatchObject({ outcome: 'allow', score: 0.4, thresholds: { lifted: true } })
  expect(decision.thresholds.challenge).toBeGreaterThan(0.4)
  expect(decision.flip.because).not.toBe('not_reproducible')
})

test('without a past, or where the policy does not ask for it, the policy’s thresholds hold', async () => {
  const fixed = { challenge: 0.25, block: 0.8, lifted: false }
  const young = await openHarness({ rules: OWN })
  await teach(young, 100, 0.4)
  const first = await askWhenPeopleAreWorthLittle(young)
  expect(first).toMatchObject({ outcome: 'challenge', thresholds: fixed })
  const plain = await openHarness({ rules: policy('') })
  await teach(plain, 300, 0.4)
  const second = await askWhenPeopleAreWorthLittle(plain)
  expect(second).toMatchObject({ outcome: 'challenge', thresholds: fixed })
})

test('people who type their codes in their own time and place teach what is ordinary', async () => {
  expect(await taughtBy(await openHarness({ rules: OWN }), 15_000)).toBe(3)
})

test('codes typed in a second, or from another network, teach nothing', async () => {
  expect(await taughtBy(await openHarness({ rules: OWN }), 1_000)).toBe(0)
  expect(await taughtBy(await openHarness({ rules: OWN }), 15_000, '203.0.113.9')).toBe(0)
})
