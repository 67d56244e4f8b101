import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { readTexts } from '../../src/config/rules-files.ts'
import { readRulesFiles } from '../../src/config/yaml-file.ts'
import { type LibsqlDatabase, openLibsql } from '../../src/storage/libsql-database.ts'
import { openTestDatabase } from './databases.ts'
import { type HouseOptions, openHouseOn } from './house-on.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))
const FREE_RULES = { 'policy.yaml': 'version: "1"\nrules: []\n' }
const STEP_MS = 50

type RouterOf = (db: LibsqlDatabase, nowMs: () => number) => NonNullable<HouseOptions['router']>

/** Several servers on one libSQL file, each with its own connection and router; their clocks go together. */
export async function openHousesOnOne(count: number, routerOf: RouterOf) {
  const file = await openTestDatabase()
  const databases: LibsqlDatabase[] = []
  const rules = readRulesFiles(await readTexts(RULES))
  const houses: Awaited<ReturnType<typeof openHouseOn>>[] = []
  const open = async () => {
    const db = await openLibsql(`file:${file.path}`)
    databases.push(db)
    const [beside] = houses
    const clock = { nowMs: () => 0 }
    const house = await openHouseOn(
      { db, rules, ...(beside === undefined ? {} : { beside }) },
      {
        seed: databases.length,
        ...(beside === undefined ? {} : { startMs: beside.clock.nowMs() }),
        router: routerOf(db, () => clock.nowMs()),
        rules: FREE_RULES,
      },
    )
    clock.nowMs = house.clock.nowMs
    houses.push(house)
    return house
  }
  for (let index = 0; index < count; index++) await open()
  const settle = async () => {
    for (const house of houses) await house.settle()
  }
  const advance = (ms: number) => {
    for (const { clock } of houses) clock.advance(ms)
  }
  onTestFinished(async () => {
    await settle()
    for (const db of databases) db.close()
    await file.close()
  })
  return {
    houses,
    /** One more, as of now. */
    open,
    settle,
    advance,
    tick: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += STEP_MS) {
        advance(STEP_MS)
        for (const { house } of houses) house.wakeDue()
        await settle()
      }
    },
  }
}
