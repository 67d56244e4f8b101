import { expect, test } from 'vitest'
import { compileForest } from './compile-forest.ts'
import { meanShare } from './flat-forest.ts'
import { metricsOf } from './metrics.ts'
import { binTrainingSet, shortestBetween, type TrainingSet } from './quantile-bins.ts'
import { seededRandom } from './seeded-random.ts'
import { type ForestOptions, trainForest } from './train-forest.ts'

const OPTIONS = { seed: 3, trees: 12, depthMax: 6, leafWeightMin: 2 }

/** Fraud where exactly one of the first two members is high: no single feature tells anything. */
function exclusiveOr(rows: number, seed: number): TrainingSet {
  const random = seededRandom('xor', seed)
  const values = Float64Array.from({ length: rows * 3 }, () => random.unit())
  const labels = Uint8Array.from({ length: rows }, (_, row) =>
    Number(values[row * 3]) > 0.5 !== Number(values[row * 3 + 1]) > 0.5 ? 1 : 0,
  )
  return { features: ['a', 'b', 'noise'], values, labels }
}

function set(values: number[], labels: number[], weights?: number[]): TrainingSet {
  const features = Array.from({ length: values.length / labels.length }, (_, i) => `f${i}`)
  const base = { features, values: Float64Array.from(values), labels: Uint8Array.from(labels) }
  return weights === undefined ? base : { ...base, weights: Float64Array.from(weights) }
}

function scoresOf(
  training: TrainingSet,
  on: TrainingSet,
  options: ForestOptions = OPTIONS,
): Float64Array {
  const width = on.features.length
  const flat = compileForest(trainForest(training, options).forest, width)
  return Float64Array.from(on.labels.keys(), (row) =>
    meanShare(flat, on.values.subarray(row * width, (row + 1) * width)),
  )
}

test('it learns an interaction that no single feature shows', () => {
  const fresh = exclusiveOr(2_000, 2)
  for (const criterion of ['gini', 'entropy'] as const) {
    const scores = scoresOf(exclusiveOr(4_000, 1), fresh, {
      ...OPTIONS,
      depthMax: 8,
      criterion,
    } as never)
    expect(metricsOf(scores, fresh.labels).auc).toBeGreaterThan(0.97)
  }
})

test('the same seed gives the same bytes and another seed another forest', () => {
  const training = exclusiveOr(500, 1)
  const bytes = (seed: number) => JSON.stringify(trainForest(training, { ...OPTIONS, seed }).forest)
  expect(bytes(3)).toBe(bytes(3))
  expect(bytes(3)).not.toBe(bytes(4))
})

test('importance goes to the features that decide', () => {
  const { importance } = trainForest(exclusiveOr(4_000, 1), { ...OPTIONS, depthMax: 8 })
  expect(importance[2]).toBeLessThan(0.2)
  expect(importance.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
})

test('a weight counts like so many rows', () => {
  const options = { ...OPTIONS, trees: 1, depthMax: 1, leafWeightMin: 0.5, sampleShare: 0 }
  const weighted = scoresOf(
    set([0, 0, 1, 1], [0, 1, 1, 1], [3, 1, 1, 1]),
    set([0, 1], [0, 1]),
    options,
  )
  expect(weighted[0]).toBeCloseTo(0.25, 4)
  expect(weighted[1]).toBe(1)
})

test('leaves keep their least weight and trees their depth', () => {
  const { forest } = trainForest(exclusiveOr(3_000, 1), {
    ...OPTIONS,
    depthMax: 4,
    leafWeightMin: 40,
  })
  const walk = (node: object, depth: number): void => {
    const { left, right, numberSamples } = node as {
      left?: object
      right?: object
      numberSamples: number
    }
    expect(numberSamples).toBeGreaterThanOrEqual(40)
    expect(depth).toBeLessThanOrEqual(4)
    if (left && right) for (const child of [left, right]) walk(child, depth + 1)
  }
  for (const tree of forest.baseModel.estimators) walk(tree.root, 0)
})

test('a constant feature is never split and constant data make single leaves', () => {
  const scores = scoresOf(set([1, 1, 1, 1], [0, 1, 0, 1]), set([1], [1]), {
    ...OPTIONS,
    sampleShare: 0,
  } as never)
  expect(scores[0]).toBe(0.5)
})

test.each([
  ['an empty set', () => set([], []), /empty/],
  ['only fraud', () => set([1, 2], [1, 1]), /one class: all 2 rows are fraud/],
  ['only legit', () => set([1, 2], [0, 0]), /one class: all 2 rows are legit/],
  ['NaN', () => set([1, 2, 3, Number.NaN], [0, 1]), /row 1, feature f1 is NaN/],
  ['infinity', () => set([1, Number.POSITIVE_INFINITY], [0, 1]), /row 1, feature f0 is Infinity/],
  ['a weight of nothing', () => set([1, 2], [0, 1], [1, 0]), /weight/],
  ['ragged rows', () => ({ ...set([1, 2], [0, 1]), values: new Float64Array(3) }), /do not fit/],
])('%s is refused by name', (_, make, message) => {
  expect(() => trainForest(make(), OPTIONS)).toThrow(message)
})

test('bins hold exactly the values below their cut and few distinct values are all told apart', () => {
  const random = seededRandom('bins')
  const values = Array.from({ length: 5_000 }, () => Math.floor(-Math.log(1 - random.unit()) * 400))
  const labels = values.map((_, row) => row % 2)
  const binned = binTrainingSet(set(values, labels), 64)
  const cuts = binned.cuts[0] ?? new Float64Array()
  expect(cuts.length).toBeGreaterThan(50)
  expect(cuts.length).toBeLessThan(64)
  values.forEach((value, row) => {
    expect(cuts.filter((cut) => cut <= value).length).toBe(binned.bins[0]?.[row])
  })
  const flags = binTrainingSet(set([...Array(4_999).fill(0), 1], labels), 255)
  expect(flags.cuts[0]).toEqual(Float64Array.of(0.5))
})

test('a threshold is the shortest number between its neighbours', () => {
  expect(shortestBetween(0, 1)).toBe(0.5)
  expect(shortestBetween(1_234, 1_235)).toBe(1_235)
  const next = 1 + Number.EPSILON
  expect(shortestBetween(1, next)).toBe(next)
  expect(shortestBetween(-1, 0.2)).toBe(-0.4)
})
