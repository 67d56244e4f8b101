import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { readTexts } from '../../src/config/rules-files.ts'
import { readRulesFiles } from '../../src/config/yaml-file.ts'
import { assert } from '../../src/domain/assert.ts'
import { newId } from '../../src/domain/ids.ts'
import { destinationOf } from '../../src/flows/remember.ts'
import { sweep } from '../../src/flows/sweep.ts'
import { closed } from '../../src/risk/ranges/blocks.ts'
import type { Database, SqlDriver } from '../../src/storage/database.ts'
import { SqlRangeBlockStore } from '../../src/storage/sql/range-block-store.ts'
import { SqlRangeWatch } from '../../src/storage/sql/range-watch.ts'
import { call, codeFor, PERSON, phoneOf, problemIn } from '../http/suites/door-house.ts'
import { openTestDatabase, testVault } from '../support/databases.ts'
import { openHouseOn } from '../support/house-on.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))
const DAY = 86_400_000
const evidence = { suspicion: 1, surge: 9, excess: 9, asksDay: 40, outcomes: 30, unanswered: 30 }

/** A house whose watch of ranges is in its database; `breaks` makes that watch fail, and nothing else. */
async function openShared() {
  const db = await openTestDatabase()
  const state = { breaks: false }
  const vault = testVault()
  const ranges = new SqlRangeWatch({
    db: { driver: breakable(db, state) },
    hash: (text) => vault.digest('subjects', text),
  })
  const house = await openHouseOn({ db, rules: readRulesFiles(await readTexts(RULES)), ranges })
  onTestFinished(async () => {
    await house.settle()
    await db.close()
  })
  return { ...house, state, db }
}

function breakable({ driver }: Database, state: { readonly breaks: boolean }): SqlDriver {
  const whole = async () => {
    if (state.breaks) throw new TypeError('the database is away')
  }
  return {
    all: async (statement) => whole().then(() => driver.all(statement)),
    batch: async (statements) => whole().then(() => driver.batch(statements)),
  }
}

type Shared = Awaited<ReturnType<typeof openShared>>

const ask = (house: Shared, index: number) =>
  call(house, 'POST /v1/verifications', { json: { to: phoneOf(index), client: PERSON } })

test('silence counts against a range in the database as it does in memory', async () => {
  const house = await openShared()
  for (let index = 0; index < 4; index++) await ask(house, index)
  await house.settle()
  house.clock.advance(10 * 60_000)
  await sweep(house.house)
  const page = { limit: 1, before: undefined, nowMs: house.clock.nowMs() }
  const [row] = await house.house.verifications.list(house.account.id, {}, page)
  assert(row !== undefined, 'the requests are stored')
  const place = { ...destinationOf(row), atMs: house.clock.nowMs(), known: true }
  const sight = await house.house.ranges.look(place)
  expect(sight.outcomes).toBeCloseTo(4, 2)
  expect(sight.suspicion).toBeGreaterThan(0.3)
})

test('while the watch cannot be read people are let in, and closed ranges stay closed', async () => {
  const house = await openShared()
  house.state.breaks = true
  const issued = await ask(house, 1)
  expect(issued.status).toBe(201)
  const code = await codeFor(house, phoneOf(1))
  const checked = await call(house, `POST /v1/verifications/${String(issued.body.id)}/check`, {
    json: { code },
  })
  expect(checked.body).toMatchObject({ valid: true })
  expect(house.logs.filter((line) => line.includes('ranges.unavailable'))).toHaveLength(2)
  await house.closeRange('GB')
  expect(problemIn(await ask(house, 2)).code).toBe('blocked')
})

test('what another process closes or lifts holds here within five seconds, and is not undone', async () => {
  const house = await openShared()
  const another = new SqlRangeBlockStore(house.db.driver)
  const closing = { accountId: house.account.id, kind: 'country', range: 'GB', evidence } as const
  const id = newId('RB', house.house.platform)
  expect((await ask(house, 1)).status).toBe(201)
  await another.put(closed(undefined, { ...closing, id }, house.clock.nowMs()))
  house.clock.advance(5_000)
  expect(problemIn(await ask(house, 2)).code).toBe('blocked')

  house.clock.advance(30 * 60_000 - 7_000)
  expect(problemIn(await ask(house, 3)).code).toBe('blocked')
  await another.remove(house.account.id, id)
  // By what is remembered here, this request would be the one that may try the range.
  house.clock.advance(3_000)
  expect(problemIn(await ask(house, 4)).code).toBe('blocked')
  expect(await another.remembered(house.account.id, 0)).toEqual([])
  expect((await ask(house, 5)).status).toBe(201)
})

test('the sweep forgets customers and ranges that were not heard of for long', async () => {
  const house = await openShared()
  const { body } = await ask(house, 1)
  const json = { code: await codeFor(house, phoneOf(1)), client: { ip: PERSON.ip } }
  await call(house, `POST /v1/verifications/${String(body.id)}/check`, { json })
  const rows = async (table: string) => {
    const found = await house.db.driver.all({ sql: `SELECT count(*) AS n FROM ${table}`, args: [] })
    return Number(found[0]?.n)
  }
  expect(await rows('customers')).toBe(1)
  house.clock.advance(390 * DAY)
  await sweep(house.house)
  expect([await rows('customers'), await rows('range_cells')]).toEqual([1, 0])
  house.clock.advance(12 * DAY)
  await sweep(house.house)
  expect(await rows('customers')).toBe(0)
})
