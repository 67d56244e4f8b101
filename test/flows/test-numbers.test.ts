import { expect, test } from 'vitest'
import { rebuildCounters } from '../../src/flows/rebuild-counters.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

const PHONE = phoneOf(77)
const CODE = '135790'
/** Nobody gets in under these rules, except where nobody decides. */
const BLOCK_ALL = {
  'policy.yaml': `version: "t"
rules:
  - { id: block-all, why: For this test., when: request.price_micros >= 0.0, action: block }
`,
}

async function openWithNumber() {
  const house = await openHarness({ rules: BLOCK_ALL })
  const { default_service: service } = await (await house.get('/v1/account')).json()
  const path = `/v1/services/${service}`
  const set = await house.patch(path, { test_numbers: [{ phone: PHONE, code: CODE }] })
  expect(set.status).toBe(200)
  return { house, path, set: await set.json() }
}

const ask = async (house: Harness, to = PHONE) => {
  const answer = await house.post('/v1/verifications', { to, client: PERSON })
  return { status: answer.status, body: await answer.json() }
}
const check = async (house: Harness, id: string, code: string, more: object = {}) =>
  (await house.post(`/v1/verifications/${id}/check`, { code, ...more })).json()

test('a test number is let in by its own code, as often as a monitor likes', async () => {
  const { house, set } = await openWithNumber()
  expect(set.test_numbers).toEqual([{ phone: PHONE, code: CODE }])
  for (let round = 0; round < 20; round++) {
    const { status, body } = await ask(house)
    expect(status).toBe(201)
    expect(body.send).toMatchObject({ status: 'delivered' })
    expect(await check(house, body.id, CODE)).toMatchObject({ valid: true, status: 'approved' })
  }
  expect((await ask(house, phoneOf(78))).status).toBe(403)
})

test('nothing is sent, charged, counted or reported for it', async () => {
  const { house } = await openWithNumber()
  const before = await (await house.get('/v1/balance')).json()
  const { body } = await ask(house)
  await check(house, body.id, CODE)
  await house.settle()
  expect(await house.inbox()).toEqual([])
  expect(await (await house.get('/v1/balance')).json()).toEqual(before)
  const report = await (await house.get('/v1/reports/fraud')).json()
  expect(report.total).toMatchObject({ requests: 0, verified: 0, sends: 0 })
  expect(await house.db.driver.all({ sql: 'SELECT * FROM sends', args: [] })).toEqual([])
  const counters = new MemoryVelocityStore()
  const rebuilt = { ...house.house, velocity: counters }
  await rebuildCounters(rebuilt, { velocityMs: 0, rangesMs: 0 })
  const { verifications } = house.house
  const [row] = await verifications.list(
    house.account.id,
    {},
    { limit: 1, before: undefined, nowMs: 0 },
  )
  expect(row?.subjects).toEqual({})
})

test('guesses are limited as ever, and the attempts are not refilled by a resend', async () => {
  const { house } = await openWithNumber()
  const { body } = await ask(house)
  for (let left = 4; left >= 0; left--) {
    expect(await check(house, body.id, '000000')).toMatchObject({
      valid: false,
      attempts_left: left,
    })
    const resent = await house.post(`/v1/verifications/${body.id}/resend`, {})
    expect(resent.status).toBe(left > 0 ? 201 : 409)
  }
  expect(await check(house, body.id, CODE)).toMatchObject({ valid: false })
})

test('its code is good for the amount and payee that were asked for, and for no others', async () => {
  const { house } = await openWithNumber()
  const asked = await house.post('/v1/verifications', { to: PHONE, amount: '5 EUR', payee: 'A' })
  const { id } = await asked.json()
  expect(await check(house, id, CODE)).toMatchObject({ valid: false })
  const right = { amount: '5 EUR', payee: 'A' }
  expect(await check(house, id, CODE, right)).toMatchObject({ valid: true })
})

test('a number that is taken off the list lets nobody in any more', async () => {
  const { house, path } = await openWithNumber()
  const { body } = await ask(house)
  await house.patch(path, { test_numbers: [] })
  expect(await check(house, body.id, CODE)).toMatchObject({ valid: false })
  expect((await ask(house)).status).toBe(403)
})

test('a test says so in its decision, which nothing could have turned', async () => {
  const { house } = await openWithNumber()
  const { body } = await ask(house)
  const decision = await (await house.get(`/v1/verifications/${body.id}/decision`)).json()
  expect(decision).toMatchObject({
    outcome: 'allow',
    reasons: [{ code: 'test_number' }],
    rules: [],
    flip: { kind: 'none', because: 'test_number' },
  })
})

test('test numbers are sealed at rest', async () => {
  const { house } = await openWithNumber()
  const rows = await house.db.driver.all({ sql: 'SELECT * FROM services', args: [] })
  expect(JSON.stringify(rows)).not.toContain(PHONE.slice(1))
  expect(JSON.stringify(rows)).not.toContain(CODE)
  expect(house.logs.join('\n')).not.toContain(PHONE.slice(1))
})

test.each([
  [[{ phone: '+44', code: CODE }], '/test_numbers/0/phone'],
  [[{ phone: '+4474001', code: CODE }], '/test_numbers/0/phone'],
  [[{ phone: PHONE, code: '12' }], '/test_numbers/0/code'],
  [
    [
      { phone: PHONE, code: CODE },
      { phone: PHONE, code: '1234' },
    ],
    '/test_numbers',
  ],
  [Array.from({ length: 51 }, (_, at) => ({ phone: phoneOf(at), code: CODE })), '/test_numbers'],
])('%j is refused', async (numbers, pointer) => {
  const { house, path } = await openWithNumber()
  const answer = await house.patch(path, { test_numbers: numbers })
  expect(answer.status).toBe(400)
  expect((await answer.json()).errors).toEqual([expect.objectContaining({ pointer })])
})
