import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { readTexts } from '../../src/config/rules-files.ts'
import { readRulesFiles } from '../../src/config/yaml-file.ts'
import { openTestDatabase } from './databases.ts'
import { type HouseOptions, openHouseOn } from './house-on.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))

/** A whole service on a libSQL file of its own, which goes when the test that opened it is over. See `openHouseOn`. */
export async function openHarness(options: HouseOptions = {}) {
  const db = await openTestDatabase()
  const house = await openHouseOn({ db, rules: readRulesFiles(await readTexts(RULES)) }, options)
  onTestFinished(async () => {
    await house.settle()
    await db.close()
  })
  return { ...house, db }
}

export type Harness = Awaited<ReturnType<typeof openHarness>>
