import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openAliyunCaps } from './baselines/aliyun.ts'
import { openConstant } from './baselines/constant.ts'
import { closeLoop } from './closed-loop.ts'
import { openDestinations } from './destinations.ts'
import type { Detector, DetectorKind } from './detector.ts'
import { evaluate, FIRST_SEED } from './evaluation.ts'
import { noRules } from './house-detector.ts'
import { Meter } from './meter.ts'
import { evaluationPage } from './page.ts'
import { scoreOf } from './score.ts'

const destinations = openDestinations(fileURLToPath(new URL('../../../rules', import.meta.url)))
const SMALL = { run: 'r', seed: 5, days: 0.5, scale: 0.1 } as const

async function scoreIn(detector: Detector, change = {}) {
  const meter = new Meter()
  await closeLoop({ detector, meter, destinations }, { ...SMALL, ...change })
  return scoreOf(meter)
}

/** Knows the truth, as no real one does. */
const oracle = (): Detector => ({
  decide: ({ event }) => ({ decision: event.truth === 'fraud' ? 'block' : 'allow' }),
  learn: () => {},
})

test('letting everybody through leaks everything, and who knows the truth leaks nothing', async () => {
  const open = await scoreIn(openConstant('allow'))
  expect(open.atStake).toBeGreaterThan(1)
  expect(open.recall).toBe(0)
  expect(open.people).toMatchObject({ visitsLost: 0, blockedByUser: 0 })
  const closed = await scoreIn(oracle())
  expect(closed.recall).toBe(1)
  expect(closed.people.visitsLost).toBe(0)
  // Refused attackers leave before they have asked for all they wanted.
  expect(closed.atStake).toBeLessThan(open.atStake)
})

test('a challenge lets those through who solve it', async () => {
  const score = await scoreIn(openConstant('challenge'))
  expect(score.people.challengedByUser).toBe(1)
  expect(score.recall).toBeGreaterThan(0.3)
  expect(score.recall).toBeLessThan(1)
  expect(score.people.visitsLost).toBeGreaterThan(0)
})

test('what happens before the measured time is decided and not measured', async () => {
  const all = await scoreIn(openConstant('allow'))
  const later = await scoreIn(openConstant('allow'), { measureFromMs: Date.UTC(2026, 0, 5, 6) })
  expect(later.requests).toBeGreaterThan(0)
  expect(later.requests).toBeLessThan(all.requests)
})

test('numbers cost what their country costs, and a call ten times as much', () => {
  expect(destinations.countryOf('+994501234567')).toBe('AZ')
  expect(destinations.countryOf('+12025550123')).toBe('US')
  expect(destinations.countryOf('+14165550123')).toBe('CA')
  expect(destinations.priceOf('AZ', 'sms')).toBe(0.388)
  expect(destinations.priceOf('AZ', 'voice')).toBe(3.88)
  expect(destinations.priceOf('BR', 'sms')).toBe(0.08)
})

test('the same evaluation writes the same page, with the goals it misses by name and figure', async () => {
  const kinds: readonly DetectorKind[] = [
    { name: 'tollgate', about: 'a stand-in', open: () => openConstant('challenge') },
    { name: 'allow_all', about: 'nothing', open: () => openConstant('allow') },
    { name: 'aliyun_caps', about: 'caps', open: openAliyunCaps },
  ]
  const options = {
    worlds: ['b'],
    seed: FIRST_SEED,
    seeds: 2,
    days: 0.5,
    scale: 0.05,
    warmUp: 0,
  } as const
  const lines: string[] = []
  const page = async () => {
    const ground = { kinds, destinations, progress: (line: string) => lines.push(line) }
    const results = await evaluate(ground, options)
    return evaluationPage({ command: 'tollgate eval', options, results, details: ['tollgate'] })
  }
  const text = await page()
  expect(await page()).toBe(text)
  expect(lines).toHaveLength(12)
  expect(text).toContain('- World b: people challenged is 100.00 %, wanted at most 1.50 %.')
  expect(text).toContain('held-out variant of the generator')
})

test('a policy without its rules keeps everything else', () => {
  const policy =
    'version: "1"\nthresholds: { challenge: 0.3, block: 0.9 }\nrules:\n  # One\n  - id: one\n    when: true\nmaturity_seconds: 60\n'
  expect(noRules(policy)).toBe(
    'version: "1"\nthresholds: { challenge: 0.3, block: 0.9 }\nrules: []\nmaturity_seconds: 60\n\n',
  )
})
