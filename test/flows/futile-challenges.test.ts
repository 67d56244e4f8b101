import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { assert } from '../../src/domain/assert.ts'
import { firstIdAt } from '../../src/domain/ids.ts'
import { rebuildCounters } from '../../src/flows/rebuild-counters.ts'
import { openReplay, type ReplayAnswer } from '../../src/flows/replay.ts'
import { MemoryRangeWatch } from '../../src/risk/ranges/memory-watch.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { openStage } from '../../src/wire-replay.ts'

const MINUTE = 60_000
const DAY = 1_440 * MINUTE
const START = Date.UTC(2026, 2, 2, 12)

/** Everybody is challenged, and a request for France is a doubtful one. */
const POLICY = `version: "t"
thresholds: { challenge: 0.25, block: 0.85 }
rules:
  - { id: everybody, why: To see who solves it., when: request.channel == "sms", action: challenge }
  - { id: doubtful, why: Nobody lives there., when: number.country == "FR", action: adjust, score: 0.7 }
`

async function openStageWith(policy: string) {
  const rules = mkdtempSync(join(tmpdir(), 'tollgate-futile-'))
  const home = new URL('../../', import.meta.url)
  cpSync(new URL('rules', home), rules, { recursive: true })
  writeFileSync(join(rules, 'policy.yaml'), policy)
  return openStage({ home, environment: {} }, { rules, model: false })
}

type Asked = { readonly to: string; readonly types: boolean; readonly atMs: number }

/** Requests that all solve their challenge; what was decided on each. */
async function traffic() {
  const stage = await openStageWith(POLICY)
  const replay = openReplay(stage)
  let ref = 0
  const ask = async ({ to, types, atMs }: Asked) => {
    ref++
    const answer = await replay.apply({
      type: 'issue',
      t: atMs,
      ref: `r${ref}`,
      tenant: 'shop',
      to,
      channel: 'sms',
      purpose: 'signup',
      client: {
        ip: `81.2.69.${ref % 200}`,
        userAgent: undefined,
        acceptLanguage: undefined,
        clientHints: undefined,
        deviceId: undefined,
        ja4: undefined,
        sessionAgeMs: undefined,
        network: undefined,
      },
      solvesChallenge: true,
    })
    if (types) {
      const t = atMs + (6 + ((ref * 7) % 31)) * 1_000
      await replay.apply({ type: 'check', t, ref: `r${ref}`, correct: true, ip: undefined })
    }
    assert(answer !== undefined && 'decision' in answer, 'an issue is answered by a decision')
    return answer
  }
  return { ask, stage }
}

/** `count` numbers far from one another in one country, five minutes apart. */
async function many(
  { ask }: Pick<Awaited<ReturnType<typeof traffic>>, 'ask'>,
  count: number,
  { types, fromMs = START }: { readonly types: boolean; readonly fromMs?: number },
): Promise<readonly Extract<ReplayAnswer, { decision: string }>[]> {
  const answers = []
  for (let index = 0; index < count; index++) {
    const to = `+336${String(12_000_000 + ((index * 77_777) % 900_000))}`
    answers.push(await ask({ to, types, atMs: fromMs + index * 5 * MINUTE }))
  }
  return answers
}

test('where challenges are solved and no code is typed in, the next doubtful request is refused', async () => {
  const answers = await many(await traffic(), 25, { types: false })
  expect(answers[0]).toMatchObject({ decision: 'challenge', sent: true })
  const last = answers.at(-1)
  expect(last).toMatchObject({ decision: 'block', sent: false })
  expect(last?.reasons[0]).toBe('challenges_futile')
  const first = answers.findIndex(({ decision }) => decision === 'block')
  expect(first).toBeGreaterThanOrEqual(3)
})

test('people who solve their challenges and type their codes in are safe however many they are', async () => {
  const answers = await many(await traffic(), 60, { types: true })
  expect(answers.every(({ decision }) => decision === 'challenge')).toBe(true)
})

test('a score without doubt stays a challenge, solved in vain or not', async () => {
  const house = await traffic()
  await many(house, 25, { types: false })
  const atMs = START + 125 * MINUTE
  const home = await house.ask({ to: '+447400123456', types: false, atMs })
  expect(home.decision).toBe('challenge')
})

test('it ends by itself, and a few solved challenges tell whether it shall go on', async () => {
  const house = await traffic()
  await many(house, 25, { types: false })
  const again = await many(house, 25, { types: false, fromMs: START + 4 * DAY })
  expect(again[0]).toMatchObject({ decision: 'challenge', sent: true })
  expect(again.at(-1)?.decision).toBe('block')
})

test('a restart that reads the past from the database knows of solved challenges too', async () => {
  const house = await traffic()
  await many(house, 12, { types: false })
  const ranges = new MemoryRangeWatch()
  const counted = { ...house.stage.house, ranges, velocity: new MemoryVelocityStore() }
  await rebuildCounters(counted, { velocityMs: 0, rangesMs: 0 })
  const [row] = await house.stage.house.verifications.since(firstIdAt('VE', 0), 1)
  assert(row !== undefined, 'there were requests')
  const { accountId, phone, subjects, price, traffic: where } = row
  const place = { accountId, phone, subjects, price, country: where.country }
  const asked = { ...place, atMs: START + 61 * MINUTE, known: true }
  const { futile } = await house.stage.house.ranges.look(asked)
  expect(futile).toBeGreaterThan(0.3)
  expect(ranges.look(asked).futile).toBeCloseTo(futile, 2)
})
