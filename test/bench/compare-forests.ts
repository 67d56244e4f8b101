import { RandomForestClassifier } from 'ml-random-forest'
import { compileForest } from '../../src/risk/model/compile-forest.ts'
import { contributionsOf, meanShare } from '../../src/risk/model/flat-forest.ts'
import { metricsOf } from '../../src/risk/model/metrics.ts'
import { trainForest } from '../../src/risk/model/train-forest.ts'
import { exampleSet, rowsOf, vectorOf } from '../golden/forest-data.ts'
import { medianOf } from './load.ts'

const WIDTH = 24
const TREES = 20
const DEPTH_MAX = 8
const TEST_ROWS = 4_000
const SCORING_ROUNDS = 15

type Both = { readonly theirs: number; readonly ours: number }
type Comparison = {
  readonly trainingMs: Both
  /** By the mean of the leaves. */
  readonly auc: Both
  /** By the votes of the trees, which is what their `predictProbability` tells. */
  readonly aucVotes: Both
  /** Microseconds: their `predict` and our calibration-free score. */
  readonly oneRow: Both
  /** Microseconds of their `predictProbability` with one row. */
  readonly theirProbability: number
  readonly explaining: number
}

type Library = {
  train(rows: number[][], labels: number[]): void
  predict(rows: number[][]): number[]
  predictProbability(rows: number[][], label: number): number[]
}

function timed<Result>(work: () => Result): { result: Result; ms: number } {
  const start = performance.now()
  const result = work()
  return { result, ms: performance.now() - start }
}

/** Median of several rounds, in microseconds a row. */
const perRow = (work: () => void): number =>
  (medianOf(Array.from({ length: SCORING_ROUNDS }, () => timed(work).ms)) * 1_000) / TEST_ROWS

/** Both train on the same rows with the same number of trees and depth, and score the same fresh rows. */
function compareOnce(rows: number, round: number): Comparison {
  const training = exampleSet(rows, WIDTH, 2 * round + 1)
  const fresh = exampleSet(TEST_ROWS, WIDTH, 2 * round + 2)
  const freshRows = rowsOf(fresh)
  const vectors = freshRows.map((_, row) => vectorOf(fresh, row))
  const theirs = untrained()
  const [rowsForThem, labelsForThem] = [rowsOf(training), [...training.labels]]
  const theirTraining = timed(() => theirs.train(rowsForThem, labelsForThem))
  const ourTraining = timed(() =>
    trainForest(training, { seed: 1, trees: TREES, depthMax: DEPTH_MAX, leafWeightMin: 3 }),
  )
  const ours = compileForest(ourTraining.result.forest, WIDTH)
  const flatTheirs = compileForest(JSON.parse(JSON.stringify(theirs)), WIDTH)
  const auc = (scores: Iterable<number>) => metricsOf(Float64Array.from(scores), fresh.labels).auc
  return {
    trainingMs: { theirs: theirTraining.ms, ours: ourTraining.ms },
    auc: {
      theirs: auc(vectors.map((vector) => meanShare(flatTheirs, vector))),
      ours: auc(vectors.map((vector) => meanShare(ours, vector))),
    },
    aucVotes: {
      theirs: auc(theirs.predictProbability(freshRows, 1)),
      ours: auc(loaded(ourTraining.result.forest).predictProbability(freshRows, 1)),
    },
    oneRow: {
      theirs: perRow(() => {
        for (const row of freshRows) theirs.predict([row])
      }),
      ours: perRow(() => {
        for (const vector of vectors) meanShare(ours, vector)
      }),
    },
    theirProbability: perRow(() => {
      for (const row of freshRows) theirs.predictProbability([row], 1)
    }),
    explaining: perRow(() => {
      for (const vector of vectors) contributionsOf(ours, vector)
    }),
  }
}

/** Its types lack what its classifier can do. */
const untrained = (): Library =>
  new RandomForestClassifier({
    nEstimators: TREES,
    seed: 1,
    maxFeatures: 0.5,
    replacement: false,
    noOOB: true,
    treeOptions: { maxDepth: DEPTH_MAX, minNumSamples: 3 },
  } as never) as unknown as Library

const loaded = (forest: unknown): Library =>
  RandomForestClassifier.load(JSON.parse(JSON.stringify(forest))) as unknown as Library

/** The lines of the page: medians over the rounds, and the ratios of the medians. */
export function forestLines(rows: number, rounds: number): readonly string[] {
  const all = Array.from({ length: rounds }, (_, round) => compareOnce(rows, round))
  const median = (of: (comparison: Comparison) => number) => medianOf(all.map(of))
  const both = (of: (comparison: Comparison) => Both): Both => ({
    theirs: median((one) => of(one).theirs),
    ours: median((one) => of(one).ours),
  })
  const row = (name: string, { theirs, ours }: Both, digits: number) =>
    `${name.padEnd(34)}${theirs.toFixed(digits).padStart(17)}${ours.toFixed(digits).padStart(10)}`
  const ratio = ({ theirs, ours }: Both) => `${(theirs / ours).toFixed(0)}x`.padStart(7)
  const training = both(({ trainingMs }) => trainingMs)
  const oneRow = both((one) => one.oneRow)
  const probability = { theirs: median((one) => one.theirProbability), ours: oneRow.ours }
  return [
    `${rows} rows x ${WIDTH} features, ${TREES} trees of depth ${DEPTH_MAX}, scored on ${TEST_ROWS} fresh rows; medians of ${rounds} rounds`,
    '',
    `${''.padEnd(34)} ml-random-forest      ours  ratio  goal`,
    `${row('training, ms', training, 0)}${ratio(training)}  100x`,
    `${row(
      'AUC, mean of leaves',
      both(({ auc }) => auc),
      4,
    )}         not lower`,
    `${row(
      'AUC, votes of the trees',
      both(({ aucVotes }) => aucVotes),
      4,
    )}         not lower`,
    `${row('one row, us: predict', oneRow, 2)}${ratio(oneRow)}  20x`,
    `${row('one row, us: predictProbability', probability, 2)}${ratio(probability)}`,
    `${'explaining one row, us'.padEnd(34)}${median((one) => one.explaining)
      .toFixed(2)
      .padStart(27)}`,
  ]
}
