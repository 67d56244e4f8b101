import { expect, test } from 'vitest'
import type { OutboundMessage } from '../../src/channels/provider.ts'
import type { RouteView } from '../../src/channels/route-health.ts'
import type { DeliveryStatus } from '../../src/domain/send.ts'
import { learnRoutes } from '../../src/flows/learn-routes.ts'
import { recordDeliveries } from '../../src/flows/record-receipts.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { issue, phoneOf } from '../http/suites/door-house.ts'
import type { openHouseOn } from '../support/house-on.ts'
import { openHousesOnOne } from '../support/houses-on-one.ts'
import { acceptedAs, scriptedRouter } from '../support/scripted-router.ts'

type House = Awaited<ReturnType<typeof openHouseOn>>
const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Servers on one database with a cheap provider and a dear one, which take everything. */
async function openServers(count: number) {
  const asked: { readonly provider: string; readonly id: OutboundMessage['id'] }[] = []
  const script = (provider: string) => ({
    send: async ({ id }: OutboundMessage) => {
      asked.push({ provider, id })
      return acceptedAs(id)
    },
  })
  const scripts = { cheap: script('cheap'), dear: script('dear') }
  const costs = { cheap: { cost_micros: 10_000 }, dear: { cost_micros: 30_000 } }
  const servers = await openHousesOnOne(count, () =>
    scriptedRouter(scripts, { routing: { explore: 0 } }, costs),
  )
  let person = 0
  return {
    ...servers,
    asked,
    /** Sends one by this server; answers by which provider. */
    send: async (house: House) => {
      await issue(house, phoneOf(7_000 * person++))
      await house.settle()
      return asked.at(-1)?.provider
    },
    /** This server hears what became of the last one. */
    tell: async ({ house }: House, status: DeliveryStatus) => {
      const { provider, id } = asked.at(-1) ?? { provider: '' }
      const told = { reference: id, error: undefined, segments: 1, cost: undefined }
      await recordDeliveries(house, provider, [{ ...told, providerMessageId: id, status }])
    },
  }
}

const viewOf = ({ house, clock }: House, providerId = 'cheap'): RouteView => {
  const place = { providerId, channel: 'sms', country: 'GB', carrier: undefined } as const
  return house.policy().router.health.view(place, clock.nowMs())
}
/** What it knows beyond what it takes of a stranger. */
const seen = ({ weight }: { readonly weight: number }): number => Math.round(weight * 10) / 10

test('a process that starts knows before its first message what others learned', async () => {
  const { houses, send, tell, open, advance } = await openServers(1)
  const [first] = houses as [House]
  for (let count = 0; count < 12; count++) {
    if ((await send(first)) === 'cheap') await tell(first, 'undelivered')
  }
  expect(await send(first)).toBe('dear')
  advance(MINUTE)
  expect(await send(await open())).toBe('dear')
})

test('processes learn of each other within minutes, and nothing twice', async () => {
  const { houses, send, tell, advance } = await openServers(2)
  const [one, other] = houses as [House, House]
  expect(await send(other)).toBe('cheap')
  for (let count = 0; count < 12; count++) {
    if ((await send(one)) === 'cheap') await tell(one, 'undelivered')
  }
  expect(await send(other)).toBe('cheap')
  advance(MINUTE)
  await send(other)
  const own = seen(viewOf(one).delivered)
  await learnRoutes(one.house)
  expect(seen(viewOf(one).delivered)).toBe(own)
  expect(await send(other)).toBe('dear')
  const learned = viewOf(other)
  await learnRoutes(other.house)
  expect(viewOf(other)).toEqual(learned)
})

test('a code counts once in each process, by whichever of them it is swept', async () => {
  const { houses, send, advance } = await openServers(2)
  const [one, other] = houses as [House, House]
  for (let count = 0; count < 10; count++) await send(one)
  const before = seen(viewOf(other).converted)
  advance(4 * MINUTE)
  await sweep(one.house)
  await sweep(other.house)
  const [ofOne, ofOther] = [viewOf(one), viewOf(other)]
  expect(ofOther.converted.weight).toBeGreaterThan(before + 5)
  expect(ofOne.converted.mean).toBeCloseTo(ofOther.converted.mean, 1)
  advance(10 * SECOND)
  await sweep(other.house)
  expect(seen(viewOf(other).converted)).toBeLessThanOrEqual(seen(ofOther.converted))
})

test('who ordinarily sends receipts and is silent is found out before a code is missed', async () => {
  const { houses, send, tell, advance } = await openServers(1)
  const [only] = houses as [House]
  for (let count = 0; count < 60; count++) {
    await send(only)
    await tell(only, 'delivered')
  }
  advance(46 * SECOND)
  await sweep(only.house)
  const fine = viewOf(only).delivered.mean
  for (let count = 0; count < 30; count++) expect(await send(only)).toBe('cheap')
  advance(40 * SECOND)
  await sweep(only.house)
  expect(viewOf(only).delivered.mean).toBeCloseTo(fine, 2)
  advance(10 * SECOND)
  await sweep(only.house)
  expect(viewOf(only).delivered.mean).toBeLessThan(fine - 0.05)
  expect(await send(only)).toBe('dear')
})
