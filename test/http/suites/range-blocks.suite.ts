import { expect, test } from 'vitest'
import {
  call,
  codeFor,
  type DoorHouse,
  type OpenHouse,
  PERSON,
  phoneOf,
  problemIn,
} from './door-house.ts'

const HOUR = 3_600_000
const TO = phoneOf(7)

const ask = (house: DoorHouse, to = TO) =>
  call(house, 'POST /v1/verifications', { json: { to, client: PERSON } })

async function verify(house: DoorHouse): Promise<void> {
  const { body } = await ask(house)
  const json = { code: await codeFor(house, TO), client: { ip: PERSON.ip } }
  const checked = await call(house, `POST /v1/verifications/${String(body.id)}/check`, { json })
  expect(checked.body.valid).toBe(true)
}

/** A closed range: whom it refuses, whom it spares, and how it opens. */
export function rangeBlocksSuite(open: OpenHouse): void {
  test('a closed range refuses strangers until it is lifted', async () => {
    const house = await open()
    const id = await house.closeRange('GB')
    const refused = await ask(house)
    expect(refused.status).toBe(403)
    expect(refused.body).toMatchObject({
      code: 'blocked',
      decision: { reasons: [{ code: 'range_blocked' }] },
    })
    const lifted = await call(house, `DELETE /v1/range-blocks/${id}`)
    expect(lifted.status).toBe(204)
    expect((await ask(house)).status).toBe(201)
    expect((await call(house, `DELETE /v1/range-blocks/${id}`)).status).toBe(404)
  })

  test('a number that verified days ago passes a closed range', async () => {
    const house = await open()
    await verify(house)
    house.clock.advance(48 * HOUR)
    await house.closeRange('GB')
    expect((await ask(house)).status).toBe(201)
    expect((await ask(house, phoneOf(8))).status).toBe(403)
  })

  test('a closed range is tried again by challenge when its time is over', async () => {
    const house = await open()
    await house.closeRange('GB')
    house.clock.advance(2 * HOUR + 1)
    const tried = await ask(house)
    expect(problemIn(tried).code).toBe('challenge_required')
    expect(problemIn(await ask(house, phoneOf(8))).code).toBe('blocked')
  })

  test('the list tells why a range is closed and until when', async () => {
    const house = await open()
    const id = await house.closeRange('GB')
    const { body } = await call(house, 'GET /v1/range-blocks')
    const nowMs = house.clock.nowMs()
    expect(body.range_blocks).toEqual([
      {
        id,
        kind: 'country',
        range: 'GB',
        state: 'blocked',
        since: new Date(nowMs).toISOString(),
        until: new Date(nowMs + 2 * HOUR).toISOString(),
        repeats: 0,
        evidence: {
          suspicion: 0.9,
          surge: 8,
          excess: 6,
          requests: 40.5,
          outcomes: 30,
          unanswered: 29,
        },
      },
    ])
  })
}
