import { expect, test } from 'vitest'
import { GB, openBatchShop, toAll } from '../support/batch-shop.ts'

const DAY_MS = 86_400_000

type Told = { readonly type: string; readonly data: Record<string, unknown> }

/** A shop whose events are told to a receiver that takes them. */
async function openTold() {
  const told: Told[] = []
  const shop = await openBatchShop({
    callbacks: {
      fetch: async (_url, init) => {
        told.push(JSON.parse(String(init.body)) as Told)
        return new Response(null, { status: 204 })
      },
    },
  })
  const hook = { url: 'https://hooks.example.com/', types: ['batch.finished', 'message.*'] }
  expect((await shop.post('/v1/webhooks', hook)).status).toBe(201)
  return {
    ...shop,
    told: (type: string) => told.filter((event) => event.type === type).map(({ data }) => data),
  }
}

test('a batch is told to have finished once, when its last receipt has come, with what it cost', async () => {
  const shop = await openTold()
  const { body } = await shop.send([{ to: GB(1), reference: 'o-1' }, { to: GB(2) }])
  await shop.settle()
  await shop.pass(1_000)
  expect(shop.told('message.sent')).toHaveLength(2)
  expect(shop.told('batch.finished')).toEqual([])
  await shop.hear(body.id)
  await shop.pass(1_000)
  expect(shop.told('batch.finished')).toMatchObject([
    { id: body.id, status: 'finished', counts: { delivered: 2 }, settled_micros: 80_000 },
  ])
  expect(shop.told('message.delivered')).toContainEqual(
    expect.objectContaining({ batch: body.id, to: '+447******001', reference: 'o-1' }),
  )
  expect(JSON.stringify(shop.told('message.delivered'))).not.toContain('verification')
  await shop.hear(body.id)
  await shop.pass(1_000)
  expect(shop.told('batch.finished')).toHaveLength(1)
})

test('receipts that race finish a batch once', async () => {
  const shop = await openTold()
  const { body } = await shop.send(toAll(Array.from({ length: 30 }, (_, index) => GB(index))))
  await Promise.all([shop.hear(body.id), shop.hear(body.id), shop.hear(body.id, 'undelivered')])
  await shop.pass(1_000)
  expect(shop.told('batch.finished')).toHaveLength(1)
  expect(await shop.isZero()).toBe(true)
})

test('receipts that never come end with the money that was held for them', async () => {
  const shop = await openTold()
  const { body } = await shop.send(toAll([GB(1)]), { send_at: '2026-03-04T12:00:00Z' })
  await shop.pass(2 * DAY_MS)
  await shop.pass(3 * DAY_MS)
  expect(await shop.batch(body.id)).toMatchObject({ status: 'sending', held_micros: 40_000 })
  await shop.pass(1)
  expect(await shop.batch(body.id)).toMatchObject({
    status: 'finished',
    counts: { sent: 1 },
    held_micros: 0,
    settled_micros: 0,
  })
  await shop.pass(1)
  expect(shop.told('batch.finished')).toHaveLength(1)
  await shop.hear(body.id)
  await shop.pass(1)
  expect(shop.told('batch.finished')).toHaveLength(1)
  expect(await shop.balance()).toEqual([10_000_000, 0, 0])
})

test('a canceled batch is told to have finished, and so is one of which nothing might go', async () => {
  const shop = await openTold()
  const { body } = await shop.send(toAll([GB(1)]), { send_at: '2026-03-04T12:00:00Z' })
  await shop.cancel(body.id)
  await shop.pass(1_000)
  await shop.patch(`/v1/services/${shop.service}`, { countries: ['DE'] })
  await shop.send(toAll([GB(1)]))
  await shop.pass(1_000)
  expect(shop.told('batch.finished')).toMatchObject([
    { id: body.id, status: 'canceled', counts: { canceled: 1 } },
    { status: 'finished', counts: { refused: 1 } },
  ])
  expect(shop.told('message.failed')).toMatchObject([{ error: { code: 'batch_canceled' } }])
})
