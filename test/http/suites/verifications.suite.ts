import { expect, test } from 'vitest'
import {
  call,
  codeFor,
  type DoorHouse,
  issue,
  type OpenHouse,
  PERSON,
  phoneOf,
  problemIn,
} from './door-house.ts'

const TO = phoneOf(7)
const MINUTE_MS = 60_000

const wrongCodeFor = (code: string): string => (code === '000000' ? '111111' : '000000')

async function check(house: DoorHouse, id: string, json: unknown) {
  const { body } = await call(house, `POST /v1/verifications/${id}/check`, { key: 'verify', json })
  return body
}

/** A verification's life as its door tells it. */
export function verificationsSuite(open: OpenHouse): void {
  test('a person who types the code they received is approved, once', async () => {
    const house = await open()
    const started = await call(house, 'POST /v1/verifications', {
      key: 'verify',
      json: { to: TO, purpose: 'login', client: PERSON, metadata: { order: '17' } },
    })
    expect(started.status, started.text).toBe(201)
    expect(started.body).toMatchObject({
      id: expect.stringMatching(/^VE/),
      status: 'pending',
      to: '+447******007',
      channel: 'sms',
      attempts_left: 5,
      sends_left: 4,
      decision: { outcome: 'allow', score: expect.any(Number) },
      send: { id: expect.stringMatching(/^VL/), status: 'queued' },
      metadata: { order: '17' },
    })
    const id = String(started.body.id)
    const code = await codeFor(house, TO)
    const wrong = await check(house, id, { code: wrongCodeFor(code) })
    expect(wrong).toEqual({ id, status: 'pending', valid: false, attempts_left: 4 })
    const right = await check(house, id, { code })
    expect(right).toEqual({ id, status: 'approved', valid: true, attempts_left: 3 })
    const again = await check(house, id, { code })
    expect(again).toMatchObject({ id, status: 'approved', valid: false })
  })

  test('five wrong codes close a verification, and the right one comes too late', async () => {
    const house = await open()
    const id = await issue(house, TO)
    const code = await codeFor(house, TO)
    const left: unknown[] = []
    for (let guess = 0; guess < 5; guess++) {
      const answer = await check(house, id, { code: wrongCodeFor(code) })
      left.push([answer.status, answer.attempts_left])
    }
    expect(left.at(-1)).toEqual(['max_attempts_reached', 0])
    expect(left.slice(0, 4)).toEqual([4, 3, 2, 1].map((count) => ['pending', count]))
    expect(await check(house, id, { code })).toEqual({
      id,
      status: 'max_attempts_reached',
      valid: false,
      attempts_left: 0,
    })
  })

  test('a code is worth nothing after its life', async () => {
    const house = await open()
    const id = await issue(house, TO)
    const code = await codeFor(house, TO)
    house.clock.advance(10 * MINUTE_MS)
    expect(await check(house, id, { code })).toMatchObject({ status: 'expired', valid: false })
  })

  test('a code for one amount and payee is no code for another', async () => {
    const house = await open()
    const json = { to: TO, client: PERSON, amount: '49.90 EUR', payee: 'Example Books' }
    const { body } = await call(house, 'POST /v1/verifications', { json })
    const code = await codeFor(house, TO)
    const id = String(body.id)
    const other = await check(house, id, { code, amount: '4990.00 EUR', payee: 'Example Books' })
    expect(other).toMatchObject({ valid: false })
    const { amount, payee } = json
    expect(await check(house, id, { code, amount, payee })).toMatchObject({ valid: true })
  })

  test('a resend brings a new code and kills the old one', async () => {
    const house = await open()
    const id = await issue(house, TO)
    const first = await codeFor(house, TO)
    house.clock.advance(MINUTE_MS + 1000)
    const resent = await call(house, `POST /v1/verifications/${id}/resend`, { key: 'verify' })
    expect(resent.status, resent.text).toBe(201)
    expect(resent.body).toMatchObject({ id, status: 'pending', sends_left: 3, attempts_left: 5 })
    const second = await codeFor(house, TO)
    if (first !== second)
      expect(await check(house, id, { code: first })).toMatchObject({ valid: false })
    expect(await check(house, id, { code: second })).toMatchObject({ valid: true })
    const late = await call(house, `POST /v1/verifications/${id}/resend`)
    expect(late.status).toBe(409)
    expect(problemIn(late).code).toBe('verification_closed')
  })

  test('a canceled verification takes no code and no resend, and may be canceled twice', async () => {
    const house = await open()
    const id = await issue(house, TO)
    const code = await codeFor(house, TO)
    for (let time = 0; time < 2; time++) {
      const canceled = await call(house, `POST /v1/verifications/${id}/cancel`)
      expect(canceled.body).toEqual({ id, status: 'canceled' })
    }
    expect(await check(house, id, { code })).toMatchObject({ status: 'canceled', valid: false })
    const resend = await call(house, `POST /v1/verifications/${id}/resend`)
    expect(problemIn(resend).code).toBe('verification_closed')
  })

  test('a number that asks again at once is told when it may', async () => {
    const house = await open()
    await issue(house, TO)
    const again = await call(house, 'POST /v1/verifications', { json: { to: TO, client: PERSON } })
    expect(again.status, again.text).toBe(429)
    expect(problemIn(again).code).toBe('rate_limited')
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(again.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    expect(again.body).toMatchObject({ verification: { status: 'blocked' } })
  })

  test('verifications are found by number, status, outcome, service and time', async () => {
    const house = await open()
    const early = await issue(house, phoneOf(1))
    house.clock.advance(MINUTE_MS)
    const between = new Date(house.clock.nowMs()).toISOString()
    const late = await issue(house, phoneOf(2))
    await call(house, `POST /v1/verifications/${late}/cancel`)
    const { body: account } = await call(house, 'GET /v1/account')
    const listed = async (query: string) => {
      const { body, text } = await call(house, `GET /v1/verifications${query}`, { key: 'report' })
      expect(body.verifications, text).toBeDefined()
      return (body.verifications as { id: string }[]).map(({ id }) => id)
    }
    expect(await listed('')).toEqual([late, early])
    expect(await listed(`?to=${encodeURIComponent(phoneOf(1))}`)).toEqual([early])
    expect(await listed(`?to=${phoneOf(1)}`)).toEqual([early])
    expect(await listed('?status=canceled')).toEqual([late])
    expect(await listed('?status=pending')).toEqual([early])
    expect(await listed('?outcome=block')).toEqual([])
    expect(await listed(`?from=${between}`)).toEqual([late])
    expect(await listed(`?to_time=${between}`)).toEqual([early])
    expect(await listed(`?service=${String(account.default_service)}`)).toEqual([late, early])
    expect(await listed(`?service=VA${'0'.repeat(32)}`)).toEqual([])
  })

  test('a list is read page by page without gaps or repeats', async () => {
    const house = await open()
    const ids: string[] = []
    for (let index = 0; index < 5; index++) {
      ids.unshift(await issue(house, phoneOf(10_000 * index)))
      house.clock.advance(MINUTE_MS)
    }
    const seen: string[] = []
    let cursor: unknown = ''
    for (let page = 0; page < 3; page++) {
      const query = cursor === '' ? '?limit=2' : `?limit=2&cursor=${String(cursor)}`
      const { body } = await call(house, `GET /v1/verifications${query}`)
      seen.push(...(body.verifications as { id: string }[]).map(({ id }) => id))
      cursor = body.next_cursor
    }
    expect(seen).toEqual(ids)
    expect(cursor).toBeNull()
  })
}
