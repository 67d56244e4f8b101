import { expect, test } from 'vitest'
import { assert } from '../../src/domain/assert.ts'
import { rebuildCounters } from '../../src/flows/rebuild-counters.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { MemoryRangeWatch } from '../../src/risk/ranges/memory-watch.ts'
import { SIGHT_FIELDS } from '../../src/risk/ranges/watch.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { call, codeFor, PERSON, phoneOf } from '../http/suites/door-house.ts'
import { type Harness, openHarness } from '../support/harness.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function watchOf({ house }: Harness): MemoryRangeWatch {
  assert(house.ranges instanceof MemoryRangeWatch, 'the harness watches in memory')
  return house.ranges
}

async function ask(house: Harness, to: string): Promise<string> {
  const { body } = await call(house, 'POST /v1/verifications', { json: { to, client: PERSON } })
  await house.settle()
  return String(body.id)
}

/** Eight people: some type their code, some never, two late and wrong first, one gets in another way, one asks twice. */
async function visit(house: Harness, from: number): Promise<void> {
  for (let visitor = from; visitor < from + 8; visitor++) {
    const to = phoneOf(visitor * 37)
    const id = await ask(house, to)
    house.clock.advance(20_000)
    if (visitor % 4 === 0) await check(house, id, to)
    house.clock.advance(4 * MINUTE)
    await sweep(house.house)
    if (visitor % 4 === 1) await mistype(house, id, to)
    if (visitor % 4 === 1) await check(house, id, to)
    if (visitor % 8 === 2) await call(house, `POST /v1/verifications/${id}/complete`)
    if (visitor % 8 === 3) await call(house, `POST /v1/verifications/${id}/resend`)
    await house.settle()
  }
}

async function check(house: Harness, id: string, to: string): Promise<void> {
  const code = await codeFor(house, to)
  const { body } = await call(house, `POST /v1/verifications/${id}/check`, { json: { code } })
  expect(body).toMatchObject({ valid: true })
}

async function mistype(house: Harness, id: string, to: string): Promise<void> {
  const wrong = [...(await codeFor(house, to))].reverse().map((digit) => (Number(digit) + 1) % 10)
  const typed = { json: { code: wrong.join('') } }
  const { body } = await call(house, `POST /v1/verifications/${id}/check`, typed)
  expect(body).toMatchObject({ valid: false })
}

/** What both say of every number, without counting the question. */
async function expectSameSights(house: Harness, rebuilt: MemoryRangeWatch): Promise<void> {
  const { verifications } = house.house
  const page = { limit: 500, before: undefined, nowMs: 0 }
  const rows = await verifications.list(house.account.id, {}, page)
  expect(rows.length).toBeGreaterThan(10)
  for (const { accountId, phone, subjects, price, traffic } of rows) {
    const place = { accountId, phone, subjects, price, country: traffic.country }
    const asked = { ...place, atMs: house.clock.nowMs(), known: true }
    const [told, expected] = [rebuilt.look(asked), watchOf(house).look(asked)]
    for (const field of SIGHT_FIELDS) {
      // A resend is told again at the time of its first send, which moves decayed counts by a hair.
      const off = Math.abs(told[field] - expected[field])
      expect(off, field).toBeLessThanOrEqual(0.02 * (1 + Math.abs(expected[field])))
    }
  }
}

test('a restart goes on from a snapshot as if it had not happened', async () => {
  const house = await openHarness()
  await visit(house, 0)
  const snapshot = new MemoryRangeWatch()
  snapshot.restore(watchOf(house).saved())
  const velocity = new MemoryVelocityStore()
  velocity.restore((house.house.velocity as MemoryVelocityStore).snapshot())
  house.clock.advance(1_000)
  await visit(house, 8)

  const until = { velocityMs: velocity.atMs, rangesMs: snapshot.atMs }
  await rebuildCounters({ ...house.house, ranges: snapshot, velocity }, until)
  await expectSameSights(house, snapshot)
  const subjects = { country: `${house.account.id}:GB`, account: house.account.id }
  const asked = { atMs: house.clock.nowMs(), subjects, country: 'GB' }
  const told = velocity.observeNow(asked)
  expect(told).toMatchObject(await house.house.velocity.observe(asked))
  expect(told.account?.mistyped_24h).toBe(4)
})

test('a restart without snapshots reads the past from the database', async () => {
  const house = await openHarness()
  await visit(house, 0)
  house.clock.advance(30 * HOUR)
  await visit(house, 8)
  const ranges = new MemoryRangeWatch()
  const velocity = new MemoryVelocityStore()
  const nothing = { velocityMs: 0, rangesMs: 0 }
  const looked = await rebuildCounters({ ...house.house, ranges, velocity }, nothing)
  expect(looked).toBeGreaterThanOrEqual(16)
  await expectSameSights(house, ranges)
})

test('what is older than any memory is not read again', async () => {
  const house = await openHarness()
  await visit(house, 0)
  house.clock.advance(60 * 24 * HOUR)
  const ranges = new MemoryRangeWatch()
  const velocity = new MemoryVelocityStore()
  const nothing = { velocityMs: 0, rangesMs: 0 }
  expect(await rebuildCounters({ ...house.house, ranges, velocity }, nothing)).toBe(0)
  expect([ranges.size, velocity.size]).toEqual([0, 0])
})
