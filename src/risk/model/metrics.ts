import { TrainingRefused } from './refusals.ts'

/** How well probabilities of fraud fit the truth. */
export type Metrics = {
  readonly rows: number
  readonly fraud: number
  /** Area under the ROC curve; ties count half. */
  readonly auc: number
  /** Area under the precision-recall steps (average precision). */
  readonly averagePrecision: number
  /** Mean negative log-likelihood, natural logarithm, probabilities bounded to [1e-9, 1 - 1e-9]. */
  readonly logLoss: number
  /** Mean squared error of the probability. */
  readonly brier: number
  /** Share of fraud found when at most this share of legit rows is hit. */
  readonly recallAt: Readonly<Record<FalsePositiveRate, number>>
}

export const FALSE_POSITIVE_RATES = ['0.001', '0.003', '0.01'] as const
export type FalsePositiveRate = (typeof FALSE_POSITIVE_RATES)[number]

/** Rows that share a probability, best first, with running totals up to and including them. */
type Group = { readonly fraud: number; readonly legit: number }

/** `probabilities` and `labels` (1 is fraud) row by row. Throws `TrainingRefused` when a class is missing. */
export function metricsOf(probabilities: Float64Array, labels: Uint8Array): Metrics {
  const groups = cumulate(probabilities, labels)
  const { fraud, legit } = groups.at(-1) ?? { fraud: 0, legit: 0 }
  if (fraud === 0 || legit === 0) {
    throw new TrainingRefused(`metrics need both classes: ${fraud} fraud, ${legit} legit`)
  }
  return {
    rows: labels.length,
    fraud,
    ...areas(groups, fraud, legit),
    ...losses(probabilities, labels),
    recallAt: {
      '0.001': recallWithin(groups, fraud, legit * 0.001),
      '0.003': recallWithin(groups, fraud, legit * 0.003),
      '0.01': recallWithin(groups, fraud, legit * 0.01),
    },
  }
}

function cumulate(probabilities: Float64Array, labels: Uint8Array): Group[] {
  const order = Array.from(probabilities.keys()).sort(
    (a, b) => (probabilities[b] as number) - (probabilities[a] as number),
  )
  const groups: Group[] = []
  let previous = Number.NaN
  let fraud = 0
  let legit = 0
  for (const row of order) {
    if (labels[row] === 1) fraud++
    else legit++
    if (probabilities[row] === previous) groups.pop()
    groups.push({ fraud, legit })
    previous = probabilities[row] as number
  }
  return groups
}

function areas(groups: readonly Group[], fraud: number, legit: number) {
  let auc = 0
  let averagePrecision = 0
  let before: Group = { fraud: 0, legit: 0 }
  for (const group of groups) {
    auc += ((group.legit - before.legit) / legit) * ((group.fraud + before.fraud) / 2 / fraud)
    const precision = group.fraud / (group.fraud + group.legit)
    averagePrecision += ((group.fraud - before.fraud) / fraud) * precision
    before = group
  }
  return { auc, averagePrecision }
}

function losses(probabilities: Float64Array, labels: Uint8Array) {
  let logLoss = 0
  let brier = 0
  for (let row = 0; row < labels.length; row++) {
    const p = Math.min(1 - 1e-9, Math.max(1e-9, probabilities[row] as number))
    logLoss -= labels[row] === 1 ? Math.log(p) : Math.log1p(-p)
    brier += (p - (labels[row] as number)) ** 2
  }
  return { logLoss: logLoss / labels.length, brier: brier / labels.length }
}

function recallWithin(groups: readonly Group[], fraud: number, legitMax: number): number {
  let recall = 0
  for (const group of groups) {
    if (group.legit > legitMax) break
    recall = group.fraud / fraud
  }
  return recall
}

/** One bar of a reliability diagram. */
export type CalibrationBin = {
  readonly rows: number
  readonly meanProbability: number
  readonly fraudShare: number
}

/** Rows in `count` equally wide bins of probability; empty bins are left out. */
export function reliabilityOf(
  probabilities: Float64Array,
  labels: Uint8Array,
  count = 10,
): CalibrationBin[] {
  const bins = Array.from({ length: count }, () => ({ rows: 0, sum: 0, fraud: 0 }))
  for (let row = 0; row < labels.length; row++) {
    const p = probabilities[row] as number
    const bin = bins[Math.min(count - 1, Math.floor(p * count))] as (typeof bins)[number]
    bin.rows++
    bin.sum += p
    bin.fraud += labels[row] as number
  }
  return bins
    .filter((bin) => bin.rows > 0)
    .map(({ rows, sum, fraud }) => ({
      rows,
      meanProbability: sum / rows,
      fraudShare: fraud / rows,
    }))
}
