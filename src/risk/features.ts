import type { FeatureRecord } from '../domain/decision.ts'
import { accountBaseline, trafficBaseline } from './baseline.ts'
import {
  MODEL_COUNTS,
  MODEL_FACTS,
  MODEL_FEATURES,
  MODEL_MEMORY,
  type Sight,
} from './feature-catalogue.ts'
import type { Memory } from './feature-memory.ts'
import { recordOf } from './feature-record.ts'
import { GROUP_VIEWS } from './group-views.ts'
import type { Signals } from './signals.ts'
import type { Velocity } from './velocity.ts'

/** One request as rules and model see it. */
export type Features = {
  /** `context.range3.unverified_24h`: what a condition reads; unknown values stand at their catalogue default. */
  readonly context: Readonly<Record<string, object>>
  /** The model's inputs in catalogue order: flags as 0 and 1, unknown as -1. */
  readonly vector: Float64Array
  /** For keeping with the decision. Holds no phone number and no address. */
  record(): FeatureRecord
}

const UNKNOWN_NUMBER = -1
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
  return { context: contextOf(sight), vector: vectorOf(sight), record: () => recordOf(sight) }
}

function contextOf(sight: Sight): Record<string, object> {
  const context: Record<string, object> = {}
  for (const { name, View } of GROUP_VIEWS) context[name] = new View(sight)
  return context
}

function vectorOf(sight: Sight): Float64Array {
  const vector = new Float64Array(MODEL_FEATURES.length).fill(UNKNOWN_NUMBER)
  putFacts(vector, sight)
  putMemory(vector, sight)
  putCounts(vector, sight)
  return vector
}

function putFacts(vector: Float64Array, { signals, countersMissing }: Sight): void {
  for (let at = 0; at < MODEL_FACTS.length; at++) {
    const value = MODEL_FACTS[at]?.(signals, countersMissing)
    if (value !== undefined) vector[at] = Number(value)
  }
}

function putMemory(vector: Float64Array, { memory }: Sight): void {
  for (let at = 0; at < MODEL_MEMORY.length; at++) {
    const value = MODEL_MEMORY[at]?.(memory)
    if (value !== undefined) vector[MODEL_FACTS.length + at] = Number(value)
  }
}

function putCounts(vector: Float64Array, sight: Sight): void {
  let at = MODEL_FACTS.length + MODEL_MEMORY.length
  for (const { kind, readers } of MODEL_COUNTS) {
    const tally = sight.velocity[kind]
    const baseline = kind === 'account' ? sight.accountBaseline : sight.trafficBaseline
    for (const read of readers) {
      if (tally !== undefined) vector[at] = read(tally, baseline)
      at++
    }
  }
}
