import type { FeatureRecord } from '../domain/decision.ts'
import { accountBaseline, trafficBaseline } from './baseline.ts'
import type { Sight } from './feature-catalogue.ts'
import type { Memory } from './feature-memory.ts'
import { recordOf } from './feature-record.ts'
import { type FeatureValues, readValues, vectorOf } from './feature-values.ts'
import { contextOf } from './group-views.ts'
import type { Signals } from './signals.ts'
import type { Velocity } from './velocity.ts'

/** What rules and the model read of one request, be it live or recorded. */
export type SeenFeatures = FeatureValues & {
  /** `range3.unverified_24h` of it, for the CEL interpreter; unknown values stand at their catalogue default. Made when asked for. */
  context(): Readonly<Record<string, object>>
  /** The model's inputs in catalogue order: flags as 0 and 1, unknown as -1. */
  readonly vector: Float64Array
}

/** One request as rules and model see it. */
export type Features = SeenFeatures & {
  /** For keeping with the decision. Holds no phone number and no address. */
  record(): FeatureRecord
}

const NO_COUNTS: Velocity = {}

const NO_MEMORY: Memory = { atMs: 0, customer: undefined, sight: undefined, closure: 'open' }

/** Pure: the same input gives the same features. `velocity` is undefined where the counters did not answer. */
export function toFeatures(
  signals: Signals,
  velocity: Velocity | undefined,
  memory: Memory = NO_MEMORY,
): Features {
  const counts = velocity ?? NO_COUNTS
  const sight: Sight = {
    signals,
    memory,
    countersMissing: velocity === undefined,
    velocity: counts,
    trafficBaseline: trafficBaseline(counts),
    accountBaseline: accountBaseline(counts),
  }
  return featuresOf(readValues(sight))
}

/** The features that these values come to. */
export function featuresOf(read: FeatureValues): Features {
  const { values, words } = read
  let context: ReturnType<Features['context']> | undefined
  return {
    values,
    words,
    vector: vectorOf(read),
    record: () => recordOf(read),
    context: () => {
      context ??= contextOf(read)
      return context
    },
  }
}
