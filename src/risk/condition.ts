import type { SeenFeatures } from './features.ts'
import type { Comparison } from './rule-comparisons.ts'
import type { Test } from './rule-sieve.ts'

/** One mistake in a condition; `offset` counts UTF-16 units from its start. */
export type ConditionFault = { readonly offset: number; readonly message: string }
export type Condition = (features: SeenFeatures) => boolean
export type CompiledCondition =
  | {
      readonly kind: 'ok'
      readonly condition: Condition
      /** What has to hold whatever else does, for a sieve over many conditions. */
      readonly tests: readonly Test[]
      readonly comparisons: readonly Comparison[]
    }
  | { readonly kind: 'wrong'; readonly faults: readonly ConditionFault[] }

/** Makes what is written under `when` callable. Never throws. */
export type CompileCondition = (text: string) => CompiledCondition
