import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { RandomForestClassifier } from 'ml-random-forest'
import { expect, test } from 'vitest'
import { compileForest } from '../../src/risk/model/compile-forest.ts'
import {
  contributionsOf,
  type FlatForest,
  meanShare,
  voteShare,
} from '../../src/risk/model/flat-forest.ts'
import { trainForest } from '../../src/risk/model/train-forest.ts'
import { exampleSet, rowsOf, vectorOf } from './forest-data.ts'

const WIDTH = 8
const MODELS = new URL('../../models/', import.meta.url)

function shippedModels(): readonly string[] {
  const names = existsSync(MODELS) ? readdirSync(MODELS) : []
  return names.filter((name) => name.endsWith('.json') && !name.endsWith('.edge.json'))
}

/** What we use of the library's objects beyond its types. */
type LibraryForest = {
  predictProbability(rows: number[][], label: number): number[]
  indexes: number[][]
  estimators: { root: { classify(row: number[]): { to2DArray(): number[][] } } }[]
}

function load(json: unknown): LibraryForest {
  return RandomForestClassifier.load(json as never) as unknown as LibraryForest
}

function libraryMeanShare(forest: LibraryForest, row: number[]): number {
  const shares = forest.estimators.map((estimator, tree) => {
    const seen = forest.indexes[tree]!.map((column) => row[column]!)
    return estimator.root.classify(seen).to2DArray()[0]?.[1] ?? 0
  })
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

function expectSameScores(flat: FlatForest, library: LibraryForest, rows: number[][]) {
  const theirs = library.predictProbability(rows, 1)
  rows.forEach((row, index) => {
    const vector = Float64Array.from(row)
    expect(Math.abs(voteShare(flat, vector) - theirs[index]!)).toBeLessThan(1e-9)
    expect(Math.abs(meanShare(flat, vector) - libraryMeanShare(library, row))).toBeLessThan(1e-9)
  })
}

test('a forest that ml-random-forest grew scores 1,000 rows as it does itself', () => {
  const grown = new RandomForestClassifier({
    nEstimators: 10,
    seed: 7,
    maxFeatures: 0.7,
    replacement: false,
    noOOB: true,
    treeOptions: { maxDepth: 6, minNumSamples: 3 },
  } as never)
  const training = exampleSet(200, WIDTH, 1)
  grown.train(rowsOf(training), [...training.labels])
  const json = JSON.parse(JSON.stringify(grown))
  const rows = rowsOf(exampleSet(1_000, WIDTH, 2))
  expectSameScores(compileForest(json, WIDTH), load(json), rows)
})

test('ml-random-forest scores a forest that we grew as we do', () => {
  const { forest } = trainForest(exampleSet(3_000, WIDTH, 3), {
    seed: 5,
    trees: 15,
    depthMax: 7,
    leafWeightMin: 2,
  })
  const json = JSON.parse(JSON.stringify(forest))
  const rows = rowsOf(exampleSet(1_000, WIDTH, 4))
  // Unknown numbers must fall to the same side in both.
  for (const row of rows.slice(0, 100)) row[2] = Number.NaN
  expectSameScores(compileForest(json, WIDTH), load(json), rows)
})

for (const shipped of shippedModels()) {
  test(`ml-random-forest scores models/${shipped} as we do`, () => {
    const file = JSON.parse(readFileSync(new URL(shipped, MODELS), 'utf8'))
    const width = file.features.length
    const rows = rowsOf(exampleSet(1_000, width, 6))
    expectSameScores(compileForest(file.forest, width), load(file.forest), rows)
  })
}

test('base and contributions add up to the score', () => {
  const set = exampleSet(2_000, WIDTH, 8)
  const { forest } = trainForest(set, { seed: 1, trees: 10, depthMax: 8, leafWeightMin: 1 })
  const flat = compileForest(forest, WIDTH)
  for (let row = 0; row < 500; row++) {
    const { base, contributions, share } = contributionsOf(flat, vectorOf(set, row))
    const sum = contributions.reduce((total, part) => total + part, base)
    expect(Math.abs(sum - share)).toBeLessThan(1e-9)
    expect(share).toBe(meanShare(flat, vectorOf(set, row)))
  }
  const { base } = contributionsOf(flat, vectorOf(set, 0))
  const fraud = set.labels.reduce((sum, label) => sum + label, 0) / set.labels.length
  expect(Math.abs(base - fraud)).toBeLessThan(0.03)
})
