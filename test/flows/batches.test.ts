import { expect, test } from 'vitest'
import { CN, FR, GB, openBatchShop, RULES, toAll } from '../support/batch-shop.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

test('a batch goes out in the language asked for, and each message costs what its country costs', async () => {
  const shop = await openBatchShop()
  const { status, body } = await shop.send(
    [
      { to: GB(1), variables: { order_no: 'A-1', day: 'Montag' }, reference: 'o1' },
      { to: CN(1), variables: { order_no: 'A-2', day: 'Dienstag' } },
    ],
    { kind: 'notice', template: 'order_shipped', locale: 'de-AT', reference: 'may' },
  )
  expect(status).toBe(202)
  expect(body).toMatchObject({
    kind: 'notice',
    template: 'order_shipped',
    reference: 'may',
    status: 'sending',
    messages: 2,
    price_micros: 60_000,
    held_micros: 60_000,
    settled_micros: 0,
    currency: 'USD',
  })
  await shop.hear(body.id)
  const [text] = await shop.inbox(GB(1))
  expect(text?.body).toBe('Acme: Bestellung A-1 kommt am Montag.')
  expect(await shop.batch(body.id)).toMatchObject({
    status: 'finished',
    counts: { delivered: 2, queued: 0, failed: 0 },
    held_micros: 0,
    settled_micros: 60_000,
  })
  const [first] = await shop.messages(body.id)
  expect(first).toMatchObject({ to: '+447******001', reference: 'o1', status: 'delivered' })
  expect(await shop.balance()).toEqual([9_940_000, 0, 60_000])
  expect(await shop.isZero()).toBe(true)
})

test('what may not be written to is refused by itself, with its reason, and costs nothing', async () => {
  const test_numbers = [{ phone: GB(9), code: '246810' }]
  const shop = await openBatchShop(
    {},
    { blocked_countries: ['FR'], test_numbers, phone_bulk_per_day: 1 },
  )
  await shop.post('/v1/lists/block', { kind: 'phone', value: GB(2), note: 'Asked us to stop.' })
  await shop.send(toAll([GB(3)]))
  await shop.settle()
  const { body } = await shop.send(toAll([GB(1), GB(2), GB(3), FR(1), GB(9)]))
  expect(body).toMatchObject({ messages: 5, price_micros: 40_000, held_micros: 40_000 })
  await shop.hear(body.id)
  const shown = (await shop.messages(body.id)).map(({ status, reason }) => [status, reason])
  expect(shown).toEqual([
    ['delivered', undefined],
    ['refused', 'on_block_list'],
    ['refused', 'phone_day_cap'],
    ['refused', 'country_not_allowed'],
    ['test', undefined],
  ])
  expect(await shop.messages(body.id, '?status=refused')).toHaveLength(3)
  expect(await shop.balance()).toEqual([9_920_000, 40_000, 40_000])
  shop.clock.advance(DAY_MS)
  const { body: later } = await shop.send(toAll([GB(3)]))
  expect(later).toMatchObject({ counts: { refused: 0 } })
})

test('a request whose answer was lost finds the batch that it made, for a day', async () => {
  const shop = await openBatchShop()
  const order = (rest: object = { reference: 'july' }) =>
    shop.send(toAll([GB(1)]), { ...rest }, { 'idempotency-key': 'july-sale' })
  const lost = async (): Promise<void> => {
    await shop.settle()
    await shop.house.idempotency.abandon(shop.account.id, 'july-sale')
  }
  const { body: first } = await order()
  await lost()
  const balance = await shop.balance()
  const again = await order()
  expect([again.status, again.body.id]).toEqual([202, first.id])
  expect(await shop.balance()).toEqual(balance)
  await lost()
  const { body: other } = await order({})
  expect(other.id).not.toBe(first.id)
  await lost()
  expect((await order({})).body.id).toBe(other.id)
  shop.clock.advance(DAY_MS + 1)
  const { status, body: next } = await order({})
  expect([status, [first.id, other.id].includes(next.id)]).toEqual([202, false])
})

test('a batch of which nothing may go is finished when it is taken', async () => {
  const shop = await openBatchShop({}, { countries: ['DE'] })
  const { status, body } = await shop.send(toAll([GB(1)]))
  expect(status).toBe(202)
  expect(body).toMatchObject({ status: 'finished', price_micros: 0, counts: { refused: 1 } })
})

test('a notice keeps nobody from a code in the same minute, nor a code from a notice', async () => {
  const shop = await openBatchShop()
  await shop.send(toAll([GB(1)]))
  const code = await shop.post('/v1/verifications', { to: GB(1) })
  expect(code.status).toBe(201)
  const { body } = await shop.send(toAll([GB(1)]))
  expect(body).toMatchObject({ counts: { refused: 0 } })
})

const bad: readonly [string, object, string][] = [
  ['a number that is none', { messages: toAll([GB(1), '+4412']) }, '/messages/1/to'],
  ['the same number twice', { messages: toAll([GB(1), GB(2), GB(1)]) }, '/messages/2/to'],
  ['no messages', { messages: [] }, '/messages'],
  [
    'more than a thousand',
    { messages: toAll(Array.from({ length: 1_001 }, (_, i) => GB(i))) },
    '/messages',
  ],
  ['an unknown template', { template: 'constructor' }, '/template'],
  ['a kind that codes have', { kind: 'otp' }, '/kind'],
  [
    'a missing variable',
    { template: 'order_shipped', messages: [{ to: GB(1), variables: { day: 'x' } }] },
    '/messages/0/variables/order_no',
  ],
  [
    'an unknown variable',
    { messages: [{ to: GB(1), variables: { colour: 'red' } }] },
    '/messages/0/variables/colour',
  ],
  [
    'a variable with a line break',
    { messages: [{ to: GB(1), variables: { day: 'a\nb' } }] },
    '/messages/0/variables/day',
  ],
  [
    'a variable that is no text',
    { messages: [{ to: GB(1), variables: { day: 7 } }] },
    '/messages/0/variables/day',
  ],
  ['a time that is none', { send_at: 'tomorrow' }, '/send_at'],
  ['a time too far ahead', { send_at: '2026-05-02T12:00:00Z' }, '/send_at'],
  [
    'an end before the beginning',
    { send_at: '2026-03-03T12:00:00Z', expires_at: '2026-03-03T11:00:00Z' },
    '/expires_at',
  ],
  ['an end too late', { expires_at: '2026-03-09T12:00:00Z' }, '/expires_at'],
  ['a service of somebody else', { service: `VA${'0'.repeat(32)}` }, '/service'],
  ['a field nobody knows', { colour: 'red' }, '/colour'],
]

test.each(bad)(
  '%s refuses the whole batch and names the field',
  async (_claim, change, pointer) => {
    const shop = await openBatchShop()
    const { status, body } = await shop.send(toAll([GB(1)]), change as Record<string, unknown>)
    expect(status).toBe(400)
    const { errors, code } = body as unknown as { errors: { pointer: string }[]; code: string }
    expect([code, errors[0]?.pointer]).toEqual(['invalid_request', pointer])
    await shop.settle()
    expect(await shop.balance()).toEqual([10_000_000, 0, 0])
    const { batches } = (await shop.read(await shop.get('/v1/batches'))).body
    expect(batches).toEqual([])
    expect(await shop.inbox()).toEqual([])
  },
)

test('a text of more than ten parts is refused before anything is priced', async () => {
  const long = { long: { template: `${'é'.repeat(600)}{a}{b}{c}` } }
  const shop = await openBatchShop({}, { message_templates: long })
  const variables = { a: '文'.repeat(200), b: '文', c: '文' }
  const { status, body } = await shop.send([{ to: GB(1), variables }], { template: 'long' })
  expect(status).toBe(400)
  expect(body.detail).toBe('/messages/0/variables: make a text of 12 parts; 10 at most')
})

test('a balance that does not cover all of it carries none of it', async () => {
  const shop = await openBatchShop({ balance: 100_000 })
  const { status, body } = await shop.send(toAll([GB(1), GB(2), GB(3)]))
  expect([status, body.code]).toEqual([402, 'balance_exhausted'])
  expect(await shop.balance()).toEqual([100_000, 0, 0])
  expect((await shop.send(toAll([GB(1), GB(2)]))).status).toBe(202)
  expect(await shop.balance()).toEqual([20_000, 80_000, 0])
})

test('packages pay first, and a batch that they cover in part is paid in parts', async () => {
  const shop = await openBatchShop()
  const granted = await shop.post('/v1/packages', {
    market: 'domestic',
    kind: 'bulk',
    segments: 3,
    expires_at: '2026-04-01T00:00:00Z',
    reference: 'P-1',
  })
  expect(granted.status).toBe(201)
  const { body } = await shop.send(toAll([CN(1), CN(2), GB(1), CN(3), CN(4)]))
  expect(body).toMatchObject({ price_micros: 160_000, held_micros: 70_000, held_segments: 3 })
  await shop.hear(body.id)
  expect(await shop.batch(body.id)).toMatchObject({
    held_micros: 0,
    held_segments: 0,
    settled_micros: 70_000,
    settled_segments: 3,
  })
  expect(await shop.isZero()).toBe(true)
})

test('twenty batches at once take no more than a budget has, each whole or not at all', async () => {
  const shop = await openBatchShop()
  await shop.request('/v1/budgets', {
    method: 'PUT',
    headers: { authorization: shop.keys.admin, 'content-type': 'application/json' },
    body: JSON.stringify({
      country: 'GB',
      period: 'day',
      kind: 'hard',
      limit_sends: 50,
      alerts: [0.5],
    }),
  })
  const sent = await Promise.all(
    Array.from({ length: 20 }, (_, batch) =>
      shop.send(toAll(Array.from({ length: 8 }, (__, index) => GB(batch * 8 + index)))),
    ),
  )
  expect(sent.filter(({ status }) => status === 202)).toHaveLength(6)
  const refused = sent.filter(({ status }) => status !== 202)
  expect(new Set(refused.map(({ body }) => body.code))).toEqual(new Set(['budget_exhausted']))
  await shop.settle()
  expect(await shop.balance()).toEqual([10_000_000 - 48 * 40_000, 48 * 40_000, 0])
  const { budgets } = (await shop.read(await shop.get('/v1/budgets'))).body
  expect(budgets).toMatchObject([{ used_sends: 48 }])
})

test('the daily budget of the service holds too', async () => {
  const shop = await openBatchShop({}, { daily_budget_micros: 100_000 })
  const { status, body } = await shop.send(toAll([GB(1), GB(2), GB(3)]))
  expect([status, body.code]).toEqual([429, 'budget_exhausted'])
  expect((await shop.send(toAll([GB(1), GB(2)]))).status).toBe(202)
  expect((await shop.send(toAll([GB(3)]))).status).toBe(429)
})

test('the same Idempotency-Key gives the same batch, and the same reference no second one', async () => {
  const shop = await openBatchShop()
  const once = { 'idempotency-key': 'k-1' }
  const first = await shop.send(toAll([GB(1)]), { reference: 'r-1' }, once)
  const again = await shop.send(toAll([GB(1)]), { reference: 'r-1' }, once)
  expect(again).toEqual(first)
  const other = await shop.send(toAll([GB(2)]), { reference: 'r-1' })
  expect([other.status, other.body.code]).toEqual([409, 'conflict'])
  expect(await shop.balance()).toEqual([9_960_000, 40_000, 0])
})

test('a batch waits for its time, with its money set aside, and leaves then', async () => {
  const shop = await openBatchShop()
  const { body } = await shop.send(toAll([GB(1)]), { send_at: '2026-03-05T12:00:00Z' })
  await shop.settle()
  expect(body).toMatchObject({ status: 'scheduled', held_micros: 40_000 })
  await shop.pass(3 * DAY_MS - 1)
  expect(await shop.inbox()).toEqual([])
  expect(await shop.batch(body.id)).toMatchObject({ status: 'scheduled', held_micros: 40_000 })
  await shop.pass(1)
  expect(await shop.inbox()).toHaveLength(1)
  await shop.hear(body.id)
  expect(await shop.batch(body.id)).toMatchObject({ status: 'finished', settled_micros: 40_000 })
})

test('what waits for its time can be canceled, and its money is back', async () => {
  const shop = await openBatchShop()
  const { body } = await shop.send(toAll([GB(1), CN(1)]), { send_at: '2026-03-05T12:00:00Z' })
  const canceled = await shop.cancel(body.id)
  expect(canceled.body).toMatchObject({ status: 'canceled' })
  await shop.settle()
  expect(await shop.batch(body.id)).toMatchObject({
    status: 'canceled',
    counts: { canceled: 2, queued: 0, failed: 0 },
    held_micros: 0,
    settled_micros: 0,
    finished_at: '2026-03-02T12:00:00.000Z',
  })
  expect(await shop.balance()).toEqual([10_000_000, 0, 0])
  expect((await shop.cancel(body.id)).status).toBe(409)
  await shop.pass(4 * DAY_MS)
  expect(await shop.inbox()).toEqual([])
})

test('a message that nobody takes before the end of its batch is a dead letter that is not requeued', async () => {
  const shop = await openBatchShop()
  const { body } = await shop.send(toAll([GB(1)]), { send_at: '2026-03-03T12:00:00Z' })
  await shop.settle()
  await shop.pass(3 * DAY_MS)
  const [message] = await shop.messages(body.id)
  expect(message).toMatchObject({ status: 'failed', error: { code: 'expired_before_sending' } })
  expect(await shop.balance()).toEqual([10_000_000, 0, 0])
  const letters = (await shop.read(await shop.get('/v1/dead-letters'))).body.dead_letters
  expect(letters).toMatchObject([{ batch: body.id, reason: 'expired', requeueable: false }])
  const requeued = await shop.read(await shop.post(`/v1/dead-letters/${message?.id}/requeue`))
  expect([requeued.status, requeued.body.code]).toEqual([409, 'conflict'])
})

test('a thousand messages are taken in one go, and statements and margins count them', async () => {
  const shop = await openBatchShop({ balance: 100_000_000 })
  const { status, body } = await shop.send(toAll(Array.from({ length: 1_000 }, (_, i) => FR(i))))
  expect(status).toBe(202)
  expect(body).toMatchObject({ price_micros: 50_000_000 })
  await shop.settle()
  expect(await shop.batch(body.id)).toMatchObject({
    counts: { sent: 1_000 },
    settled_micros: 50_000_000,
  })
  const { lines } = (await shop.read(await shop.get('/v1/statements/2026-03'))).body as unknown as {
    lines: object[]
  }
  expect(lines).toMatchObject([{ kind: 'bulk', country: 'FR', sends: 1_000 }])
}, 60_000)

test('another account sees nothing of a batch, and a key without the scope may not send one', async () => {
  const shop = await openBatchShop()
  const { body } = await shop.send(toAll([GB(1)]))
  const other = await shop.request(`/v1/batches/${body.id}`, {
    headers: { authorization: shop.keys.other },
  })
  expect(other.status).toBe(404)
  const verify = await shop.send(toAll([GB(2)]), {}, { authorization: shop.keys.verify })
  expect(verify.status).toBe(403)
})

test('advertising can have a route of its own', async () => {
  const routes = `providers: { codes: { kind: sandbox }, adverts: { kind: sandbox } }
routes:
  - { match: { kind: [bulk] }, use: [adverts] }
  - { match: {}, use: [codes] }
`
  const shop = await openBatchShop({ rules: { ...RULES, 'routes.yaml': routes } })
  await shop.send(toAll([GB(1)]))
  await shop.post('/v1/verifications', { to: GB(2) })
  await shop.settle()
  const carried = async (to: string) => (await shop.inbox(to)).map(({ providerId }) => providerId)
  expect([await carried(GB(1)), await carried(GB(2))]).toEqual([['adverts'], ['codes']])
  const explained = await shop.read(
    await shop.get(`/v1/routes/explain?to=${encodeURIComponent(GB(1))}&kind=bulk`),
  )
  expect(explained.body).toMatchObject({ route: 1, candidates: [{ provider: 'adverts' }] })
})

test('what a canceled batch had counted is free again in the budgets', async () => {
  const shop = await openBatchShop()
  await shop.request('/v1/budgets', {
    method: 'PUT',
    headers: { authorization: shop.keys.admin, 'content-type': 'application/json' },
    body: JSON.stringify({ period: 'day', kind: 'hard', limit_micros: 80_000, alerts: [] }),
  })
  const { body } = await shop.send(toAll([GB(1), GB(2)]), { send_at: '2026-03-03T12:00:00Z' })
  expect((await shop.send(toAll([GB(3)]))).status).toBe(429)
  await shop.cancel(body.id)
  await shop.settle()
  expect((await shop.send(toAll([GB(3)]))).status).toBe(202)
})

test('a batch that was taken by a process that died then is sent by the next look', async () => {
  const shop = await openBatchShop()
  const { wakeDue } = shop.house
  Object.assign(shop.house, { wakeDue: () => undefined })
  const { status } = await shop.send(toAll([GB(1), GB(2)]))
  await shop.settle()
  expect([status, await shop.inbox()]).toEqual([202, []])
  Object.assign(shop.house, { wakeDue })
  await shop.pass(5_000)
  expect(await shop.inbox()).toHaveLength(2)
})

test('at rest nobody reads to whom a batch went, nor what it said', async () => {
  const shop = await openBatchShop()
  const variables = { order_no: 'SECRET-17', day: 'Monday' }
  const message = { to: GB(7), variables, reference: 'customer-4711' }
  await shop.send([message], { kind: 'notice', template: 'order_shipped' })
  const tables = ['batches', 'batch_messages', 'sends', 'ledger_entries', 'webhook_events']
  const rows = await Promise.all(
    tables.map((table) => shop.db.driver.all({ sql: `SELECT * FROM ${table}`, args: [] })),
  )
  expect(rows[1]).toHaveLength(1)
  const text = JSON.stringify(rows) + shop.logs.join()
  for (const secret of [GB(7).slice(1), 'SECRET-17', 'customer-4711']) {
    expect(text).not.toContain(secret)
  }
})
