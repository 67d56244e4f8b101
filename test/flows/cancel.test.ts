import { expect, test } from 'vitest'
import { sweep } from '../../src/flows/sweep.ts'
import { call, issue, phoneOf } from '../http/suites/door-house.ts'
import { openHarness } from '../support/harness.ts'

const MATURE_MS = 150_000
const TO = phoneOf(1)

/** What the decision on another request for the number knew of its silences. */
async function silencesOf(house: Awaited<ReturnType<typeof openHarness>>): Promise<unknown> {
  const id = await issue(house, TO)
  const { body } = await call(house, `GET /v1/verifications/${id}/decision`)
  const features = body.features as Record<string, unknown>
  await call(house, `POST /v1/verifications/${id}/cancel`)
  return features['phone.unverified_24h']
}

test('a person who got in another way is no silence, even if the code was counted as one already', async () => {
  const house = await openHarness()
  const id = await issue(house, TO)
  await house.settle()
  house.clock.advance(MATURE_MS)
  await sweep(house.house)
  expect(await silencesOf(house)).toBe(1)
  const { status } = await call(house, `POST /v1/verifications/${id}/cancel`)
  expect(status).toBe(200)
  house.clock.advance(MATURE_MS)
  await sweep(house.house)
  expect(await silencesOf(house)).toBe(0)
})
