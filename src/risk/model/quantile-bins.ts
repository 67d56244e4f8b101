import { TrainingRefused } from './refusals.ts'

/** Rows to learn from. */
export type TrainingSet = {
  readonly features: readonly string[]
  /** Row-major, `features.length` numbers a row, all finite. */
  readonly values: Float64Array
  /** 1 is fraud, 0 is legit, one a row. */
  readonly labels: Uint8Array
  /** Importance of each row, above 0; all 1 when absent. */
  readonly weights?: Float64Array
}

/** Every value replaced by the number of cuts at or below it, so that at most 255 cuts fit a byte. */
export type BinnedSet = {
  readonly rows: number
  /** By feature, ascending: bins up to `b` hold exactly the values below `cuts[b]`. */
  readonly cuts: readonly Float64Array[]
  /** By feature: the bin of each row. */
  readonly bins: readonly Uint8Array[]
}

export const BINS_MAX = 255

/** Cuts each feature at its quantiles. Throws `TrainingRefused` for an empty, one-class, ragged or non-finite set. */
export function binTrainingSet(set: TrainingSet, binsMax: number): BinnedSet {
  refuseUnusable(set)
  const rows = set.labels.length
  const width = set.features.length
  const cuts: Float64Array[] = []
  const bins: Uint8Array[] = []
  for (let feature = 0; feature < width; feature++) {
    const column = new Float64Array(rows)
    for (let row = 0; row < rows; row++) column[row] = set.values[row * width + feature] as number
    const edges = quantileCuts(column, Math.min(binsMax, BINS_MAX))
    cuts.push(edges)
    bins.push(Uint8Array.from(column, (value) => cutsUpTo(edges, value)))
  }
  return { rows, cuts, bins }
}

function refuseUnusable({ features, values, labels, weights }: TrainingSet): void {
  const rows = labels.length
  const width = features.length
  if (rows === 0 || width === 0) {
    throw new TrainingRefused(`the training set is empty: ${rows} rows, ${width} features`)
  }
  if (values.length !== rows * width || (weights !== undefined && weights.length !== rows)) {
    throw new TrainingRefused(`${rows} labels do not fit ${values.length} values of ${width} each`)
  }
  const bad = values.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) {
    const where = `row ${Math.floor(bad / width)}, feature ${features[bad % width]}`
    throw new TrainingRefused(`${where} is ${values[bad]}, every value must be finite`)
  }
  if (weights?.some((weight) => !(weight > 0 && Number.isFinite(weight)))) {
    throw new TrainingRefused('every weight must be finite and above 0')
  }
  const fraud = labels.reduce((sum, label) => sum + (label === 1 ? 1 : 0), 0)
  if (fraud === 0 || fraud === rows) {
    const only = fraud === 0 ? 'legit' : 'fraud'
    throw new TrainingRefused(`the training set has one class: all ${rows} rows are ${only}`)
  }
}

/** Cuts between neighbouring values so that the bins hold about equally many rows; a value is never split. */
function quantileCuts(column: Float64Array, binsMax: number): Float64Array {
  const sorted = column.slice().sort()
  const tellAllApart = distinctFit(sorted, binsMax)
  const cuts: number[] = []
  let start = 0
  for (let index = 1; index < sorted.length && cuts.length < binsMax - 1; index++) {
    const low = sorted[index - 1] as number
    const high = sorted[index] as number
    // Long runs of one value use up rows, so the share of a bin is taken anew from what is left.
    const share = (sorted.length - start) / (binsMax - cuts.length)
    if (high > low && (index - start >= share || tellAllApart)) {
      cuts.push(shortestBetween(low, high))
      start = index
    }
  }
  return Float64Array.from(cuts)
}

/** Few distinct values (flags, small counts) are all told apart. */
function distinctFit(sorted: Float64Array, binsMax: number): boolean {
  let distinct = 1
  for (let index = 1; index < sorted.length; index++) {
    if (sorted[index] !== sorted[index - 1]) distinct++
    if (distinct > binsMax) return false
  }
  return true
}

/** The number of fewest digits in (low, high]: thresholds stay readable and model files small. */
export function shortestBetween(low: number, high: number): number {
  const middle = low + (high - low) / 2
  for (let digits = 1; digits < 17; digits++) {
    const short = Number(middle.toPrecision(digits))
    if (short > low && short <= high) return short
  }
  return high
}

function cutsUpTo(cuts: Float64Array, value: number): number {
  let low = 0
  let high = cuts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((cuts[middle] as number) <= value) low = middle + 1
    else high = middle
  }
  return low
}
