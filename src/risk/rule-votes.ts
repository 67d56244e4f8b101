import type { Decision, RuleHit } from '../domain/decision.ts'
import { pardonsIn } from './pardon.ts'
import { isInScope, type RequestScope, type RuleScope } from './rules.ts'

/**
 * counted: it asked for what the policy decided, or stood beside it as a witness. adjusted: it moved the score. outweighed: something
 * stronger decided. taken_back: another rule pardoned its challenge. shadow: it is on trial and has no say.
 */
export type MatchedVote = 'counted' | 'adjusted' | 'outweighed' | 'taken_back' | 'shadow'

/** out_of_scope: it was not asked for this service, channel or purpose. failed: its condition could not be evaluated. */
export type SilentVote = 'not_matched' | 'out_of_scope' | 'failed'

/** A rule as far as its vote is concerned: without its condition. */
export type RuleOutline = { readonly hit: RuleHit; readonly scope: RuleScope | undefined }

type Voted = Pick<Decision, 'hits' | 'reasons' | 'pardon' | 'failedRules'>

/** What became of each rule that matched, in the order of `hits`. Pure. */
export function matchedVotes(decision: Voted): readonly MatchedVote[] {
  const enforced = decision.hits.filter(({ mode }) => mode === 'enforce')
  const pardoned = pardonsIn(decision.pardon === 'spent' ? [] : enforced)
  const isTakenBack = ({ action, ruleId }: RuleHit) =>
    action === 'challenge' && pardoned.has(ruleId)
  const voting = enforced.filter((hit) => !isTakenBack(hit))
  const strongest = (['allow', 'block'] as const).find((action) =>
    voting.some((hit) => hit.action === action),
  )
  const told = new Set(decision.reasons.map(({ code }) => code))
  return decision.hits.map((hit) => {
    if (hit.mode === 'shadow') return 'shadow'
    if (hit.action === 'adjust') return 'adjusted'
    if (isTakenBack(hit)) return 'taken_back'
    const hasSay = strongest === undefined || strongest === hit.action
    return hasSay && told.has(hit.reason.code) ? 'counted' : 'outweighed'
  })
}

export type SilentRule = { readonly hit: RuleHit; readonly vote: SilentVote }

/** The rest of the set that decided, in file order: all rules that did not match, and why. Pure. */
export function silentVotes(
  rules: readonly RuleOutline[],
  { hits, failedRules }: Voted,
  request: RequestScope,
): readonly SilentRule[] {
  const matched = new Set(hits.map(({ ruleId }) => ruleId))
  const failed = new Set(failedRules)
  return rules
    .filter(({ hit }) => !matched.has(hit.ruleId))
    .map(({ hit, scope }) => {
      if (!isInScope(scope, request)) return { hit, vote: 'out_of_scope' }
      return { hit, vote: failed.has(hit.ruleId) ? 'failed' : 'not_matched' }
    })
}

/** Rule sets by the version that decisions name; what is kept of one never changes. */
export type RuleSetStore = {
  /** Harmless when it is there already. */
  put(version: string, rules: readonly RuleOutline[], nowMs: number): Promise<void>
  find(version: string): Promise<readonly RuleOutline[] | undefined>
}
