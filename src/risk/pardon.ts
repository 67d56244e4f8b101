import type { RuleHit } from '../domain/decision.ts'

/** Among the ids of rules to pardon: the challenge that nothing but the score asks for. */
export const SCORE_PARDONED = 'score'

const NOTHING: ReadonlySet<string> = new Set()

/** What the rules that matched take back: ids of rules, and perhaps `score`. */
export function pardonsIn(enforced: readonly RuleHit[]): ReadonlySet<string> {
  if (!enforced.some(({ action }) => action === 'pardon')) return NOTHING
  return new Set(enforced.flatMap(({ pardons }) => pardons ?? []))
}

/** What is left once the challenges are gone that are pardoned. Nothing pardons a block. */
export function withoutPardoned(
  enforced: readonly RuleHit[],
  pardoned: ReadonlySet<string>,
): readonly RuleHit[] {
  if (pardoned.size === 0) return enforced
  return enforced.filter(({ action, ruleId }) => action !== 'challenge' || !pardoned.has(ruleId))
}
