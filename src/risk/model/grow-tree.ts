import type { NodeJson } from './forest-json.ts'
import type { BinnedSet } from './quantile-bins.ts'
import type { SeededRandom } from './seeded-random.ts'

export type Criterion = 'gini' | 'entropy'

export type TreeOptions = {
  readonly depthMax: number
  /** Least weight of rows in a leaf. */
  readonly leafWeightMin: number
  /** How many features each split looks at; more when none of them splits. */
  readonly featuresPerSplit: number
  /** Least decrease of impurity, as a share of the tree's whole weight. */
  readonly gainMin: number
  readonly criterion: Criterion
}

/** What growing one tree needs; `weights` already has the bootstrap in it (0: not drawn). */
export type TreeTask = {
  readonly set: BinnedSet
  readonly labels: Uint8Array
  readonly weights: Float64Array
  readonly random: SeededRandom
  readonly options: TreeOptions
  /** Sum of impurity decreases by feature, added to. */
  readonly importance: Float64Array
}

type Sums = { readonly fraud: number; readonly total: number }
type Split = { readonly feature: number; readonly bin: number; readonly decrease: number }
type Range = { readonly from: number; readonly to: number; readonly depth: number }

/** Grows one CART tree over histograms: a split costs its rows times the features looked at, no sorting. */
export function growTree(task: TreeTask): NodeJson {
  return new Grower(task).grow()
}

class Grower {
  readonly #task: TreeTask
  readonly #rows: Int32Array
  readonly #order: Int32Array
  readonly #total = new Float64Array(256)
  readonly #fraud = new Float64Array(256)
  readonly #impurity: (sums: Sums) => number
  #wholeWeight = 0

  constructor(task: TreeTask) {
    this.#task = task
    const drawn: number[] = []
    task.weights.forEach((weight, row) => {
      if (weight > 0) drawn.push(row)
    })
    this.#rows = Int32Array.from(drawn)
    this.#order = Int32Array.from(task.set.cuts.keys())
    this.#impurity = task.options.criterion === 'gini' ? weightedGini : weightedEntropy
  }

  grow(): NodeJson {
    const whole = { from: 0, to: this.#rows.length, depth: 0 }
    this.#wholeWeight = this.#sum(whole).total
    return this.#node(whole)
  }

  #node(range: Range): NodeJson {
    const sums = this.#sum(range)
    const split = this.#maySplit(range, sums) ? this.#bestSplit(range, sums) : undefined
    if (split === undefined) return leaf(sums)
    const { importance, set } = this.#task
    importance[split.feature] = (importance[split.feature] as number) + split.decrease
    const middle = this.#partition(range, split)
    const depth = range.depth + 1
    const left = this.#node({ from: range.from, to: middle, depth })
    const right = this.#node({ from: middle, to: range.to, depth })
    return {
      splitColumn: split.feature,
      splitValue: set.cuts[split.feature]?.[split.bin] as number,
      gain: digits(split.decrease / sums.total, 4),
      numberSamples: digits(sums.total, 6),
      left,
      right,
    }
  }

  #maySplit(range: Range, { fraud, total }: Sums): boolean {
    const { depthMax, leafWeightMin } = this.#task.options
    const pure = fraud <= 0 || fraud >= total
    return range.depth < depthMax && total >= 2 * leafWeightMin && !pure
  }

  #sum({ from, to }: Range): Sums {
    const { labels, weights } = this.#task
    let fraud = 0
    let total = 0
    for (let index = from; index < to; index++) {
      const row = this.#rows[index] as number
      const weight = weights[row] as number
      total += weight
      if (labels[row] === 1) fraud += weight
    }
    return { fraud, total }
  }

  /** Draws features without replacement; goes on past `featuresPerSplit` until one of them splits. */
  #bestSplit(range: Range, sums: Sums): Split | undefined {
    const { random, options } = this.#task
    const order = this.#order
    let best: Split | undefined
    for (let tried = 0; tried < order.length; tried++) {
      if (tried >= options.featuresPerSplit && best !== undefined) break
      const other = tried + random.below(order.length - tried)
      const feature = order[other] as number
      order[other] = order[tried] as number
      order[tried] = feature
      const found = this.#bestCut(feature, range, sums)
      if (found !== undefined && found.decrease > (best?.decrease ?? 0)) best = found
    }
    return best
  }

  #bestCut(feature: number, range: Range, sums: Sums): Split | undefined {
    const cuts = this.#task.set.cuts[feature]?.length ?? 0
    if (cuts === 0) return undefined
    this.#fillHistogram(feature, range, cuts)
    const { leafWeightMin, gainMin } = this.#task.options
    const whole = this.#impurity(sums)
    let best: Split | undefined
    let fraud = 0
    let total = 0
    for (let bin = 0; bin < cuts; bin++) {
      fraud += this.#fraud[bin] as number
      total += this.#total[bin] as number
      if (total < leafWeightMin) continue
      const right = { fraud: sums.fraud - fraud, total: sums.total - total }
      if (right.total < leafWeightMin) break
      const decrease = whole - this.#impurity({ fraud, total }) - this.#impurity(right)
      if (decrease > (best?.decrease ?? gainMin * this.#wholeWeight)) {
        best = { feature, bin, decrease }
      }
    }
    return best
  }

  #fillHistogram(feature: number, { from, to }: Range, cuts: number): void {
    const { set, labels, weights } = this.#task
    const bins = set.bins[feature] as Uint8Array
    const total = this.#total.fill(0, 0, cuts + 1)
    const fraud = this.#fraud.fill(0, 0, cuts + 1)
    for (let index = from; index < to; index++) {
      const row = this.#rows[index] as number
      const bin = bins[row] as number
      const weight = weights[row] as number
      total[bin] = (total[bin] as number) + weight
      if (labels[row] === 1) fraud[bin] = (fraud[bin] as number) + weight
    }
  }

  /** Rows of bins up to the split's move to the front; answers where the others begin. */
  #partition({ from, to }: Range, { feature, bin }: Split): number {
    const bins = this.#task.set.bins[feature] as Uint8Array
    const rows = this.#rows
    let front = from
    let back = to - 1
    while (front <= back) {
      const row = rows[front] as number
      if ((bins[row] as number) <= bin) {
        front++
        continue
      }
      rows[front] = rows[back] as number
      rows[back] = row
      back--
    }
    return front
  }
}

function leaf({ fraud, total }: Sums): NodeJson {
  const share = digits(fraud / total, 4)
  return { distribution: [[digits(1 - share, 8), share]], numberSamples: digits(total, 6) }
}

/** Gini impurity times weight: total * (1 - p² - q²). */
function weightedGini({ fraud, total }: Sums): number {
  return total <= 0 ? 0 : (2 * fraud * (total - fraud)) / total
}

/** Entropy in bits times weight. */
function weightedEntropy({ fraud, total }: Sums): number {
  if (fraud <= 0 || fraud >= total) return 0
  const share = fraud / total
  return -total * (share * Math.log2(share) + (1 - share) * Math.log2(1 - share))
}

function digits(value: number, count: number): number {
  return Number(value.toPrecision(count))
}
