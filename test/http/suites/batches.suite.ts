import { expect, test } from 'vitest'
import { call, type DoorHouse, type OpenHouse, phoneOf } from './door-house.ts'

const ORDER = { template: '{service}: order {order_no} is on its way.', templates: {} }

async function withTemplate(open: OpenHouse): Promise<DoorHouse> {
  const house = await open()
  const { body } = await call(house, 'GET /v1/account')
  const path = `/v1/services/${String(body.default_service)}`
  const json = { name: 'Acme', message_templates: { order_shipped: ORDER } }
  expect((await call(house, `PATCH ${path}`, { json })).status).toBe(200)
  return house
}

const batchOf = (change: object = {}) => ({
  kind: 'notice',
  template: 'order_shipped',
  messages: [1, 2].map((index) => ({
    to: phoneOf(index),
    variables: { order_no: `A-${index}` },
    reference: `order-${index}`,
  })),
  ...change,
})

/** Batches as their sender sees them, on every runtime. */
export function batchesSuite(open: OpenHouse): void {
  test('a batch is taken, leaves, and is read back message by message', async () => {
    const house = await withTemplate(open)
    const made = await call(house, 'POST /v1/batches', { json: batchOf() })
    expect([made.status, made.body.status, made.body.messages]).toEqual([202, 'sending', 2])
    await house.settle()
    const { body } = await call(house, `GET /v1/batches/${String(made.body.id)}`)
    expect(body).toMatchObject({ counts: { sent: 2, queued: 0 } })
    const path = `/v1/batches/${String(made.body.id)}/messages`
    const first = await call(house, `GET ${path}?limit=1`)
    const next = await call(house, `GET ${path}?cursor=${String(first.body.next_cursor)}`)
    const told = [first, next].flatMap((page) => page.body.messages as object[])
    expect(told).toMatchObject([
      { to: '+447******001', reference: 'order-1', status: 'sent' },
      { to: '+447******002', reference: 'order-2', status: 'sent' },
    ])
    const to = encodeURIComponent(phoneOf(2))
    const inbox = await call(house, `GET /v1/sandbox/messages?to=${to}`)
    expect(inbox.body.messages).toMatchObject([{ body: 'Acme: order A-2 is on its way.' }])
  })

  test('a batch that waits for its time is let go of, and its money is back', async () => {
    const house = await withTemplate(open)
    const before = await call(house, 'GET /v1/balance')
    const send_at = new Date(house.clock.nowMs() + 3_600_000).toISOString()
    const made = await call(house, 'POST /v1/batches', { json: batchOf({ send_at }) })
    const path = `/v1/batches/${String(made.body.id)}`
    expect((await call(house, 'GET /v1/balance')).body).not.toEqual(before.body)
    expect((await call(house, `POST ${path}/cancel`)).status).toBe(200)
    await house.settle()
    const { body } = await call(house, `GET ${path}`)
    expect(body).toMatchObject({ status: 'canceled', counts: { canceled: 2 }, held_micros: 0 })
    expect(body.finished_at).toEqual(expect.any(String))
    expect((await call(house, 'GET /v1/balance')).body).toEqual(before.body)
  })
}
