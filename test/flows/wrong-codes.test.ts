import { expect, test } from 'vitest'
import { call, codeFor, issue, PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

const HOUR = 3_600_000

async function typeWrong(house: Harness, id: string, to: string, times: number): Promise<void> {
  const digits = [...(await codeFor(house, to))]
  const code = digits.map((digit) => (Number(digit) + 1) % 10).join('')
  for (let time = 0; time < times; time++)
    await call(house, `POST /v1/verifications/${id}/check`, { json: { code } })
}

async function featuresOf(house: Harness, to: string, client = PERSON) {
  const { body } = await call(house, 'POST /v1/verifications', { json: { to, client } })
  const asked = body.verification ?? body
  const { body: decision } = await call(
    house,
    `GET /v1/verifications/${Reflect.get(Object(asked), 'id')}/decision`,
  )
  return decision.features as Record<string, number>
}

test('a first wrong code is held against the address that asked, once for each message', async () => {
  const house = await openHarness()
  for (const index of [1, 2, 3]) {
    const id = await issue(house, phoneOf(index))
    await typeWrong(house, id, phoneOf(index), 2)
  }
  const seen = await featuresOf(house, phoneOf(4))
  expect(seen['ip.mistyped_24h']).toBe(3)
  expect(seen['ip.mistyped_excess_24h']).toBeGreaterThan(2)
  house.clock.advance(30 * HOUR)
  expect((await featuresOf(house, phoneOf(5)))['ip.mistyped_24h']).toBe(0)
})

test('somebody else’s guesses say nothing about the address of the number’s owner', async () => {
  const house = await openHarness()
  const victim = phoneOf(1)
  await typeWrong(house, await issue(house, victim), victim, 1)
  house.clock.advance(HOUR)
  const own = await featuresOf(house, victim, { ...PERSON, ip: '88.97.12.9' })
  expect(own['ip.mistyped_24h']).toBe(0)
  expect(Object.keys(own).filter((name) => /^phone.*mistyped/.test(name))).toEqual([])
})
