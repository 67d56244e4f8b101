import type { TrainingSet } from '../../risk/model/quantile-bins.ts'

const PRICE = 'request.price_micros'
/** One route that costs a hundred times the others is not worth a hundred of their cases. */
const WEIGHT_MIN = 0.25
const WEIGHT_MAX = 3

/**
 * Fraud weighs as the root of its price against the mean price of fraud, people weigh 1: what is missed is paid, and whoever is
 * refused is one person wherever the number is. The set as it is where no feature tells a price.
 */
export function withCostWeights(set: TrainingSet): TrainingSet {
  const column = set.features.indexOf(PRICE)
  if (column < 0) return set
  const { features, values, labels } = set
  const priceOf = (row: number): number => values[row * features.length + column] as number
  const mean = meanOver(labels, priceOf)
  const weights = Float64Array.from(labels, (label, row) =>
    label === 1 ? bounded(Math.sqrt(priceOf(row) / mean)) : 1,
  )
  return { ...set, weights }
}

function meanOver(labels: Uint8Array, priceOf: (row: number) => number): number {
  let sum = 0
  let fraud = 0
  labels.forEach((label, row) => {
    sum += label * priceOf(row)
    fraud += label
  })
  return sum / Math.max(1, fraud)
}

const bounded = (weight: number): number =>
  Number.isFinite(weight) ? Math.min(WEIGHT_MAX, Math.max(WEIGHT_MIN, weight)) : 1
