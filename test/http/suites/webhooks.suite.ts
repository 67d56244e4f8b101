import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { eventSchema } from '../../../src/api/native/schemas/events.ts'
import { sweep } from '../../../src/flows/sweep.ts'
import type { HouseOptions, OpenedHouse } from '../../support/house-on.ts'
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts'
import { call, codeFor, issue, PERSON, phoneOf, problemIn } from './door-house.ts'

export type OpenWith = (options: HouseOptions) => Promise<OpenedHouse>

const HOUR = 3_600_000
const TO = phoneOf(1)

type Setting = { readonly house: OpenedHouse; readonly receiver: Receiver }
type Made = { readonly id: string; readonly secret: string }

async function webhook({ house }: Setting, types: readonly string[], at = 'a'): Promise<Made> {
  const json = { url: `https://${at}.example.com/hook`, types }
  const { status, body, text } = await call(house, 'POST /v1/webhooks', { json })
  expect(status, text).toBe(201)
  return { id: String(body.id), secret: String(body.secret) }
}

/** Lets time pass, with the sweep that comes along now and then. */
async function pass({ house }: Setting, byMs: number): Promise<void> {
  house.clock.advance(byMs)
  await sweep(house.house)
  await house.settle()
}

async function check({ house }: Setting, id: string, code: string): Promise<void> {
  await call(house, `POST /v1/verifications/${id}/check`, { json: { code } })
}

async function deliveries({ house }: Setting, { id }: Made, query = '') {
  const { body, status } = await call(house, `GET /v1/webhooks/${id}/deliveries${query}`)
  expect(status).toBe(200)
  return body.deliveries as {
    event: string
    type: string
    status: string
    next_try_at?: string
    attempts: { status?: number; error?: string; answer?: string }[]
  }[]
}

/** Throws unless the signature is good, as a customer's own code would. */
const verify = ({ secret }: Pick<Made, 'secret'>, { body, headers }: Received): unknown =>
  new Webhook(secret).verify(body, headers)

/** Callbacks to customers, from the write that they tell of to the receiver. */
export function webhooksSuite(openWith: OpenWith): void {
  const open = async (options: HouseOptions = {}): Promise<Setting> => {
    const receiver = openReceiver()
    return { house: await openWith({ fetch: receiver.fetch, ...options }), receiver }
  }

  test('a person who gets in is told of step by step, signed as the library checks it', async () => {
    const setting = await open({ startMs: Date.now() })
    const { house, receiver } = setting
    const made = await webhook(setting, ['*'])
    const id = await issue(house, TO)
    const code = await codeFor(house, TO)
    await check(setting, id, code)
    await house.settle()
    const { received } = receiver
    const types = received.map(({ event }) => event.type)
    expect(types).toEqual(['verification.started', 'message.sent', 'verification.approved'])
    for (const one of received) {
      expect(one.url).toBe('https://a.example.com/hook')
      expect(verify(made, one)).toEqual(one.event)
      expect(one.headers['webhook-id']).toBe(one.event.id)
      expect(
        eventSchema(one.event.type as 'webhook.test').safeParse(one.event).error,
      ).toBeUndefined()
      expect(one.body).not.toContain(code)
      expect(one.body).not.toContain(TO.slice(1))
    }
    const [started, , approved] = received.map(({ event }) => event.data)
    expect(started).toMatchObject({ id, status: 'pending', to: '+447******001', attempts_left: 5 })
    expect(approved).toMatchObject({ id, status: 'approved', attempts_left: 4 })
    expect((await deliveries(setting, made)).map(({ status }) => status)).toEqual(
      Array(3).fill('delivered'),
    )
  })

  test('a webhook gets the types it asked for, and no account those of another', async () => {
    const setting = await open()
    const { house, receiver } = setting
    await webhook(setting, ['message.*'], 'messages')
    await webhook(setting, ['verification.approved'], 'approved')
    await call(house, 'POST /v1/webhooks', {
      key: 'other',
      json: { url: 'https://other.example.com', types: ['*'] },
    })
    const id = await issue(house, TO)
    await check(setting, id, await codeFor(house, TO))
    await house.settle()
    expect(receiver.received.map(({ url, event }) => [url, event.type])).toEqual([
      ['https://messages.example.com/hook', 'message.sent'],
      ['https://approved.example.com/hook', 'verification.approved'],
    ])
  })

  test('a last wrong code, a cancel and an expiry are each told once', async () => {
    const setting = await open()
    const { house, receiver } = setting
    await webhook(setting, ['verification.failed', 'verification.expired', 'verification.canceled'])
    const guessed = await issue(house, phoneOf(2))
    for (let guess = 0; guess < 6; guess++) await check(setting, guessed, '000000')
    const canceled = await issue(house, phoneOf(3))
    for (let time = 0; time < 2; time++) {
      await call(house, `POST /v1/verifications/${canceled}/cancel`)
    }
    const silent = await issue(house, phoneOf(4))
    const expiresMs = house.clock.nowMs() + 600_000
    await house.settle()
    await pass(setting, 599_999)
    expect(
      receiver.received.map(({ event: { type, data } }) => [type, data.id, data.status]),
    ).toEqual([
      ['verification.failed', guessed, 'max_attempts_reached'],
      ['verification.canceled', canceled, 'canceled'],
    ])
    receiver.types()
    await pass(setting, HOUR)
    expect(receiver.received.map(({ event }) => event)).toMatchObject([
      {
        type: 'verification.expired',
        timestamp: new Date(expiresMs).toISOString(),
        data: { id: silent, status: 'expired' },
      },
    ])
    await pass(setting, HOUR)
    expect(receiver.received).toHaveLength(1)
  })

  test('what was refused is told with its decision, a closed range and a spent budget once', async () => {
    const setting = await open()
    const { house, receiver } = setting
    await webhook(setting, ['*'])
    await house.closeRange('FR')
    const ask = (to: string) =>
      call(house, 'POST /v1/verifications', { json: { to, client: PERSON } })
    expect((await ask('+33612345678')).status).toBe(403)
    await house.settle()
    expect(receiver.received.map(({ event }) => event)).toMatchObject([
      { type: 'fraud.range_blocked', data: { kind: 'country', range: 'FR', state: 'blocked' } },
      {
        type: 'verification.blocked',
        data: { status: 'blocked', decision: { reasons: [{ code: 'range_blocked' }] } },
      },
    ])
    receiver.types()
    const service = `/v1/services/${house.account.defaultServiceId}`
    await house.patch(service, { hourly_budget_micros: 1 })
    for (const index of [5, 6]) {
      expect(problemIn(await ask(phoneOf(index))).code).toBe('budget_exhausted')
    }
    await house.settle()
    const budgets = receiver.received.filter(({ event }) => event.type === 'budget.reached')
    expect(budgets.map(({ event }) => event.data)).toEqual([
      {
        service: house.account.defaultServiceId,
        period: 'hour',
        kind: 'hard',
        level: 'hard',
        limit_micros: 1,
        currency: 'USD',
        ends_at: new Date(house.clock.nowMs() + HOUR).toISOString(),
      },
    ])
  })

  test('a receiver that is down is tried again with the same id until a day is over', async () => {
    const setting = await open()
    const { house, receiver } = setting
    receiver.answerWith(() => new Response('x'.repeat(5_000), { status: 500 }))
    const made = await webhook(setting, ['verification.started'])
    await issue(house, TO)
    await house.settle()
    const [first] = await deliveries(setting, made)
    expect(first?.attempts).toMatchObject([{ status: 500, error: 'not_2xx' }])
    expect(first?.attempts[0]?.answer).toBe('x'.repeat(1_024))
    let [last] = await deliveries(setting, made)
    while (last?.next_try_at !== undefined) {
      await pass(setting, Date.parse(last.next_try_at) - house.clock.nowMs())
      last = (await deliveries(setting, made))[0]
    }
    expect(last?.status).toBe('failed')
    expect(last?.attempts.length).toBeGreaterThanOrEqual(10)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids).size).toBe(1)
    expect(ids).toHaveLength(last?.attempts.length ?? 0)
    receiver.answerWith(() => new Response())
    const replay = `POST /v1/webhooks/${made.id}/deliveries/${last?.event}/replay`
    expect((await call(house, replay)).body).toMatchObject({ status: 'pending' })
    await house.settle()
    expect(await deliveries(setting, made)).toMatchObject([{ status: 'delivered' }])
  })

  test('410 disables a webhook; what it misses then is skipped until it is asked for', async () => {
    const setting = await open()
    const { house, receiver } = setting
    receiver.answerWith(() => new Response(null, { status: 410 }))
    const made = await webhook(setting, ['verification.started'])
    const fromMs = house.clock.nowMs()
    await issue(house, phoneOf(1))
    await house.settle()
    house.clock.advance(1_000)
    await issue(house, phoneOf(2))
    await house.settle()
    const read = async () => (await call(house, `GET /v1/webhooks/${made.id}`)).body
    expect(await read()).toMatchObject({ enabled: false, disabled: { reason: 'gone' } })
    const statuses = (await deliveries(setting, made)).map(({ status }) => status)
    expect(statuses).toEqual(['skipped', 'failed'])
    expect(receiver.types()).toHaveLength(1)
    const replay = {
      line: `POST /v1/webhooks/${made.id}/replay`,
      from: new Date(fromMs).toISOString(),
    }
    const whileDisabled = await call(house, replay.line, { json: { from: replay.from } })
    expect(problemIn(whileDisabled).code).toBe('conflict')
    receiver.answerWith(() => new Response())
    await call(house, `PATCH /v1/webhooks/${made.id}`, { json: { enabled: true } })
    expect(await read()).toMatchObject({ enabled: true })
    const { body } = await call(house, replay.line, { json: { from: replay.from } })
    expect(body).toEqual({ replayed: 2 })
    await house.settle()
    expect(receiver.types()).toEqual(Array(2).fill('verification.started'))
    const again = await call(house, replay.line, { json: { from: replay.from } })
    expect(again.body).toEqual({ replayed: 0 })
    const all = await call(house, replay.line, { json: { from: replay.from, delivered: true } })
    expect(all.body).toEqual({ replayed: 2 })
  })

  test('a webhook that takes nothing for five days is disabled, and says why', async () => {
    const setting = await open()
    const { house, receiver } = setting
    receiver.answerWith(() => Promise.reject(new TypeError('fetch failed')))
    const made = await webhook(setting, ['verification.started'])
    for (let day = 0; day < 6; day++) {
      await issue(house, phoneOf(day))
      for (let hour = 0; hour < 24; hour += 4) await pass(setting, 4 * HOUR)
    }
    expect((await call(house, `GET /v1/webhooks/${made.id}`)).body).toMatchObject({
      enabled: false,
      disabled: { reason: 'failing' },
    })
    expect(house.logs.join('\n')).toContain('"webhook.disabled"')
  })

  test('during the overlap both secrets are good, after it the new one alone', async () => {
    const setting = await open({ startMs: Date.now() })
    const { house, receiver } = setting
    const made = await webhook(setting, ['*'])
    const rotated = await call(house, `POST /v1/webhooks/${made.id}/rotate-secret`, {
      json: { overlap_seconds: 60 },
    })
    const fresh = { secret: String(rotated.body.secret) }
    expect(fresh.secret).not.toBe(made.secret)
    const sendTest = async () => {
      await call(house, `POST /v1/webhooks/${made.id}/test`)
      await house.settle()
      const [got] = receiver.received.splice(0)
      expect(got?.event.type).toBe('webhook.test')
      return got as Received
    }
    const during = await sendTest()
    expect(verify(made, during)).toEqual(verify(fresh, during))
    house.clock.advance(60_000)
    const after = await sendTest()
    expect(verify(fresh, after)).toEqual(after.event)
    expect(() => verify(made, after)).toThrow('No matching signature')
  })

  test('a receiver that does not answer holds up nobody else', async () => {
    const setting = await open()
    const { house, receiver } = setting
    let release = (): void => undefined
    const held = new Promise<Response>((resolve) => {
      release = () => resolve(new Response())
    })
    receiver.answerWith(({ url }) => (url.includes('slow') ? held : new Response()))
    await webhook(setting, ['*'], 'slow')
    const quick = await webhook(setting, ['verification.started'], 'quick')
    const statuses = async () => (await deliveries(setting, quick)).map(({ status }) => status)
    for (let index = 0; index < 12; index++) await issue(house, phoneOf(index * 2_000))
    await expect.poll(statuses).toEqual(Array(12).fill('delivered'))
    expect(receiver.received.filter(({ url }) => url.includes('slow')).length).toBeLessThanOrEqual(
      10,
    )
    release()
    await house.settle()
  })

  test('a target that leads into this network is refused when it is made and when it is called', async () => {
    let addresses = ['93.184.216.34', '10.0.0.7']
    const setting = await open({
      callbacks: { resolve: async () => addresses.map((address) => ({ address })) },
    })
    const { house, receiver } = setting
    const json = { url: 'https://a.example.com/hook', types: ['*'] }
    const refused = await call(house, 'POST /v1/webhooks', { json })
    expect(problemIn(refused)).toEqual({ code: 'invalid_request', pointers: ['/url'] })
    addresses = ['93.184.216.34']
    const made = await webhook(setting, ['*'])
    addresses = ['127.0.0.1']
    const change = await call(house, `PATCH /v1/webhooks/${made.id}`, { json: { url: json.url } })
    expect(problemIn(change).pointers).toEqual(['/url'])
    expect(receiver.received).toEqual([])
  })

  test('a log line about a webhook knows neither its URL nor its secret nor what was answered', async () => {
    const setting = await open()
    const { house, receiver } = setting
    receiver.answerWith(() => new Response('answer-word'))
    const made = await webhook(setting, ['*'], 'host-word')
    await issue(house, TO)
    await house.settle()
    const log = house.logs.join('\n')
    expect(log).toContain('"webhook.tried"')
    for (const secret of ['host-word', 'answer-word', made.secret, TO.slice(1)]) {
      expect(log).not.toContain(secret)
    }
  })

  test('an account has at most twenty webhooks', async () => {
    const setting = await open()
    for (let index = 0; index < 20; index++) await webhook(setting, ['*'], `a${index}`)
    const json = { url: 'https://b.example.com', types: ['*'] }
    const refused = await call(setting.house, 'POST /v1/webhooks', { json })
    expect(problemIn(refused).code).toBe('conflict')
  })
}
