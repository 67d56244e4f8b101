import { expect, test } from 'vitest'
import { DEPTH_MAX } from './compile-forest.ts'
import { parseModel, readModel } from './model.ts'
import { trainForest } from './train-forest.ts'

const EXPECTED = { features: ['range.sends_1h', 'session.age_ms'], catalogueId: 'c1' }

function exampleFile() {
  const { forest } = trainForest(
    {
      features: EXPECTED.features,
      values: Float64Array.of(0, 5, 1, 4, 8, 1, 9, 2, 7, 1, 1, 6),
      labels: Uint8Array.of(0, 0, 1, 1, 1, 0),
    },
    { seed: 1, trees: 3, depthMax: 3, leafWeightMin: 1 },
  )
  return JSON.parse(
    JSON.stringify({
      format: 'tollgate-forest',
      version: 'forest-test',
      catalogue: 'c1',
      features: EXPECTED.features,
      calibration: { kind: 'platt', slope: 1, offset: 0 },
      forest,
      metadata: {},
    }),
  )
}

// biome-ignore lint/suspicious/noExplicitAny: hostile files are made by writing anything anywhere.
type File = any

test('a model scores and explains itself', () => {
  const model = readModel(JSON.stringify(exampleFile()), EXPECTED)
  const vector = Float64Array.of(9, 1)
  const { score, base, share, contributions } = model.explain(vector)
  expect(score).toBe(model.score(vector))
  expect(score).toBeGreaterThan(model.score(Float64Array.of(0, 5)))
  expect(base + Number(contributions[0]) + Number(contributions[1])).toBeCloseTo(share, 12)
})

test('a number that is not known goes right, as in ml-random-forest', () => {
  const model = parseModel(exampleFile(), EXPECTED)
  const high = Float64Array.of(Number.POSITIVE_INFINITY, 1)
  expect(model.score(Float64Array.of(Number.NaN, 1))).toBe(model.score(high))
})

const root = (file: File) => file.forest.baseModel.estimators[1].root
const chain = (depth: number): object =>
  Array.from({ length: depth }).reduce<object>(
    (node) => ({ splitColumn: 0, splitValue: 1, left: { distribution: [[1]] }, right: node }),
    { distribution: [[1]] },
  )

test.each<[string, (file: File) => unknown, RegExp]>([
  [
    'another catalogue',
    (file) => {
      file.catalogue = 'c2'
    },
    /catalogue is c2, this build computes c1/,
  ],
  [
    'another feature',
    (file) => {
      file.features[1] = 'x.y'
    },
    /features.1 is x.y, expected session.age_ms/,
  ],
  [
    'a feature too many',
    (file) => {
      file.features.push('x.y')
    },
    /features.2 is x.y, expected no more/,
  ],
  [
    'another format',
    (file) => {
      file.format = 'onnx'
    },
    /^format/,
  ],
  [
    'an unknown member',
    (file) => {
      file.surprise = 1
    },
    /surprise/,
  ],
  [
    'another kind of forest',
    (file) => {
      file.forest.name = 'RFRegression'
    },
    /forest.name/,
  ],
  [
    'missing trees',
    (file) => {
      file.forest.baseModel.estimators.pop()
    },
    /cut short: 2 of 3/,
  ],
  [
    'a missing child',
    (file) => {
      root(file).distribution = undefined
      root(file).left = undefined
    },
    /estimators\[1\].root.left/,
  ],
  [
    'an empty child',
    (file) => {
      file.forest.baseModel.estimators[1].root = chain(1)
      root(file).left = {}
    },
    /root.left.splitColumn/,
  ],
  [
    'a column outside its tree',
    (file) => {
      file.forest.baseModel.estimators[1].root = { ...chain(1), splitColumn: 2 }
    },
    /splits column 2, the tree has 2/,
  ],
  [
    'an index outside the catalogue',
    (file) => {
      file.forest.baseModel.indexes[0] = [0, 2]
    },
    /names feature 2, there are 2/,
  ],
  [
    'a threshold that JSON made null',
    (file) => {
      file.forest.baseModel.estimators[1].root = { ...chain(1), splitValue: Number.NaN }
    },
    /root.splitValue/,
  ],
  [
    'shares that are no whole',
    (file) => {
      file.forest.baseModel.estimators[1].root = { distribution: [[0.5, 0.2]] }
    },
    /not one whole/,
  ],
  [
    'a share below nothing',
    (file) => {
      file.forest.baseModel.estimators[1].root = { distribution: [[-0.5, 1]] }
    },
    /root.distribution.0.0/,
  ],
  [
    'a count of samples that is text',
    (file) => {
      file.forest.baseModel.estimators[1].root = { distribution: [[1]], numberSamples: '7' }
    },
    /root.numberSamples/,
  ],
  [
    'a column between two',
    (file) => {
      file.forest.baseModel.estimators[1].root = { ...chain(1), splitColumn: 0.5 }
    },
    /root.splitColumn/,
  ],
  [
    'a child that is a list',
    (file) => {
      file.forest.baseModel.estimators[1].root = chain(1)
      root(file).right = []
    },
    /root.right/,
  ],
  [
    'a node that is nothing',
    (file) => {
      file.forest.baseModel.estimators[1].root = null
    },
    /root /,
  ],
  [
    'three classes',
    (file) => {
      file.forest.baseModel.estimators[1].root = { distribution: [[0.5, 0.2, 0.3]] }
    },
    /distribution/,
  ],
  [
    'a tree too deep',
    (file) => {
      file.forest.baseModel.estimators[1].root = chain(DEPTH_MAX + 1)
    },
    /deeper than 64/,
  ],
  [
    'a calibration that falls',
    (file) => {
      file.calibration = { kind: 'isotonic', shares: [0, 1], probabilities: [1, 0] }
    },
    /calibration/,
  ],
])('%s is refused', (_, spoil, message) => {
  const file = exampleFile()
  spoil(file)
  expect(() => parseModel(JSON.parse(JSON.stringify(file)), EXPECTED)).toThrow(message)
})

test('too many nodes are refused before they fill the memory', () => {
  const file = exampleFile()
  const full = (depth: number): object =>
    depth === 0
      ? { distribution: [[1]] }
      : { splitColumn: 0, splitValue: 1, left: full(depth - 1), right: full(depth - 1) }
  // One tree object stands for all three, so that the test itself stays small.
  const tree = { root: full(15) }
  file.forest.baseModel.estimators = [tree, tree, tree]
  expect(() => parseModel(file, EXPECTED)).toThrow(/more than 100000 nodes/)
})

test('a truncated file is refused, at whatever character it ends', () => {
  const text = JSON.stringify(exampleFile())
  for (let end = 0; end < text.length; end += 37) {
    expect(() => readModel(text.slice(0, end), EXPECTED)).toThrow(/not whole JSON/)
  }
})

test.each([null, 7, 'text', [], {}])('%j is no model', (json) => {
  expect(() => parseModel(json, EXPECTED)).toThrow()
})
