import type { DecisionThresholds } from '../domain/decision.ts'
import type { AccountId } from '../domain/ids.ts'
import type { RangeSight } from './ranges/watch.ts'
import type { OwnTraffic, Thresholds } from './thresholds.ts'

/** Whose scores: those of another model are no measure for this one. */
export type ScoreOwner = { readonly accountId: AccountId; readonly modelVersion: string }

/** So many requests of one day had a score of this bin. */
export type ScoreCount = { readonly day: number; readonly bin: number; readonly count: number }

export interface ScoreStore {
  add(owner: ScoreOwner, counts: readonly ScoreCount[]): Promise<void>
  /** Everything from that day on. */
  since(owner: ScoreOwner, day: number): Promise<readonly ScoreCount[]>
  /** Forgets what is older than that day. */
  purge(beforeDay: number): Promise<void>
}

/** Of each bin of scores how many requests there were, older days counting less. */
export type ScoreSketch = { readonly counts: Float64Array; readonly total: number }

/** Bins are a quarter wide in the logarithm of the odds, so that they are as fine near 1 as in the middle. */
const BINS = 64
const BIN_WIDTH = 0.25
const LEAST_ODDS = -8
const SCORE_LEAST = 1e-4

const DAY_MS = 86_400_000
/** A day counts half as much as one two days after it; after two weeks nothing is left of it. */
const HALF_LIFE_DAYS = 2
export const SCORE_DAYS = 14
/** Fewer say nothing about one request in two hundred. */
const TOTAL_LEAST = 200
/** However high an account's own people score: whoever teaches us their scores shall not lift the thresholds out of reach. */
const MOST: Thresholds = { challenge: 0.5, block: 0.98 }

export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS)

export function scoreBin(score: number): number {
  const inside = Math.min(1 - SCORE_LEAST, Math.max(SCORE_LEAST, score))
  const odds = Math.log(inside / (1 - inside))
  return Math.min(BINS - 1, Math.max(0, Math.floor((odds - LEAST_ODDS) / BIN_WIDTH)))
}

/** By age in days: a power for each count of each request would be most of the work. */
const WEIGHTS = Float64Array.from(
  { length: SCORE_DAYS + 1 },
  (_, age) => 2 ** (-age / HALF_LIFE_DAYS),
)
const weightOf = (age: number): number => WEIGHTS[age] ?? 2 ** (-age / HALF_LIFE_DAYS)

/** The score where a bin ends. */
const binEnd = (bin: number): number => 1 / (1 + Math.exp(-(LEAST_ODDS + BIN_WIDTH * (bin + 1))))

/** Pure: the order of the counts does not matter. */
export function toSketch(counts: readonly ScoreCount[], today: number): ScoreSketch {
  const sketch = new Float64Array(BINS)
  let total = 0
  for (const { day, bin, count } of counts) {
    const weight = count * weightOf(Math.max(0, today - day))
    sketch[bin] = (sketch[bin] ?? 0) + weight
    total += weight
  }
  return { counts: sketch, total }
}

/** A score that no more than this share of the sketched traffic reaches: the quantile at 1 - share, rounded up to the end of its bin. */
export function scoreReachedBy({ counts, total }: ScoreSketch, share: number): number {
  let above = 0
  for (let bin = BINS - 1; bin > 0; bin--) {
    above += counts[bin] as number
    if (above > share * total) return binEnd(bin)
  }
  return binEnd(0)
}

/**
 * Scores drift from tenant to tenant, so that one threshold challenges one person in a thousand here and one in fifty there.
 * An account whose own people score higher than the policy's threshold gets a higher one, up to a bound; never a lower one.
 */
export function thresholdsInForce(
  fixed: Thresholds,
  own: OwnTraffic | undefined,
  sketch: ScoreSketch | undefined,
): DecisionThresholds {
  if (own === undefined || sketch === undefined || sketch.total < TOTAL_LEAST) {
    return { ...fixed, lifted: false }
  }
  const lift = (from: number, share: number, most: number) =>
    Math.max(from, Math.min(most, scoreReachedBy(sketch, share)))
  const challenge = lift(fixed.challenge, own.challengeShare, MOST.challenge)
  const block = Math.max(challenge, lift(fixed.block, own.blockShare, MOST.block))
  return { challenge, block, lifted: challenge > fixed.challenge || block > fixed.block }
}

/** Deviations above the usual from which a destination's traffic counts as no ordinary one. */
const CALM_SURGE = 2
const CALM_RARE_SURGE = 3

/** Whether a request may teach what is ordinary: an attack must not lift the threshold that it is to meet. */
export const isCalm = (sight: RangeSight | undefined): boolean =>
  sight !== undefined &&
  sight.surge < CALM_SURGE &&
  sight.country_surge < CALM_SURGE &&
  sight.rare_surge < CALM_RARE_SURGE
