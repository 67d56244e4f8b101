import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readModel } from '../../risk/model/model.ts'
import type { SimEvent } from '../simulate/event.ts'
import { writeModel } from '../train.ts'
import type { Collect, Collected } from './collect.ts'
import { DEFAULT_REQUEST, type TrainRequest, trainModel } from './train-model.ts'

const FEATURES = ['test.country_asks', 'test.session_age_ms', 'test.ipv6', 'test.hour']
const CATALOGUE = { features: FEATURES, catalogueId: 'test-catalogue' }
const REQUEST: TrainRequest = {
  ...DEFAULT_REQUEST,
  catalogue: CATALOGUE,
  days: 0.5,
  scale: 0.1,
  trainRuns: 2,
  calibrationRuns: 1,
  testRuns: 1,
  forest: { trees: 8, depthMax: 5, leafWeightMin: 5 },
}

/** Four simple features straight from the events, in one vector that is used again for every row. */
const collect: Collect = ({ seed, events }) => rowsOf(seed, events)

async function* rowsOf(seed: number, events: Iterable<SimEvent>): AsyncGenerator<Collected> {
  const asks = new Map<string, number>()
  const vector = new Float64Array(FEATURES.length)
  for (const event of events) {
    if (event.type !== 'issue') continue
    const start = event.to.slice(0, 6)
    const asked = (asks.get(start) ?? 0) + 1
    asks.set(start, asked)
    const hour = Math.floor(event.t / 3_600_000) % 24
    vector.set([asked, event.session_age_ms ?? -1, event.ip?.includes(':') ? 1 : 0, hour])
    const label = event.truth === 'fraud' ? 1 : 0
    yield { vector, label, t: event.t, seed, scenario: event.scenario }
  }
}

test('training twice gives the same files, byte for byte, and a model that this build can read', async () => {
  const once = await trainModel(REQUEST, collect)
  const twice = await trainModel(REQUEST, collect)
  expect(twice.text).toBe(once.text)
  const folder = mkdtempSync(join(tmpdir(), 'tollgate-train-'))
  writeModel(join(folder, 'forest.json'), once)
  expect(readdirSync(folder).sort()).toEqual([
    'forest.edge.json',
    'forest.json',
    'forest.md',
    'forest.svg',
  ])
  const read = readModel(readFileSync(join(folder, 'forest.json'), 'utf8'), CATALOGUE)
  expect(read.version).toBe(once.report.version)
  expect(once.report.metrics.auc).toBeGreaterThan(0.7)
  expect(once.report.gzippedBytes).toBeLessThan(200 * 1_024)
  const card = readFileSync(join(folder, 'forest.md'), 'utf8')
  for (const part of ['test.country_asks', 'slow_drip', 'Limits', 'forest.svg'])
    expect(card).toContain(part)
  expect(readFileSync(join(folder, 'forest.svg'), 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s)
})

test('no recording is in two parts, and each part is later than the one before', async () => {
  const seeds = new Map<number, [from: number, to: number]>()
  const watching: Collect = async function* (recording) {
    for await (const row of collect(recording)) {
      const [from, to] = seeds.get(row.seed) ?? [row.t, row.t]
      seeds.set(row.seed, [Math.min(from, row.t), Math.max(to, row.t)])
      yield row
    }
  }
  const { report } = await trainModel(REQUEST, watching)
  expect(seeds.size).toBe(4)
  const { train, calibration, test: last } = report.parts
  expect(train.toMs).toBeLessThan(calibration.fromMs)
  expect(calibration.toMs).toBeLessThan(last.fromMs)
})

test('the second half of the training and what follows is recorded behind a model, the first is not', async () => {
  const scores: (number | undefined)[] = []
  const watching: Collect = (recording) => {
    scores.push(recording.model?.score(new Float64Array(FEATURES.length)))
    return collect(recording)
  }
  await trainModel(REQUEST, watching)
  expect(scores).toHaveLength(4)
  expect(scores[0]).toBeUndefined()
  for (const score of scores.slice(1)) expect(score).toBeGreaterThanOrEqual(0)
})

test('a held-out family is seen by the test alone', async () => {
  const seen: string[][] = []
  const watching: Collect = async function* (recording) {
    const families = new Set<string>()
    for await (const row of collect(recording)) {
      families.add(row.scenario ?? '')
      yield row
    }
    seen.push([...families])
  }
  await trainModel({ ...REQUEST, heldOut: ['slow_drip'] }, watching)
  expect(seen.map((families) => families.includes('slow_drip'))).toEqual([
    false,
    false,
    false,
    true,
  ])
})

test('recordings without fraud are refused with the reason', async () => {
  const blind: Collect = async function* (recording) {
    for await (const row of collect(recording)) yield { ...row, label: 0 }
  }
  await expect(trainModel(REQUEST, blind)).rejects.toThrow(/one class: all \d+ rows are legit/)
})

test('a collector of other features is refused', async () => {
  const catalogue = { ...CATALOGUE, features: FEATURES.slice(1) }
  await expect(trainModel({ ...REQUEST, catalogue }, collect)).rejects.toThrow(
    /4 members, the catalogue 3/,
  )
})

test('a model over the size limit is refused', async () => {
  const forest = { trees: 120, depthMax: 11, leafWeightMin: 1 }
  await expect(trainModel({ ...REQUEST, forest }, collect)).rejects.toThrow(
    /bytes gzipped, the limit is 204800/,
  )
})
