import type { FeatureRecord } from '../domain/decision.ts'
import { MODEL_FEATURES } from './feature-catalogue.ts'
import type { FeatureValue } from './feature-facts.ts'
import { wholeRecord } from './feature-record.ts'
import type { Model } from './model/model.ts'
import { recordedFeatures } from './recorded-features.ts'

/** How far the splits on one feature moved the share of fraud, between -1 and 1. */
export type Contribution = {
  readonly feature: string
  /** undefined: it was not known. */
  readonly value: FeatureValue | undefined
  readonly share: number
}

/** `base`, all `contributions` and `others` add up to `share`, which calibration turns into `score`. */
export type ScoreExplanation = {
  /** What the forest says of a request that it knows nothing about. */
  readonly base: number
  /** Weightiest first, whichever way they point. */
  readonly contributions: readonly Contribution[]
  /** The sum of the features that are not listed. */
  readonly others: number
  readonly share: number
  /** The model's probability of fraud before any rule adjusted it. */
  readonly score: number
}

/**
 * Path contributions of a stored decision, computed again from its record: `most` of them by name and the rest as one sum.
 * Undefined where the record is of another catalogue. The caller sees to it that the model is the one that decided.
 */
export function explainScore(
  model: Pick<Model, 'explain'>,
  record: FeatureRecord,
  most: number,
): ScoreExplanation | undefined {
  const features = recordedFeatures(record)
  if (features === undefined) return undefined
  const { base, contributions, share, score } = model.explain(features.vector)
  const known = wholeRecord(record)
  const moved = MODEL_FEATURES.map((feature, at) => ({
    feature,
    value: known[feature],
    share: contributions[at] ?? 0,
  })).filter((each) => each.share !== 0)
  moved.sort((left, right) => Math.abs(right.share) - Math.abs(left.share))
  const others = moved.slice(most).reduce((sum, each) => sum + each.share, 0)
  return { base, contributions: moved.slice(0, most), others, share, score }
}
