import { expect, test } from 'vitest'
import type { OutboundMessage } from '../../src/channels/provider.ts'
import { newId, type SendId } from '../../src/domain/ids.ts'
import { MESSAGE_KINDS, type MessageKind } from '../../src/domain/message-kind.ts'
import type { Phone } from '../../src/domain/phone.ts'
import { leaseWoken } from '../../src/flows/dispatch-outbox.ts'
import { draftSend, guardsOf } from '../../src/flows/send-code.ts'
import type { Woken } from '../../src/flows/woken.ts'
import { openDeliveryShop, SECOND } from '../support/delivery-shop.ts'
import { acceptedAs, type Scripts } from '../support/scripted-router.ts'

const STEP_MS = 50
const numbered = (index: number) => `+447400${100_000 + index}` as Phone

/** Providers that take everything and keep when they were asked, behind a server whose alarm rings every 50 ms. */
async function openShop(names: readonly string[], settings: Readonly<Record<string, object>>) {
  const asked: { readonly provider: string; readonly to: Phone; readonly atMs: number }[] = []
  const nowMs = { read: () => 0 }
  const scripts: Scripts = Object.fromEntries(
    names.map((provider) => [
      provider,
      {
        send: async ({ id, to }: OutboundMessage) => {
          asked.push({ provider, to, atMs: nowMs.read() })
          return acceptedAs(id)
        },
      },
    ]),
  )
  const shop = await openDeliveryShop(scripts, {}, settings)
  nowMs.read = shop.clock.nowMs
  return {
    ...shop,
    asked,
    /** What no door takes yet: a message of a lower kind, written as a code's is. */
    write: async (kind: MessageKind, to: Phone) => {
      const { house } = shop
      const [like] = await house.verifications.list(shop.account.id, {}, page(shop.clock.nowMs()))
      if (like === undefined) throw new Error('one was issued before')
      const service = await house.tenancy.service(like.accountId, like.serviceId)
      if (service === undefined) throw new Error('it has its service')
      const createdAtMs = shop.clock.nowMs()
      const fresh = { createdAtMs, expiresAtMs: createdAtMs + 600 * SECOND, phone: to }
      const verification = { ...like, ...fresh, id: newId('VE', house.platform) }
      const { rate } = (await house.outbox.latestOf([like.id])).get(like.id) ?? {}
      if (rate === undefined) throw new Error('it has its send')
      const send = draftSend(house, verification, { ...rate, kind })
      const guards = await guardsOf(house, send, service)
      const opened = await house.verifications.open({
        verification,
        ...guards,
        challengeNonce: undefined,
      })
      expect(opened.kind).toBe('opened')
      house.wake({ id: send.id, kind, routed: undefined })
    },
    tick: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        shop.clock.advance(STEP_MS)
        shop.house.wakeDue()
        await shop.settle()
      }
    },
  }
}

const page = (nowMs: number) => ({ before: undefined, limit: 1, nowMs })

test('no kind of message gets a provider asked more often than its rate, and codes go first', async () => {
  const shop = await openShop(['only'], { only: { rate_per_second: 10 } })
  await shop.issue(numbered(0))
  const kindOf = new Map<string, MessageKind>()
  let next = 1
  for (const kind of MESSAGE_KINDS.toReversed()) {
    for (let count = 0; count < 40; count++) {
      const to = numbered(next++)
      kindOf.set(to, kind)
      await shop.write(kind, to)
    }
  }
  await shop.settle()
  await shop.tick(14 * SECOND)
  const sent = shop.asked.slice(1).map(({ to, atMs }) => ({ atMs, kind: kindOf.get(to) }))
  expect(sent).toHaveLength(120)
  for (const { atMs } of sent) {
    const second = sent.filter((one) => one.atMs >= atMs && one.atMs < atMs + SECOND)
    expect(second.length).toBeLessThanOrEqual(10 + 1)
  }
  const kinds = sent.map(({ kind }) => kind)
  expect(kinds.slice(0, 48).filter((kind) => kind === 'otp').length).toBeGreaterThanOrEqual(40)
  expect(kinds.slice(0, 45)).toContain('bulk')
  expect(kinds.lastIndexOf('notice')).toBeLessThan(kinds.lastIndexOf('bulk'))
  expect(await shop.balance()).toEqual([10_000_000 - 121 * 40_000, 0, 121 * 40_000])
})

test('what one provider has no room for goes by another that is as good, at once', async () => {
  const shop = await openShop(['cheap', 'dear'], {
    cheap: { rate_per_second: 1, cost_micros: 1 },
    dear: { cost_micros: 2 },
  })
  for (let index = 0; index < 5; index++) await shop.issue(numbered(index))
  expect(shop.asked.map(({ provider }) => provider)).toEqual(['cheap', ...Array(4).fill('dear')])
  await shop.tick(SECOND)
  await shop.issue(numbered(9))
  expect(shop.asked.at(-1)?.provider).toBe('cheap')
})

test('waiting for room takes no round: a message that waited has all its retries left', async () => {
  const shop = await openShop(['only'], { only: { rate_per_second: 2 } })
  const ids: string[] = []
  for (let index = 0; index < 30; index++) ids.push(await shop.issue(numbered(index)))
  expect(shop.asked).toHaveLength(1)
  expect(await shop.statusOf(ids[29] ?? '')).toBe('queued')
  await shop.tick(15 * SECOND)
  expect(shop.asked.map(({ to }) => to)).toEqual(ids.map((_, index) => numbered(index)))
  expect(await shop.statusOf(ids[29] ?? '')).toBe('sent')
})

test('a code whose turn would come after its life fails at once, with its money back', async () => {
  const shop = await openShop(['only'], { only: { rate_per_second: 0.002 } })
  await shop.issue(numbered(0))
  const late = await shop.issue(numbered(1))
  expect(shop.asked).toHaveLength(1)
  await shop.tick(STEP_MS)
  const later = await shop.issue(numbered(2))
  expect([await shop.statusOf(late), await shop.statusOf(later)]).toEqual(['queued', 'failed'])
  const found = await shop.house.outbox.find((await shop.sendOf(later)).id as SendId)
  expect(found?.outcome.error).toMatchObject({ kind: 'throttled', code: 'no_room_in_time' })
  expect(await shop.balance()).toEqual([9_920_000, 40_000, 40_000])
})

test('of a burst no more are leased with a provider named than find room with it, so that a crash leaves the rest queued', async () => {
  const shop = await openShop(['cheap', 'dear'], {
    cheap: { rate_per_second: 20, cost_micros: 1 },
    dear: { rate_per_second: 10, cost_micros: 2 },
  })
  const woken: Woken[] = []
  Object.assign(shop.house, { wake: (one: Woken) => woken.push(one) })
  for (let index = 0; index < 6; index++) await shop.issue(numbered(7_000 * index))
  const flights = await leaseWoken(shop.house, woken)
  const named = flights.map(({ job }) => job.providerId)
  expect(named).toEqual(['cheap', 'cheap', 'dear', undefined, undefined, undefined])
  shop.clock.advance(30 * SECOND)
  shop.house.wakeDue()
  await shop.settle()
  expect(shop.asked.map(({ provider }) => provider)).toEqual(['cheap', 'cheap', 'dear'])
})
