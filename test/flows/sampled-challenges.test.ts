import { expect, test } from 'vitest'
import { codeFor, issue, PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

const policy = (share: number) => ({
  'policy.yaml': `version: "t"\nsampled_challenge_share: ${share}\nrules: []\n`,
})
const ALWAYS = 0.05
/** Enough that some of them are drawn, on every machine the same. */
const ASKED = 60

const ask = (house: Harness, index: number, phones = phoneOf) =>
  house.post('/v1/verifications', { to: phones(index), client: PERSON })

/** Asks for so many numbers and answers the ids of those that were challenged. */
async function drawn(house: Harness, asked = ASKED): Promise<string[]> {
  const ids: string[] = []
  for (let index = 0; index < asked; index++) {
    const answer = await ask(house, index)
    const body = await answer.json()
    if (answer.status !== 201) ids.push(body.verification.id)
    house.clock.advance(30_000)
  }
  return ids
}

test('a share of strangers is challenged with a reason of its own, and nothing is held against them', async () => {
  const house = await openHarness({ rules: policy(ALWAYS) })
  const ids = await drawn(house)
  expect(ids.length).toBeGreaterThan(0)
  expect(ids.length).toBeLessThan(ASKED / 5)
  const decision = await (await house.get(`/v1/verifications/${ids[0]}/decision`)).json()
  expect(decision).toMatchObject({
    outcome: 'challenge',
    policy_outcome: 'challenge',
    reasons: [{ code: 'sampled_challenge' }],
    flip: { kind: 'none', because: 'sample' },
  })
  const next = await ask(house, ASKED)
  const { id, verification } = await next.json()
  const seen = await (await house.get(`/v1/verifications/${id ?? verification.id}/decision`)).json()
  expect(seen.features['ip.asks_24h']).toBe(ASKED + 1)
  expect(seen.features['ip.challenges_failed_1h'] ?? 0).toBe(0)
})

test('by default nobody is', async () => {
  const house = await openHarness({ rules: { 'policy.yaml': 'version: "t"\nrules: []\n' } })
  expect(await drawn(house)).toEqual([])
})

test('who verified before, and a service that merely records, are never drawn', async () => {
  const house = await openHarness({ rules: policy(ALWAYS) })
  const path = `/v1/services/${house.account.defaultServiceId}`
  await house.patch(path, {
    protection: 'record_only',
    phone_per_day: 1_000,
    phone_per_hour: 1_000,
  })
  expect(await drawn(house)).toEqual([])
  const id = await issue(house, phoneOf(70))
  const code = await codeFor(house, phoneOf(70))
  await house.post(`/v1/verifications/${id}/check`, { code, client: { ip: PERSON.ip } })
  await house.patch(path, { protection: 'standard' })
  for (let visit = 0; visit < ASKED; visit++) {
    house.clock.advance(3_600_000)
    expect((await ask(house, 70)).status).toBe(201)
  }
})
