import { type Challenge, solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'
import { expect, test } from 'vitest'
import { call, type DoorHouse, type OpenHouse, PERSON, phoneOf, problemIn } from './door-house.ts'

const TO = phoneOf(3)
/** Most of them cannot show a message, so a rule asks for a challenge. */
const FIXED_LINE = '+442079460017'
const START = { to: TO, client: PERSON }

const blockNumber = (house: DoorHouse) =>
  call(house, 'POST /v1/lists/block', { json: { kind: 'phone', value: TO } })

async function makeDefaultServiceSilent(house: DoorHouse): Promise<void> {
  const { body } = await call(house, 'GET /v1/account')
  const path = `PATCH /v1/services/${String(body.default_service)}`
  const { status } = await call(house, path, { json: { block_response: 'silent' } })
  expect(status).toBe(200)
}

/** What a refused caller learns, and what an operator finds. */
export function refusalsSuite(open: OpenHouse): void {
  test('a blocked request is stored with its decision, and nothing is sent', async () => {
    const house = await open()
    await blockNumber(house)
    const blocked = await call(house, 'POST /v1/verifications', { key: 'verify', json: START })
    expect(blocked.status, blocked.text).toBe(403)
    expect(problemIn(blocked).code).toBe('blocked')
    const { verification, decision } = blocked.body as {
      verification: { id: string }
      decision: { id: string; outcome: string; reasons: unknown[] }
    }
    expect(decision).toMatchObject({ outcome: 'block', id: expect.stringMatching(/^DE/) })
    expect(decision.reasons.length).toBeGreaterThan(0)
    const path = `/v1/verifications/${verification.id}`
    const found = await call(house, `GET ${path}`, { key: 'report' })
    expect(found.body).toMatchObject({ status: 'blocked', decision })
    expect(found.body).not.toHaveProperty('send')
    const record = await call(house, `GET ${path}/decision`, { key: 'report' })
    expect(record.body).toMatchObject({
      ...decision,
      verification: verification.id,
      features: expect.any(Object),
      rules: expect.any(Array),
      rules_version: expect.any(String),
      traffic: { country: 'GB' },
    })
    await house.settle()
    const inbox = await call(house, 'GET /v1/sandbox/messages')
    expect(inbox.body.messages).toEqual([])
  })

  test('a silent service answers a blocked request like a sent one, from issue to cancel', async () => {
    const house = await open()
    await makeDefaultServiceSilent(house)
    const sent = await call(house, 'POST /v1/verifications', {
      json: { to: phoneOf(4), client: PERSON },
    })
    await blockNumber(house)
    const hidden = await call(house, 'POST /v1/verifications', { key: 'verify', json: START })
    expect(hidden.status).toBe(sent.status)
    expect(Object.keys(hidden.body)).toEqual(Object.keys(sent.body))
    expect(hidden.body).toMatchObject({
      status: 'pending',
      attempts_left: sent.body.attempts_left,
      sends_left: sent.body.sends_left,
      decision: { outcome: 'allow', reasons: [] },
      send: { status: 'queued' },
    })
    const path = `/v1/verifications/${String(hidden.body.id)}`
    const checked = await call(house, `POST ${path}/check`, { json: { code: '123456' } })
    expect(checked.body).toMatchObject({ status: 'pending', valid: false })
    const resent = await call(house, `POST ${path}/resend`)
    expect(resent.status).toBe(201)
    expect(resent.body).toMatchObject({ id: hidden.body.id, status: 'pending' })
    const canceled = await call(house, `POST ${path}/cancel`)
    expect(canceled.body).toMatchObject({ status: 'canceled' })
    house.clock.advance(601_000)
    const late = await call(house, `POST ${path}/check`, { json: { code: '123456' } })
    expect(late.body).toMatchObject({ status: 'expired', valid: false })
    const truth = await call(house, `GET ${path}`, { key: 'report' })
    expect(truth.body).toMatchObject({ status: 'blocked', decision: { outcome: 'block' } })
  })

  test('a challenged request goes on with its solution, once', async () => {
    const house = await open()
    const json = { to: FIXED_LINE, client: PERSON }
    const asked = await call(house, 'POST /v1/verifications', { key: 'verify', json })
    expect(asked.status, asked.text).toBe(403)
    expect(problemIn(asked).code).toBe('challenge_required')
    expect(asked.body).toMatchObject({
      verification: { id: expect.stringMatching(/^VE/), status: 'challenge_required' },
      decision: { outcome: 'challenge' },
    })
    const challenge = asked.body.challenge as Challenge
    const solution = await solveChallenge({ challenge, deriveKey })
    const solved = { ...json, challenge: btoa(JSON.stringify({ challenge, solution })) }
    const sent = await call(house, 'POST /v1/verifications', { key: 'verify', json: solved })
    expect(sent.status, sent.text).toBe(201)
    house.clock.advance(61_000)
    const again = await call(house, 'POST /v1/verifications', { key: 'verify', json: solved })
    expect(problemIn(again).code).toBe('challenge_required')
    const elsewhere = await call(house, 'POST /v1/verifications', {
      json: { ...solved, to: '+442079460018' },
    })
    expect(problemIn(elsewhere).code).toBe('challenge_required')
  })

  test('an empty balance is a problem of its own, and the next top-up ends it', async () => {
    const house = await open()
    const { body: balance } = await call(house, 'GET /v1/balance', { key: 'other' })
    expect(balance.available_micros).toBe(0)
    const poor = await call(house, 'POST /v1/verifications', { key: 'other', json: START })
    expect(poor.status, poor.text).toBe(402)
    expect(problemIn(poor).code).toBe('balance_exhausted')
    const topUp = { amount_micros: 5_000_000, currency: 'USD', reference: 'INV-1' }
    const booked = await call(house, 'POST /v1/balance/top-ups', { key: 'other', json: topUp })
    expect(booked.body).toMatchObject({ balance: { available_micros: 5_000_000 } })
    const twice = await call(house, 'POST /v1/balance/top-ups', { key: 'other', json: topUp })
    expect(problemIn(twice)).toEqual({ code: 'conflict', pointers: ['/reference'] })
    house.clock.advance(61_000)
    const rich = await call(house, 'POST /v1/verifications', { key: 'other', json: START })
    expect(rich.status, rich.text).toBe(201)
  })

  test.each([
    ['+1', 'invalid_phone', '/to'],
    ['07400 123456', 'invalid_phone', '/to'],
    ['+999123456789', 'invalid_phone', '/to'],
    ['+44740012345678901', 'invalid_phone', '/to'],
  ])('the number %s is refused and named', async (to, code, pointer) => {
    const house = await open()
    const answer = await call(house, 'POST /v1/verifications', { json: { to } })
    expect(answer.status).toBe(400)
    expect(problemIn(answer)).toEqual({ code, pointers: [pointer] })
  })

  test('a service of another account is no service', async () => {
    const house = await open()
    const { body } = await call(house, 'GET /v1/account', { key: 'other' })
    const json = { ...START, service: body.default_service }
    const foreign = await call(house, 'POST /v1/verifications', { json })
    const missing = await call(house, 'POST /v1/verifications', {
      json: { ...START, service: `VA${'0'.repeat(32)}` },
    })
    expect(problemIn(foreign)).toEqual({ code: 'invalid_request', pointers: ['/service'] })
    expect(foreign.body).toEqual({ ...missing.body, instance: foreign.body.instance })
  })

  test('a key may be bound to addresses, and cannot revoke itself', async () => {
    const house = await open()
    const json = { name: 'Office', scopes: ['admin'], allowed_ips: ['198.51.100.0/24'] }
    const { body } = await call(house, 'POST /v1/keys', { json })
    const authorization = `Basic ${btoa(`${String(body.id)}:${String(body.secret)}`)}`
    const init = { headers: { authorization } }
    expect((await house.request('/v1/account', init, '198.51.100.3')).status).toBe(200)
    expect((await house.request('/v1/account', init, '203.0.113.3')).status).toBe(403)
    expect((await house.request('/v1/account', init, '')).status).toBe(403)
    const own = await house.request(
      `/v1/keys/${String(body.id)}`,
      { method: 'DELETE', ...init },
      '198.51.100.3',
    )
    expect(own.status).toBe(409)
    const revoked = await call(house, `DELETE /v1/keys/${String(body.id)}`)
    expect(revoked.status).toBe(204)
    expect((await house.request('/v1/account', init, '198.51.100.3')).status).toBe(401)
    const listed = await call(house, 'GET /v1/keys')
    expect(listed.text).not.toContain(String(body.secret))
    expect(listed.text).toContain('revoked_at')
  })
}
