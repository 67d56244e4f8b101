import { expect, test } from 'vitest'
import type { OutboundMessage, QueryResult } from '../../src/channels/provider.ts'
import type { SendId } from '../../src/domain/ids.ts'
import { failed, maybeSent, type SendResult } from '../../src/domain/send.ts'
import { closingOf } from '../../src/flows/record-receipts.ts'
import { aReceipt } from '../stores/suites/examples.ts'
import { HOUR, MINUTE, openDeliveryShop, SECOND } from '../support/delivery-shop.ts'
import { acceptedAs } from '../support/scripted-router.ts'

const DOWN = failed('provider_down', 'http_503')
const LOST = maybeSent('timeout')
const ABSENT: QueryResult = { kind: 'absent' }
const told = (reference: SendId, status: 'sent' | 'delivered'): QueryResult => ({
  kind: 'found',
  delivery: {
    providerMessageId: `m-${reference}`,
    reference,
    status,
    error: undefined,
    segments: undefined,
    cost: undefined,
  },
})

/** Answers one after the other, the last for ever, and keeps what it was asked. */
function scripted(answers: readonly SendResult[], queried?: (id: SendId) => QueryResult) {
  const asked: OutboundMessage[] = []
  const queries: SendId[] = []
  return {
    asked,
    queries,
    send: async (message: OutboundMessage) => {
      asked.push(message)
      return answers[Math.min(asked.length, answers.length) - 1] as SendResult
    },
    ...(queried === undefined
      ? {}
      : {
          query: async ({ id }: { id: SendId }) => {
            queries.push(id)
            return queried(id)
          },
        }),
  }
}

const FULL = [10_000_000, 0, 0]
const HELD = [9_960_000, 40_000, 0]
const PAID = [9_960_000, 0, 40_000]

test('a provider is asked what became of a message whose answer was lost, and the money follows', async () => {
  const only = scripted([LOST], (id) => told(id, 'delivered'))
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue()
  expect(await shop.statusOf(id)).toBe('unknown')
  expect(await shop.balance()).toEqual(HELD)
  await shop.pass(29 * SECOND)
  expect(only.queries).toEqual([])
  await shop.pass(5 * SECOND)
  expect(only.queries).toHaveLength(1)
  expect(await shop.statusOf(id)).toBe('delivered')
  expect(await shop.balance()).toEqual(PAID)
  await shop.pass(10 * MINUTE, MINUTE)
  expect([only.asked.length, only.queries.length]).toEqual([1, 1])
})

test('a message that the provider never had is sent again while its code lives', async () => {
  const only = scripted([LOST, acceptedAs('m-1')], () => ABSENT)
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue()
  await shop.pass(55 * SECOND)
  expect(only.asked).toHaveLength(1)
  await shop.pass(40 * SECOND)
  expect(only.asked).toHaveLength(2)
  expect(await shop.statusOf(id)).toBe('sent')
  expect(await shop.balance()).toEqual(PAID)
})

test('a message that the provider never had and nobody waits for any more gives its money back', async () => {
  const only = scripted([LOST], () => ABSENT)
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue()
  expect((await shop.post(`/v1/verifications/${id}/cancel`)).status).toBe(200)
  await shop.pass(2 * MINUTE)
  expect(only.asked).toHaveLength(1)
  expect(await shop.statusOf(id)).toBe('failed')
  expect(await shop.balance()).toEqual(FULL)
})

test('what nobody ever tells is given up after a day, and a receipt after that changes no money', async () => {
  const only = scripted([LOST])
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue()
  await shop.pass(23 * HOUR, 15 * MINUTE)
  expect(await shop.statusOf(id)).toBe('unknown')
  expect(await shop.balance()).toEqual(HELD)
  await shop.pass(2 * HOUR, 15 * MINUTE)
  const { id: sendId, status } = await shop.sendOf(id)
  expect(status).toBe('failed')
  expect(await shop.balance()).toEqual(FULL)
  const found = await shop.house.outbox.find(sendId as SendId)
  expect(found?.outcome.error).toMatchObject({ kind: 'unknown', code: 'never_heard_of' })
  const { outbox, platform } = shop.house
  const late = aReceipt({ providerId: 'only', reference: sendId as SendId })
  await outbox.recordDelivery(late, shop.clock.nowMs(), closingOf(platform.nowMs))
  expect(await shop.statusOf(id)).toBe('delivered')
  expect(await shop.balance()).toEqual(FULL)
})

test('a process that dies while it sends never makes a message go twice', async () => {
  const died = scripted([acceptedAs('m-1')], (id) => told(id, 'sent'))
  const dies = { ...died, send: (message: OutboundMessage) => die(died.send(message)) }
  const other = scripted([acceptedAs('m-2')])
  const shop = await openDeliveryShop({ dies, other })
  const id = await shop.issue()
  expect(await shop.statusOf(id)).toBe('sending')
  await shop.pass(MINUTE)
  expect([died.asked.length, other.asked.length]).toEqual([1, 0])
  expect(await shop.statusOf(id)).toBe('sent')
  expect(await shop.balance()).toEqual(PAID)
})

/** The provider has it, and nobody is there any more to write that down. */
async function die(accepted: Promise<SendResult>): Promise<never> {
  await accepted
  throw new Error('killed')
}

test('an accepted message that is paid on delivery is asked about when its receipt does not come', async () => {
  const only = scripted([acceptedAs('m-1')], (id) => told(id, 'delivered'))
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue('+4915123456789')
  expect(await shop.balance()).toEqual(HELD)
  await shop.pass(9 * MINUTE, MINUTE)
  expect(only.queries).toEqual([])
  await shop.pass(2 * MINUTE, MINUTE)
  expect(await shop.statusOf(id)).toBe('delivered')
  expect(await shop.balance()).toEqual(PAID)
})

test('a message that no provider takes is tried again in a few rounds, and then fails with its money back', async () => {
  const first = scripted([DOWN])
  const second = scripted([DOWN])
  const shop = await openDeliveryShop({ first, second })
  const id = await shop.issue()
  expect(await shop.statusOf(id)).toBe('queued')
  expect(await shop.balance()).toEqual(HELD)
  await shop.pass(3 * MINUTE)
  expect(first.asked.length + second.asked.length).toBeGreaterThanOrEqual(6)
  expect(first.asked.length + second.asked.length).toBeLessThanOrEqual(12)
  expect(await shop.statusOf(id)).toBe('failed')
  expect(await shop.balance()).toEqual(FULL)
})

test('a message goes as soon as a provider takes it again', async () => {
  const only = scripted([DOWN, DOWN, acceptedAs('m-1')])
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue()
  await shop.pass(MINUTE)
  expect(only.asked).toHaveLength(3)
  expect(await shop.statusOf(id)).toBe('sent')
  expect(await shop.balance()).toEqual(PAID)
})

test('a code that was canceled while it waited is not sent any more', async () => {
  const only = scripted([DOWN, acceptedAs('m-1')])
  const shop = await openDeliveryShop({ only })
  const id = await shop.issue()
  await shop.post(`/v1/verifications/${id}/cancel`)
  await shop.pass(MINUTE)
  expect(only.asked).toHaveLength(1)
  expect(await shop.statusOf(id)).toBe('failed')
  expect(await shop.balance()).toEqual(FULL)
})
