import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readTexts } from '../../../src/config/rules-files.ts'
import { testVault } from '../../support/databases.ts'
import { memoryGround } from './ground.ts'
import { readSimPolicy } from './service.ts'
import { simulate } from './simulate.ts'

const RULES = fileURLToPath(new URL('../../../rules', import.meta.url))

test.each([1, 2])(
  'nothing is lost or charged twice, whatever providers do and whenever the process dies (seed %i)',
  async (seed) => {
    const { runs, arrived, oracleArrived, complaints } = await simulate({
      seed,
      people: 2_000,
      perMinute: 70,
      ground: memoryGround(),
      vault: testVault(),
      policyMaker: readSimPolicy(await readTexts(RULES)),
      livesMs: 20 * 60_000,
      calmMs: 240 * 60_000,
      auditEvery: { balance: 1, entries: 4_000 },
    })
    expect(complaints).toEqual([])
    expect(runs).toBeGreaterThan(1)
    expect(arrived).toBeGreaterThan(0)
    expect(arrived).toBeLessThanOrEqual(oracleArrived + 0.02)
  },
)

test('another channel takes over only from what nobody has, whenever the process dies', async () => {
  const { runs, fellBack, complaints } = await simulate({
    seed: 3,
    people: 2_000,
    perMinute: 20,
    ground: memoryGround(),
    vault: testVault(),
    policyMaker: readSimPolicy(await readTexts(RULES)),
    livesMs: 3 * 60_000,
    calmMs: 8 * 60_000,
    auditEvery: { balance: 1, entries: 4_000 },
    fallsBack: true,
  })
  expect(complaints).toEqual([])
  expect(runs).toBeGreaterThan(20)
  expect(fellBack).toBeGreaterThan(100)
})
