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

const TO = phoneOf(5)
const START = { to: TO, client: PERSON }
const KEY = { 'idempotency-key': 'order-17' }

const start = (house: DoorHouse, json: unknown = START, headers: Record<string, string> = KEY) =>
  call(house, 'POST /v1/verifications', { json, headers })

/** Idempotency-Key: repeated requests have one effect and one answer. */
export function idempotencySuite(open: OpenHouse): void {
  test('the first answer is given again byte for byte, and nothing is sent twice', async () => {
    const house = await open()
    const first = await start(house)
    expect(first.status, first.text).toBe(201)
    await house.settle()
    house.clock.advance(3_600_000)
    const again = await start(house)
    expect(again.status).toBe(201)
    expect(again.text).toBe(first.text)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    await house.settle()
    const inbox = await call(house, 'GET /v1/sandbox/messages')
    expect(inbox.body.messages).toHaveLength(1)
  })

  test('another body or another path under the same key is a conflict', async () => {
    const house = await open()
    await start(house)
    const other = await start(house, { ...START, purpose: 'reset' })
    expect(other.status).toBe(409)
    expect(problemIn(other).code).toBe('idempotency_conflict')
    const elsewhere = await call(house, 'POST /v1/services', { json: { name: 'x' }, headers: KEY })
    expect(problemIn(elsewhere).code).toBe('idempotency_conflict')
  })

  test('two accounts may choose the same key', async () => {
    const house = await open()
    await call(house, 'POST /v1/services', { json: { name: 'Ours' }, headers: KEY })
    const json = { name: 'Theirs' }
    const theirs = await call(house, 'POST /v1/services', { key: 'other', json, headers: KEY })
    expect(theirs.status).toBe(201)
    expect(theirs.body.name).toBe('Theirs')
  })

  test('of twenty parallel requests one is served and the others wait or see its answer', async () => {
    const house = await open()
    const answers = await Promise.all(Array.from({ length: 20 }, () => start(house)))
    const made = answers.filter(({ status }) => status === 201)
    expect(new Set(made.map(({ text }) => text)).size).toBe(1)
    const others = answers.filter(({ status }) => status !== 201)
    for (const answer of others) expect(problemIn(answer).code).toBe('idempotency_in_flight')
    await house.settle()
    const inbox = await call(house, 'GET /v1/sandbox/messages')
    expect(inbox.body.messages).toHaveLength(1)
  })

  test('a blocked request is stored once, however often it is repeated', async () => {
    const house = await open()
    await call(house, 'POST /v1/lists/block', { json: { kind: 'phone', value: TO } })
    const first = await start(house)
    const again = await start(house)
    expect(first.status).toBe(403)
    expect(again.text).toBe(first.text)
    expect(again.headers.get('content-type')).toBe('application/problem+json')
  })

  test('limits, missing money, mistakes and our own failures leave the key free for a retry', async () => {
    const house = await open()
    await start(house, START, {})
    expect((await start(house)).status).toBe(429)
    house.clock.advance(61_000)
    house.breakStore()
    expect((await start(house)).status).toBe(500)
    expect((await start(house, { ...START, to: '+1' })).status).toBe(400)
    expect((await start(house)).status).toBe(201)
    const poor = { key: 'other', json: START, headers: KEY } as const
    expect((await call(house, 'POST /v1/verifications', poor)).status).toBe(402)
    const topUp = { amount_micros: 5_000_000, currency: 'USD', reference: 'INV-1' }
    await call(house, 'POST /v1/balance/top-ups', { key: 'other', json: topUp })
    house.clock.advance(61_000)
    expect((await call(house, 'POST /v1/verifications', poor)).status).toBe(201)
  })

  test('a repeated key creation shows the same secret, and a day later makes a new key', async () => {
    const house = await open()
    const make = () =>
      call(house, 'POST /v1/keys', { json: { name: 'n', scopes: ['verify'] }, headers: KEY })
    const first = await make()
    expect((await make()).body.secret).toBe(first.body.secret)
    house.clock.advance(86_400_001)
    expect((await make()).body.secret).not.toBe(first.body.secret)
  })

  test.each(['', 'with space', 'é', 'k'.repeat(256)])('the key "%s" is refused', async (key) => {
    const house = await open()
    const answer = await start(house, START, { 'idempotency-key': key })
    expect(answer.status).toBe(400)
    expect(problemIn(answer).pointers).toEqual(['header:Idempotency-Key'])
  })

  test('a check takes no key: the same code twice is two attempts', async () => {
    const house = await open()
    const { body } = await start(house)
    const code = await codeFor(house, TO)
    const wrong = code === '000000' ? '111111' : '000000'
    const line = `POST /v1/verifications/${String(body.id)}/check`
    const left: unknown[] = []
    for (let time = 0; time < 2; time++) {
      const answer = await call(house, line, { json: { code: wrong }, headers: KEY })
      left.push(answer.body.attempts_left)
    }
    expect(left).toEqual([4, 3])
  })
}
