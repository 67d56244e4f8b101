import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readTexts } from '../../../src/config/rules-files.ts'
import { openLibsql } from '../../../src/storage/libsql-database.ts'
import { migrate } from '../../../src/storage/migrate.ts'
import { migrationFiles, testVault } from '../../support/databases.ts'
import { type Ground, libsqlGround, memoryGround } from './ground.ts'
import { reportOf } from './report.ts'
import { readSimPolicy } from './service.ts'
import { simulate } from './simulate.ts'

/**
 * `SEED=17 PEOPLE=100000 npm run sim:delivery`: a day of a busy login, and whether the goals of delivery are met. In memory, or with
 * `DATABASE=new.db` over a libSQL file that stays.
 */
const seed = Number(process.env.SEED ?? 1)
const people = Number(process.env.PEOPLE ?? 100_000)
const say = (line: string) => process.stdout.write(`${line}\n`)
const rules = fileURLToPath(new URL('../../../rules', import.meta.url))
const vault = testVault()

async function openGround(path: string | undefined): Promise<Ground> {
  if (path === undefined) return memoryGround()
  if (existsSync(path)) throw new Error(`${path} is there already`)
  const db = await openLibsql(`file:${path}`)
  await migrate(db.driver, await migrationFiles())
  return libsqlGround(db, vault)
}

const startedMs = performance.now()
const measured = await simulate({
  seed,
  people,
  perMinute: 70,
  ground: await openGround(process.env.DATABASE),
  vault,
  policyMaker: readSimPolicy(await readTexts(rules)),
  livesMs: Number(process.env.LIVES_MINUTES ?? 20) * 60_000,
  calmMs: Number(process.env.CALM_MINUTES ?? 240) * 60_000,
  auditEvery: { balance: 1, entries: 4_000 },
})
say(`seed ${seed}, ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`)
for (const line of reportOf(measured)) say(line)
const { arrived, oracleArrived, extraCost, complaints } = measured
const isMet = arrived >= 0.99 * oracleArrived && extraCost <= 0.03 && complaints.length === 0
say(isMet ? 'the goals are met' : 'the goals are missed')
process.exitCode = isMet ? 0 : 1
