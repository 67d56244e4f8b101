import * as z from 'zod'
import { TrainingRefused } from './refusals.ts'

const ascending = (values: readonly number[]) =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] as number))

const Shares = z.array(z.number().min(0).max(1)).min(1).max(1_000).refine(ascending, 'must ascend')

/** Both kinds never decrease, so calibration changes no ranking; `isotonic` may tie what was different. */
export const CalibrationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('platt'), slope: z.number().min(0), offset: z.number() }),
  z
    .strictObject({ kind: z.literal('isotonic'), shares: Shares, probabilities: Shares })
    .refine((it) => it.shares.length === it.probabilities.length, 'needs as many probabilities'),
])
export type Calibration = z.output<typeof CalibrationSchema>

/** A forest's share (0 to 1) as a probability of fraud (0 to 1). */
export function calibrate(calibration: Calibration, share: number): number {
  if (calibration.kind === 'none') return share
  if (calibration.kind === 'platt') {
    return logistic(calibration.slope * logOdds(share) + calibration.offset)
  }
  return interpolate(calibration.shares, calibration.probabilities, share)
}

/** Shares of exactly 0 and 1 are common in forests and have no log odds: they count as one in ten thousand. */
const SHARE_MIN = 1e-4

function logOdds(share: number): number {
  const bounded = Math.min(1 - SHARE_MIN, Math.max(SHARE_MIN, share))
  return Math.log(bounded / (1 - bounded))
}

function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds))
}

/** Straight lines between the knots, flat outside them. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  let low = 0
  let high = xs.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((xs[middle] as number) < x) low = middle + 1
    else high = middle
  }
  if (low === 0) return ys[0] as number
  if (low === xs.length) return ys[xs.length - 1] as number
  const x0 = xs[low - 1] as number
  const y0 = ys[low - 1] as number
  return y0 + (((ys[low] as number) - y0) * (x - x0)) / ((xs[low] as number) - x0)
}

/** Shares with their true labels (1 is fraud), never of rows that the forest was grown on. */
export type HeldOut = { readonly shares: Float64Array; readonly labels: Uint8Array }

/**
 * Platt scaling over the log odds of the share: Newton's method on the log-loss, with Platt's (1999) smoothed targets
 * so that a perfect separation stays finite. Throws `TrainingRefused` when a class is missing.
 */
export function fitPlatt({ shares, labels }: HeldOut): Calibration {
  const { fraud, legit } = countBoth(labels)
  const high = (fraud + 1) / (fraud + 2)
  const low = 1 / (legit + 2)
  const odds = Float64Array.from(shares, logOdds)
  const targets = Float64Array.from(labels, (label) => (label === 1 ? high : low))
  let line = { slope: 1, offset: 0 }
  for (let round = 0; round < 50; round++) {
    const step = newtonStep(line, odds, targets)
    line = { slope: Math.max(0, line.slope - step.slope), offset: line.offset - step.offset }
    if (Math.abs(step.slope) + Math.abs(step.offset) < 1e-10) break
  }
  return { kind: 'platt', slope: rounded(line.slope), offset: rounded(line.offset) }
}

type Line = { readonly slope: number; readonly offset: number }

function newtonStep({ slope, offset }: Line, odds: Float64Array, targets: Float64Array): Line {
  // The small ridge keeps the matrix invertible when all shares are the same.
  let [ss, so, oo, gs, go] = [1e-9, 0, 1e-9, 0, 0]
  for (let row = 0; row < odds.length; row++) {
    const x = odds[row] as number
    const p = logistic(slope * x + offset)
    const weight = Math.max(p * (1 - p), 1e-9)
    const error = p - (targets[row] as number)
    ss += weight * x * x
    so += weight * x
    oo += weight
    gs += error * x
    go += error
  }
  const determinant = ss * oo - so * so
  return { slope: (oo * gs - so * go) / determinant, offset: (ss * go - so * gs) / determinant }
}

type Block = { share: number; fraud: number; rows: number }

/**
 * Isotonic regression by pooling adjacent violators; the knots are the blocks' mean shares. At most `KNOTS_MAX` are
 * kept. Throws `TrainingRefused` when a class is missing.
 */
export function fitIsotonic({ shares, labels }: HeldOut): Calibration {
  countBoth(labels)
  const order = Array.from(shares.keys()).sort(
    (a, b) => (shares[a] as number) - (shares[b] as number) || a - b,
  )
  const blocks: Block[] = []
  for (const row of order) {
    blocks.push({ share: shares[row] as number, fraud: labels[row] as number, rows: 1 })
    poolBackwards(blocks)
  }
  const kept = thinOut(blocks)
  return {
    kind: 'isotonic',
    shares: kept.map((block) => rounded(block.share)),
    probabilities: kept.map((block) => rounded(block.fraud / block.rows)),
  }
}

const KNOTS_MAX = 100

function poolBackwards(blocks: Block[]): void {
  for (;;) {
    const last = blocks.at(-1)
    const before = blocks.at(-2)
    if (last === undefined || before === undefined) return
    const sameShare = before.share === last.share
    if (!sameShare && before.fraud / before.rows < last.fraud / last.rows) return
    const rows = before.rows + last.rows
    const share = (before.share * before.rows + last.share * last.rows) / rows
    blocks.splice(-2, 2, { share, fraud: before.fraud + last.fraud, rows })
  }
}

function thinOut(blocks: readonly Block[]): readonly Block[] {
  if (blocks.length <= KNOTS_MAX) return blocks
  const step = (blocks.length - 1) / (KNOTS_MAX - 1)
  return Array.from({ length: KNOTS_MAX }, (_, index) => blocks[Math.round(index * step)] as Block)
}

function countBoth(labels: Uint8Array): { fraud: number; legit: number } {
  const fraud = labels.reduce((sum, label) => sum + label, 0)
  const legit = labels.length - fraud
  if (fraud === 0 || legit === 0) {
    throw new TrainingRefused(
      `calibration needs fraud and legit rows: there are ${fraud} and ${legit}`,
    )
  }
  return { fraud, legit }
}

function rounded(value: number): number {
  return Number(value.toPrecision(8))
}
