import { expect, test } from 'vitest'
import type { PaceStore } from '../../src/channels/pace-store.ts'
import type { OutboundMessage } from '../../src/channels/provider.ts'
import { SqlPaceStore } from '../../src/storage/sql/pace-store.ts'
import { issue, phoneOf } from '../http/suites/door-house.ts'
import { openHousesOnOne } from '../support/houses-on-one.ts'
import { acceptedAs, scriptedRouter } from '../support/scripted-router.ts'

const SECOND = 1_000

type Options = { readonly houses: number; readonly rate: number; readonly breaks?: boolean }

/** Servers on one database, and what their one provider was asked. */
async function openServers({ houses: count, rate, breaks = false }: Options) {
  const asked: { readonly to: string; readonly atMs: number }[] = []
  const draws: number[] = []
  const servers = await openHousesOnOne(count, ({ driver }, nowMs) => {
    const store = new SqlPaceStore(driver)
    const paces: PaceStore = {
      draw: async (draw) => {
        draws.push(draw.count)
        if (breaks) throw new TypeError('the database is away')
        return store.draw(draw)
      },
    }
    const only = {
      send: async ({ id, to }: OutboundMessage) => {
        asked.push({ to, atMs: nowMs() })
        return acceptedAs(id)
      },
    }
    return scriptedRouter({ only }, {}, { only: { rate_per_second: rate } }, paces)
  })
  return { ...servers, asked, draws }
}

type Servers = Awaited<ReturnType<typeof openServers>>

async function issueBurst({ houses, settle }: Servers, each: number): Promise<void> {
  let person = 0
  for (let round = 0; round < each; round++) {
    await Promise.all(houses.map((house) => issue(house, phoneOf(7_000 * person++))))
  }
  await settle()
}

const mostInASecond = ({ asked }: Servers): number =>
  Math.max(
    ...asked.map(
      ({ atMs: from }) => asked.filter(({ atMs }) => atMs >= from && atMs < from + SECOND).length,
    ),
  )

test('several servers on one database together ask a provider no more often than its rate', async () => {
  const servers = await openServers({ houses: 3, rate: 20 })
  await issueBurst(servers, 30)
  expect(servers.asked).toHaveLength(2)
  await servers.tick(6 * SECOND)
  expect(servers.asked).toHaveLength(90)
  expect(new Set(servers.asked.map(({ to }) => to)).size).toBe(90)
  expect(mostInASecond(servers)).toBeLessThanOrEqual(20 + 2)
})

test('messages of one moment share a draw', async () => {
  const servers = await openServers({ houses: 1, rate: 100 })
  const [house] = servers.houses
  if (house === undefined) throw new Error('there is one')
  await Promise.all(Array.from({ length: 8 }, (_, index) => issue(house, phoneOf(7_000 * index))))
  await servers.settle()
  expect(servers.asked).toHaveLength(8)
  expect(servers.draws.length).toBeLessThanOrEqual(5)
})

test('where the shared rate cannot be read, each server keeps to the rate by itself', async () => {
  const servers = await openServers({ houses: 2, rate: 10, breaks: true })
  await issueBurst(servers, 8)
  expect(servers.asked).toHaveLength(2)
  await servers.tick(2 * SECOND)
  expect(servers.asked).toHaveLength(16)
  expect(mostInASecond(servers)).toBeLessThanOrEqual(2 * (10 + 1))
  const [house] = servers.houses
  expect(house?.logs.filter((line) => line.includes('pace.failed'))).not.toHaveLength(0)
})
