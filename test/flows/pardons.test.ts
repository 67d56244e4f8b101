import { expect, test } from 'vitest'
import { phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

const policy = (perDay: number) => ({
  'policy.yaml': `version: "t"
pardoned_micros_per_day: ${perDay}
rules:
  - { id: scripts, why: A program asks., when: client.automated, action: challenge }
  - id: seldom
    why: It asks for few numbers.
    when: ip.phones_24h <= 20
    action: pardon
    pardons: [scripts]
`,
})
const SCRIPT = { ip: '203.0.113.9', user_agent: 'curl/8.4.0' }

async function ask(house: Harness, index: number) {
  const asked = await house.post('/v1/verifications', { to: phoneOf(index), client: SCRIPT })
  const body = (await asked.json()) as { id?: string; verification?: { id: string } }
  const id = body.id ?? body.verification?.id
  const path = `/v1/verifications/${id}/decision`
  const decision = await (await house.get(path)).json()
  return { status: asked.status, decision }
}

test('what a rule pardons is let through, and the decision says who asked for a challenge and who took it back', async () => {
  const house = await openHarness({ rules: policy(10_000_000) })
  const { status, decision } = await ask(house, 1)
  expect(status).toBe(201)
  expect(decision).toMatchObject({
    outcome: 'allow',
    pardon: 'given',
    reasons: [{ code: 'seldom' }],
    rules: [
      { rule: 'scripts', action: 'challenge' },
      { rule: 'seldom', action: 'pardon', pardons: ['scripts'] },
    ],
    flip: { kind: 'change', outcome: 'challenge' },
  })
})

test('pardons of an account end where they have cost what a day may cost, and begin again a day later', async () => {
  const probe = await openHarness({ rules: policy(10_000_000) })
  const price = (await ask(probe, 1)).decision.price_micros
  const house = await openHarness({ rules: policy(3 * price) })
  const outcomes = []
  for (let index = 0; index < 5; index++) outcomes.push((await ask(house, index)).decision.pardon)
  expect(outcomes).toEqual(['given', 'given', 'given', 'spent', 'spent'])
  const { status, decision } = await ask(house, 6)
  expect(status).toBe(403)
  expect(decision).toMatchObject({ outcome: 'challenge', reasons: [{ code: 'scripts' }] })
  expect(decision.flip.because).not.toBe('not_reproducible')
  house.clock.advance(26 * 3_600_000)
  expect((await ask(house, 7)).decision.pardon).toBe('given')
})

test('without a sum nothing is pardoned', async () => {
  const house = await openHarness({ rules: policy(0) })
  expect((await ask(house, 1)).decision).toMatchObject({ outcome: 'challenge', pardon: 'spent' })
})
