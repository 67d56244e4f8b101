import type { DecisionId } from './ids.ts'

export const OUTCOMES = ['allow', 'challenge', 'block'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Why, in a stable snake_case code and a sentence for people. */
export type Reason = { readonly code: string; readonly detail: string }

export type RuleAction = Outcome | 'adjust'
export type RuleMode = 'enforce' | 'shadow'

/** A rule that matched. `adjust` moves the score by `scoreDelta` instead of voting. */
export type RuleHit = {
  readonly ruleId: string
  readonly action: RuleAction
  readonly mode: RuleMode
  readonly reason: Reason
  readonly scoreDelta: number
}

/** Money or rate limits that hold whatever rules and model say. */
export const HARD_STOPS = [
  'phone_minute_cap',
  'phone_hour_cap',
  'phone_day_cap',
  'phone_day_cap_all_accounts',
  'service_hour_budget',
  'service_day_budget',
] as const
export type HardStop = (typeof HARD_STOPS)[number]

/** What we decided and everything it was decided from, complete enough to explain and to replay. Stored whole. */
export type Decision = {
  readonly id: DecisionId
  readonly outcome: Outcome
  /** What the policy asked for; another one than `outcome` where the service only records or a hard stop spoke. */
  readonly policyOutcome: Outcome
  /** Calibrated probability of fraud after adjustments, 0 to 1. */
  readonly score: number
  readonly reasons: readonly Reason[]
  readonly hits: readonly RuleHit[]
  /** Every feature by its catalogue name; what was unknown is absent. */
  readonly features: Readonly<Record<string, number | string | boolean>>
  readonly rulesVersion: string
  readonly modelVersion: string
  /** Set when the request carried a solved challenge. */
  readonly challengePassed: boolean
  /** Set when a hard stop refused what the policy had let through. */
  readonly stop: HardStop | undefined
}
