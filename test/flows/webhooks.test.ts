import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../../src/domain/ids.ts'
import { sweep } from '../../src/flows/sweep.ts'
import type { EventPattern } from '../../src/webhooks/event-types.ts'
import { TRIED_FOR_MS } from '../../src/webhooks/schedule.ts'
import type { Delivery } from '../../src/webhooks/stores.ts'
import { makeWebhook } from '../../src/webhooks/webhook.ts'
import { issue, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'
import { openReceiver } from '../support/receiver.ts'

const BEHAVIOURS = {
  takes: () => new Response(null, { status: 204 }),
  fails: () => new Response('no', { status: 500 }),
  asks_for_time: () => new Response(null, { status: 503, headers: { 'retry-after': '90' } }),
  redirects: () => new Response(null, { status: 302, headers: { location: 'http://127.0.0.1/' } }),
  breaks: () => Promise.reject(new TypeError('fetch failed')),
} as const
const behaviour = fc.constantFrom(...(Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[]))

async function listen(
  { house, account }: Harness,
  types: readonly EventPattern[] = ['verification.started'],
) {
  const { webhooks } = house.webhooks
  const settings = { url: 'https://example.com', description: undefined, enabled: true }
  const webhook = makeWebhook(house.platform, account.id, { ...settings, types })
  expect(await webhooks.add(webhook)).toBe(true)
  house.webhooks.courier.hurry()
  return webhook
}

async function tick(house: Harness, byMs: number): Promise<void> {
  house.clock.advance(byMs)
  await sweep(house.house)
  await house.settle()
}

/** Lets time pass until nothing waits any more. */
async function waitForAll(house: Harness, read: () => Promise<readonly Delivery[]>) {
  for (;;) {
    const found = await read()
    const due = found.flatMap(({ dueAtMs }) => dueAtMs ?? [])
    if (due.length === 0) return found
    await tick(house, Math.max(1, Math.min(...due) - house.clock.nowMs()))
  }
}

test('whatever a receiver does, an event arrives or is given up after a day, and every request is in the log', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(7_200_000), { minLength: 1, maxLength: 4 }),
      async (script, gaps) => {
        const receiver = openReceiver()
        const house = await openHarness({ fetch: receiver.fetch })
        const webhook = await listen(house)
        let asked = 0
        receiver.answerWith(() => BEHAVIOURS[script[asked++ % script.length] ?? 'takes']())
        for (const [index, gapMs] of gaps.entries()) {
          await issue(house, phoneOf(index * 2_000))
          await tick(house, gapMs)
        }
        const { events } = house.house.webhooks
        const page = { limit: 100, before: undefined, status: undefined }
        const deliveries = await waitForAll(house, () => events.deliveries(webhook, page))
        expect(deliveries).toHaveLength(gaps.length)
        expect(deliveries.flatMap(({ attempts }) => attempts)).toHaveLength(asked)
        for (const delivery of deliveries) expectOver(delivery)
        await house.db.close()
      },
    ),
    { numRuns: 25 },
  )
})

function expectOver({ event, status, attempts }: Delivery): void {
  const last = attempts.at(-1)
  const succeeded = attempts.filter((one) => one.error === undefined)
  expect(succeeded).toHaveLength(status === 'delivered' ? 1 : 0)
  expect(last?.error === undefined).toBe(status === 'delivered')
  expect(last?.atMs).toBeLessThan(event.atMs + TRIED_FOR_MS)
  if (status === 'failed') expect(attempts.length).toBeGreaterThanOrEqual(10)
}

test('what was cut off in the middle is sent again after a minute, under the same id', async () => {
  let release = (): void => undefined
  const held = new Promise<Response>((resolve) => {
    release = () => resolve(new Response())
  })
  const receiver = openReceiver(() => held)
  const house = await openHarness({ fetch: receiver.fetch })
  const webhook = await listen(house)
  await issue(house, phoneOf(1))
  await expect.poll(() => receiver.received.length).toBe(1)
  receiver.answerWith(() => new Response())
  house.clock.advance(59_000)
  await sweep(house.house)
  expect(receiver.received).toHaveLength(1)
  house.clock.advance(1_000)
  await sweep(house.house)
  await expect.poll(() => receiver.received.length).toBe(2)
  release()
  await house.settle()
  expect(new Set(receiver.received.map(({ event }) => event.id)).size).toBe(1)
  const page = { limit: 10, before: undefined, status: undefined }
  const [delivery] = await house.house.webhooks.events.deliveries(webhook, page)
  expect(delivery).toMatchObject({ status: 'delivered' })
  expect(delivery?.attempts).toHaveLength(2)
})

test('an event that cannot be told takes no other down with it', async () => {
  const receiver = openReceiver()
  const house = await openHarness({ fetch: receiver.fetch })
  const webhook = await listen(house, ['*'])
  const { events } = house.house.webhooks
  const { platform } = house.house
  await events.raise({
    id: newId('EV', platform),
    accountId: house.account.id,
    type: 'fraud.range_blocked',
    once: 'half an event',
    atMs: platform.nowMs(),
    verificationId: undefined,
    sendId: undefined,
    data: {},
  })
  await issue(house, phoneOf(1))
  await house.settle()
  expect(receiver.types()).toContain('verification.started')
  const page = { limit: 10, before: undefined, status: 'pending' as const }
  expect(await events.deliveries(webhook, page)).toMatchObject([
    { event: { type: 'fraud.range_blocked' }, attempts: [{ error: 'internal' }] },
  ])
})
