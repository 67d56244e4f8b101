import { TEST_NUMBER_REASON } from '../domain/decision.ts'
import type { Verification } from '../domain/verification.ts'
import { type SilentRule, silentVotes } from '../risk/rule-votes.ts'
import type { House } from './house.ts'

/** Test numbers are decided on by no rule; of a set that was never written down only the matches are known, from the decision. */
export type SilentPart =
  | { readonly kind: 'known'; readonly rules: readonly SilentRule[] }
  | { readonly kind: 'none'; readonly because: 'test_number' }
  | { readonly kind: 'unknown'; readonly because: 'rules_changed' }

/** The rules that did not match, of the set that decided then and never of today's. */
export async function explainSilence(
  house: Pick<House, 'policy' | 'ruleSets'>,
  { decision, serviceId, channel, purpose }: Verification,
): Promise<SilentPart> {
  if (decision.reasons[0]?.code === TEST_NUMBER_REASON)
    return { kind: 'none', because: 'test_number' }
  const { ruleSet } = house.policy()
  const rules =
    ruleSet.version === decision.rulesVersion
      ? ruleSet.rules
      : await house.ruleSets.find(decision.rulesVersion)
  if (rules === undefined) return { kind: 'unknown', because: 'rules_changed' }
  return { kind: 'known', rules: silentVotes(rules, decision, { serviceId, channel, purpose }) }
}
