/**
 * Our trainer and evaluator beside ml-random-forest's, on the same rows: `node test/bench/forest.bench.ts [ROWS]`.
 * ml-random-forest's time grows with the square of the rows: 1,000 take seconds, 8,000 minutes.
 */
import { RandomForestClassifier } from 'ml-random-forest'
import { compileForest } from '../../src/risk/model/compile-forest.ts'
import { contributionsOf, meanShare, voteShare } from '../../src/risk/model/flat-forest.ts'
import { metricsOf } from '../../src/risk/model/metrics.ts'
import { trainForest } from '../../src/risk/model/train-forest.ts'
import { exampleSet, rowsOf, vectorOf } from '../golden/forest-data.ts'

const WIDTH = 24
const TREES = 20
const TEST_ROWS = 4_000
const rows = Number(process.argv[2] ?? 1_000)
const training = exampleSet(rows, WIDTH, 1)
const fresh = exampleSet(TEST_ROWS, WIDTH, 2)
const freshRows = rowsOf(fresh)
const vectors = freshRows.map((_, row) => vectorOf(fresh, row))

function timed<Result>(work: () => Result): { result: Result; ms: number } {
  const start = performance.now()
  const result = work()
  return { result, ms: performance.now() - start }
}

/** Best of several rounds, in microseconds a row. */
function perRow(work: () => void): number {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 7; round++) best = Math.min(best, timed(work).ms)
  return (best * 1_000) / TEST_ROWS
}

const theirs = new RandomForestClassifier({
  nEstimators: TREES,
  seed: 1,
  maxFeatures: 0.5,
  replacement: false,
  noOOB: true,
  treeOptions: { maxDepth: 8, minNumSamples: 3 },
} as never)
const rowsForThem = rowsOf(training)
const labelsForThem = [...training.labels]
const theirTraining = timed(() => theirs.train(rowsForThem, labelsForThem))
const ourTraining = timed(() =>
  trainForest(training, { seed: 1, trees: TREES, depthMax: 8, leafWeightMin: 3 }),
)
const theirJson = JSON.parse(JSON.stringify(theirs))
const flatTheirs = compileForest(theirJson, WIDTH)
const ours = compileForest(ourTraining.result.forest, WIDTH)

const predict = theirs as unknown as {
  predictProbability(rows: number[][], label: number): number[]
}
const auc = (scores: Iterable<number>) =>
  metricsOf(Float64Array.from(scores), fresh.labels).auc.toFixed(4)
const theirScoring = perRow(() => predict.predictProbability(freshRows, 1))
const theirOne = perRow(() => {
  for (const row of freshRows) predict.predictProbability([row], 1)
})
const ourScoring = perRow(() => {
  for (const vector of vectors) meanShare(ours, vector)
})
const ourVotes = perRow(() => {
  for (const vector of vectors) voteShare(ours, vector)
})
const ourExplaining = perRow(() => {
  for (const vector of vectors) contributionsOf(ours, vector)
})

const lines = [
  `${rows} rows x ${WIDTH} features, ${TREES} trees; scored on ${TEST_ROWS} fresh rows`,
  '',
  '                                  ml-random-forest      ours',
  `training                          ${theirTraining.ms.toFixed(0).padStart(13)} ms  ${ourTraining.ms.toFixed(0).padStart(7)} ms   ${(theirTraining.ms / ourTraining.ms).toFixed(0)}x`,
  `AUC (mean of leaves)              ${auc(vectors.map((vector) => meanShare(flatTheirs, vector))).padStart(16)}  ${auc(vectors.map((vector) => meanShare(ours, vector))).padStart(10)}`,
  `AUC (votes, predictProbability)   ${auc(predict.predictProbability(freshRows, 1)).padStart(16)}  ${auc(vectors.map((vector) => voteShare(ours, vector))).padStart(10)}`,
  `score, a row of a batch           ${theirScoring.toFixed(2).padStart(13)} us  ${ourScoring.toFixed(2).padStart(7)} us   ${(theirScoring / ourScoring).toFixed(0)}x`,
  `score, one row at a time          ${theirOne.toFixed(2).padStart(13)} us  ${ourScoring.toFixed(2).padStart(7)} us   ${(theirOne / ourScoring).toFixed(0)}x`,
  `votes, one row at a time          ${theirOne.toFixed(2).padStart(13)} us  ${ourVotes.toFixed(2).padStart(7)} us   ${(theirOne / ourVotes).toFixed(0)}x`,
  `explain, one row                                 ${ourExplaining.toFixed(2).padStart(10)} us`,
  '',
]
process.stdout.write(`${lines.join('\n')}\n`)
