import type { ForestJson, TreeJson, TreeOptionsJson } from './forest-json.ts'
import { type Criterion, growTree, type TreeOptions } from './grow-tree.ts'
import { BINS_MAX, type BinnedSet, binTrainingSet, type TrainingSet } from './quantile-bins.ts'
import { TrainingRefused } from './refusals.ts'
import { seededRandom } from './seeded-random.ts'

export type ForestOptions = {
  readonly seed: number
  readonly trees: number
  readonly depthMax: number
  readonly leafWeightMin: number
  /** Default: the square root of the number of features. */
  readonly featuresPerSplit?: number
  readonly criterion?: Criterion
  readonly gainMin?: number
  readonly binsMax?: number
  /** Rows drawn with replacement for each tree, as a share of all rows. 0 turns the bootstrap off. Default 1. */
  readonly sampleShare?: number
}

export type TrainedForest = {
  readonly forest: ForestJson
  /** Mean decrease of impurity by feature; the sum is 1. */
  readonly importance: readonly number[]
}

/**
 * Grows a random forest whose JSON ml-random-forest can load. Time is linear in rows x trees x depth x features looked
 * at. The same set and options give the same bytes. Throws `TrainingRefused` for sets that nothing can be learned from.
 */
export function trainForest(set: TrainingSet, options: ForestOptions): TrainedForest {
  refuseOptions(options)
  const binned = binTrainingSet(set, options.binsMax ?? BINS_MAX)
  const treeOptions = treeOptionsOf(set, options)
  const importance = new Float64Array(set.features.length)
  const estimators: TreeJson[] = []
  for (let tree = 0; tree < options.trees; tree++) {
    const random = seededRandom(options.seed, 'tree', tree)
    const weights = bootstrap(set, options.sampleShare ?? 1, (rows) => random.below(rows))
    const task = {
      set: binned,
      labels: set.labels,
      weights,
      random,
      options: treeOptions,
      importance,
    }
    estimators.push({
      name: 'DTClassifier',
      options: librarySettings(options),
      root: growTree(task),
    })
  }
  return { forest: toForestJson(binned, options, estimators), importance: normalized(importance) }
}

function refuseOptions({ trees, depthMax, leafWeightMin }: ForestOptions): void {
  if (!(trees >= 1 && depthMax >= 1 && depthMax <= 32 && leafWeightMin > 0)) {
    throw new TrainingRefused('options need trees >= 1, 1 <= depthMax <= 32 and leafWeightMin > 0')
  }
}

function treeOptionsOf(set: TrainingSet, options: ForestOptions): TreeOptions {
  return {
    depthMax: options.depthMax,
    leafWeightMin: options.leafWeightMin,
    featuresPerSplit: options.featuresPerSplit ?? Math.ceil(Math.sqrt(set.features.length)),
    gainMin: options.gainMin ?? 0,
    criterion: options.criterion ?? 'gini',
  }
}

/** A drawn row counts as often as it was drawn, times its own weight. */
function bootstrap(set: TrainingSet, share: number, draw: (rows: number) => number): Float64Array {
  const rows = set.labels.length
  const own = set.weights ?? new Float64Array(rows).fill(1)
  if (share === 0) return own.slice()
  const drawn = new Float64Array(rows)
  for (let times = Math.max(1, Math.round(rows * share)); times > 0; times--) {
    const row = draw(rows)
    drawn[row] = (drawn[row] as number) + (own[row] as number)
  }
  return drawn
}

function toForestJson(
  set: BinnedSet,
  options: ForestOptions,
  estimators: readonly TreeJson[],
): ForestJson {
  const columns = Array.from(set.cuts.keys())
  return {
    baseModel: {
      // Features are drawn at every split, so each tree sees all columns in their own order.
      indexes: estimators.map(() => columns),
      n: columns.length,
      replacement: false,
      maxFeatures: columns.length,
      nEstimators: estimators.length,
      treeOptions: librarySettings(options),
      isClassifier: true,
      seed: options.seed,
      estimators,
      useSampleBagging: (options.sampleShare ?? 1) > 0,
    },
    name: 'RFClassifier',
  }
}

function librarySettings(options: ForestOptions): TreeOptionsJson {
  return {
    kind: 'classifier',
    gainFunction: 'gini',
    splitFunction: 'mean',
    minNumSamples: Math.ceil(options.leafWeightMin),
    maxDepth: options.depthMax,
    gainThreshold: options.gainMin ?? 0,
  }
}

function normalized(importance: Float64Array): number[] {
  const sum = importance.reduce((total, value) => total + value, 0)
  return Array.from(importance, (value) => (sum > 0 ? value / sum : 0))
}
