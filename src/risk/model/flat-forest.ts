import { assert } from '../../domain/assert.ts'

/** Marks a leaf in `FlatForest.feature`. */
export const LEAF = 0xffff

/**
 * A forest in typed arrays. Siblings are neighbours: the right child of a node is `left + 1`, so that a step is one
 * comparison and one addition.
 */
export type FlatForest = {
  /** How many members a vector must have. */
  readonly features: number
  /** The first node of each tree. */
  readonly roots: Int32Array
  /** Index into the vector, or `LEAF`. */
  readonly feature: Uint16Array
  readonly threshold: Float64Array
  readonly left: Int32Array
  /** Share of fraud among the training rows that reached the node; for splits the weighted mean of the children. */
  readonly value: Float64Array
  /** One word a node, so that a step reads less: its left child (of a leaf: itself), whether it splits, and its feature. */
  readonly steps: Int32Array
  /** Of each four trees in a row: how many steps it takes from any of their roots to any leaf. */
  readonly levels: Int32Array
}

/** Bits of a step: the lowest name the feature, one says whether the node splits, the others name the left child. */
const FEATURE_BITS = 10
const FEATURE_MASK = (1 << FEATURE_BITS) - 1
const SPLITS = 1 << FEATURE_BITS
const CHILD_AT = FEATURE_BITS + 1
/** What fits into the steps: the features, and the nodes of all trees together. */
export const FEATURES_MAX = 1 << FEATURE_BITS
export const NODES_MAX = 100_000

/** Completes a forest by what a walk down its trees reads. */
export function withSteps(forest: Omit<FlatForest, 'steps' | 'levels'>): FlatForest {
  const { features, feature, left, roots } = forest
  assert(features <= FEATURES_MAX && left.length <= NODES_MAX, 'steps fit into 31 bits')
  const steps = Int32Array.from(feature, (column, node) =>
    column === LEAF ? node << CHILD_AT : ((left[node] as number) << CHILD_AT) | SPLITS | column,
  )
  const levels = Int32Array.from({ length: Math.floor(roots.length / TOGETHER) }, (_, group) =>
    Math.max(
      ...roots
        .subarray(group * TOGETHER)
        .subarray(0, TOGETHER)
        .map(levelsBelow(steps)),
    ),
  )
  return { ...forest, steps, levels }
}

const levelsBelow = (steps: Int32Array) => (root: number) => {
  let deepest = 0
  const waiting: (readonly [node: number, level: number])[] = [[root, 0]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, level] = next
    deepest = Math.max(deepest, level)
    const step = steps[node] as number
    if ((step & SPLITS) === 0) continue
    const left = step >> CHILD_AT
    waiting.push([left, level + 1], [left + 1, level + 1])
  }
  return deepest
}

/** Mean of the leaves' fraud shares over all trees, 0 to 1, before calibration. NaN members go right, as in ml-random-forest. */
export function meanShare(forest: FlatForest, vector: Float64Array): number {
  const { roots, value, levels } = forest
  let sum = 0
  for (let group = 0; group < levels.length; group++) sum = addFour(forest, vector, { group, sum })
  for (let tree = levels.length * TOGETHER; tree < roots.length; tree++) {
    sum += value[leafOf(forest, roots[tree] as number, vector)] as number
  }
  return sum / roots.length
}

/** Trees that are walked side by side. */
const TOGETHER = 4

/**
 * Adds the leaves of four trees, in their order. A walk down one tree is a chain of guesses which way a split goes, and of waiting
 * where the guess was wrong; four walks without a guess wait at the same time.
 */
function addFour(
  { roots, value, steps, threshold, levels }: FlatForest,
  vector: Float64Array,
  { group, sum }: { readonly group: number; readonly sum: number },
): number {
  const first = group * TOGETHER
  let one = roots[first] as number
  let two = roots[first + 1] as number
  let three = roots[first + 2] as number
  let four = roots[first + 3] as number
  for (let level = levels[group] as number; level > 0; level--) {
    one = childOf(steps[one] as number, vector, threshold[one] as number)
    two = childOf(steps[two] as number, vector, threshold[two] as number)
    three = childOf(steps[three] as number, vector, threshold[three] as number)
    four = childOf(steps[four] as number, vector, threshold[four] as number)
  }
  const [a, b, c, d] = [value[one], value[two], value[three], value[four]]
  return sum + (a as number) + (b as number) + (c as number) + (d as number)
}

/** Where a step leads, without a branch; a leaf leads to itself. */
function childOf(step: number, vector: Float64Array, threshold: number): number {
  const goesRight = 1 - Number((vector[step & FEATURE_MASK] as number) < threshold)
  return (step >> CHILD_AT) + ((step >> FEATURE_BITS) & goesRight)
}

/**
 * What `RandomForestClassifier.predictProbability(rows, 1)` of ml-random-forest 2.1 answers, quirks included: each tree
 * casts one vote (a tie goes to class 0), and because its `reduce` has no initial value the first tree adds its label in
 * millionths instead of its share; the sum is rounded to millionths.
 */
export function voteShare(forest: FlatForest, vector: Float64Array): number {
  const { roots } = forest
  const share = 1e6 / roots.length
  let votes = voteOf(forest, 0, vector)
  for (let tree = 1; tree < roots.length; tree++) {
    if (voteOf(forest, tree, vector) === 1) votes += share
  }
  return Math.round(votes) / 1e6
}

function voteOf(forest: FlatForest, tree: number, vector: Float64Array): 0 | 1 {
  const leaf = leafOf(forest, forest.roots[tree] as number, vector)
  return (forest.value[leaf] as number) > 0.5 ? 1 : 0
}

function leafOf(forest: FlatForest, root: number, vector: Float64Array): number {
  const { steps, threshold } = forest
  let node = root
  let step = steps[node] as number
  while ((step & SPLITS) !== 0) {
    const goesLeft = (vector[step & FEATURE_MASK] as number) < (threshold[node] as number)
    node = (step >> CHILD_AT) + (goesLeft ? 0 : 1)
    step = steps[node] as number
  }
  return node
}

/** How one score came about: `base` plus all `contributions` is `share`. */
export type PathContributions = {
  /** What the forest says of a request it knows nothing about. */
  readonly base: number
  /** By feature index: how far the splits on that feature moved the share. */
  readonly contributions: Float64Array
  /** The uncalibrated mean share. */
  readonly share: number
}

/** Path contributions (Saabas 2014): each split is credited with the change of the node's value that it causes. */
export function contributionsOf(forest: FlatForest, vector: Float64Array): PathContributions {
  const { roots, feature, threshold, left, value } = forest
  const contributions = new Float64Array(forest.features)
  let base = 0
  let share = 0
  for (let tree = 0; tree < roots.length; tree++) {
    let node = roots[tree] as number
    base += value[node] as number
    for (let column = feature[node] as number; column !== LEAF; ) {
      const goesLeft = (vector[column] as number) < (threshold[node] as number)
      const next = (left[node] as number) + (goesLeft ? 0 : 1)
      const moved = (value[next] as number) - (value[node] as number)
      contributions[column] = (contributions[column] as number) + moved
      node = next
      column = feature[node] as number
    }
    share += value[node] as number
  }
  const trees = roots.length
  return {
    base: base / trees,
    contributions: contributions.map((sum) => sum / trees),
    share: share / trees,
  }
}
