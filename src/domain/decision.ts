import type { DecisionId } from './ids.ts'

export const OUTCOMES = ['allow', 'challenge', 'block'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** Why, in a stable snake_case code and a sentence for people. */
export type Reason = { readonly code: string; readonly detail: string }

/** First reason of what was asked for a service's test number: decided by nobody and counted nowhere. */
export const TEST_NUMBER_REASON = 'test_number'

/** First reason of a challenge that was drawn by lot: it says nothing against the request. */
export const SAMPLED_REASON = 'sampled_challenge'

export type RuleAction = Outcome | 'adjust' | 'pardon'
export type RuleMode = 'enforce' | 'shadow'

/** A rule that matched. `adjust` moves the score by `scoreDelta` instead of voting, `pardon` takes back the challenges of other rules. */
export type RuleHit = {
  readonly ruleId: string
  readonly action: RuleAction
  readonly mode: RuleMode
  readonly reason: Reason
  readonly scoreDelta: number
  /** Ids of the rules whose challenges it takes back. */
  readonly pardons?: readonly string[]
}

/** Money or rate limits that hold whatever rules and model say. */
export const HARD_STOPS = [
  'phone_minute_cap',
  'phone_hour_cap',
  'phone_day_cap',
  'phone_day_cap_all_accounts',
  'service_hour_budget',
  'service_day_budget',
  'service_month_budget',
  'account_hour_budget',
  'account_day_budget',
  'account_month_budget',
  'country_hour_budget',
  'country_day_budget',
  'country_month_budget',
] as const
export type HardStop = (typeof HARD_STOPS)[number]

/** What a request's features were, kept small: zeros and `false` are left out of `known`. */
export type FeatureRecord = {
  /** Of which catalogue the names are. */
  readonly catalogue: string
  readonly known: Readonly<Record<string, number | string | boolean>>
  /** Names of what nobody could know; a whole group as `ip.*`. */
  readonly unknown: readonly string[]
}

/** What a policy on trial would have done. It changes nothing. */
export type ChallengerVote = {
  readonly outcome: Outcome
  readonly score: number
  readonly rulesVersion: string
  readonly modelVersion: string
}

/** From which scores on the model challenges and blocks by itself. */
export type DecisionThresholds = {
  readonly challenge: number
  readonly block: number
  /** The account's own traffic lifted one of them above the policy's. */
  readonly lifted: boolean
}

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
  /** Ids of rules that could not be evaluated and so counted as not matched; absent where there were none. */
  readonly failedRules?: readonly string[]
  readonly features: FeatureRecord
  readonly rulesVersion: string
  readonly modelVersion: string
  /** Set when the request carried a solved challenge. */
  readonly challengePassed: boolean
  /** Set when a hard stop refused what the policy had let through. */
  readonly stop: HardStop | undefined
  /** Absent where no challenger ran. */
  readonly challenger?: ChallengerVote
  /** Absent in decisions that were made without a look at the score. */
  readonly thresholds?: DecisionThresholds
  /** given: a challenge was taken back; spent: it was not, for the account's pardons of the day were used up. */
  readonly pardon?: 'given' | 'spent'
  /** Nothing stirred at its destination: once its code comes back, its score counts as ordinary for the account. */
  readonly calm?: true
}

/** Whether it was challenged by lot, not out of suspicion. */
export const isSampled = ({ reasons }: Pick<Decision, 'reasons'>): boolean =>
  reasons[0]?.code === SAMPLED_REASON

/** Whether it was sent because a challenge was solved that suspicion had set. */
export const hasPassed = (
  decision: Pick<Decision, 'outcome' | 'challengePassed' | 'reasons'>,
): boolean => decision.outcome === 'challenge' && decision.challengePassed && !isSampled(decision)
