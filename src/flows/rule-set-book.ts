import type { Platform } from '../platform/platform.ts'
import type { RuleOutline, RuleSetStore } from '../risk/rule-votes.ts'
import type { RuleSet } from '../risk/rules.ts'

/** Remembers every rule set that decided something, so that a decision can be read after the rules have changed. */
export type RuleSetBook = {
  /** Writes it down in the background, once for each process; losing it loses an explanation and no decision. */
  keep(ruleSet: RuleSet): void
  /** undefined: no set of this version was ever written down. */
  find(version: string): Promise<readonly RuleOutline[] | undefined>
}

export function openRuleSetBook(platform: Platform, store: RuleSetStore): RuleSetBook {
  let kept: string | undefined
  const put = async ({ version, rules }: RuleSet): Promise<void> => {
    const outlines = rules.map(({ hit, scope }) => ({ hit, scope }))
    try {
      await store.put(version, outlines, platform.nowMs())
    } catch {
      kept = undefined
      platform.log.error('rules.not_kept', { version })
    }
  }
  return {
    keep: (ruleSet) => {
      if (ruleSet.version === kept) return
      kept = ruleSet.version
      platform.defer(put(ruleSet))
    },
    find: (version) => store.find(version),
  }
}
