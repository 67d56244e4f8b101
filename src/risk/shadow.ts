import type { ChallengerVote, Decision, RuleAction } from '../domain/decision.ts'
import type { AccountId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'

export const SHADOW_KINDS = ['rule', 'challenger'] as const
export type ShadowKind = (typeof SHADOW_KINDS)[number]

/** What somebody without a say would have done with one request. A challenger is named after its versions. */
export type ShadowVote = {
  readonly kind: ShadowKind
  readonly name: string
  readonly would: RuleAction
}

/** Every shadow rule that matched, and the challenger's outcome whatever it was. */
export function shadowVotes({
  hits,
  challenger,
}: Pick<Decision, 'hits' | 'challenger'>): readonly ShadowVote[] {
  const rules = hits
    .filter(({ mode }) => mode === 'shadow')
    .map(({ ruleId, action }) => ({ kind: 'rule' as const, name: ruleId, would: action }))
  if (challenger === undefined) return rules
  const name = challengerName(challenger)
  return [...rules, { kind: 'challenger', name, would: challenger.outcome }]
}

export const challengerName = ({
  rulesVersion,
  modelVersion,
}: Pick<ChallengerVote, 'rulesVersion' | 'modelVersion'>): string =>
  `${rulesVersion} ${modelVersion}`

/** What one voter would have done in a window, and what became of those requests. Money in micros of the account's currency. */
export type ShadowRow = ShadowVote & {
  readonly hits: number
  /** Of those, how many were sent nevertheless: what enforcing it would have changed. */
  readonly sent: number
  readonly verified: number
  /** Named by a fraud report. */
  readonly reported: number
  /** Price of the sends that it would have stopped. */
  readonly stopped: Micros
  /** Of that the part whose code came back and that nobody reported. */
  readonly good: Micros
}

export type ShadowQuery = {
  readonly accountId: AccountId
  /** Whole hours, as in `TrafficQuery`. */
  readonly fromMs: number
  readonly toMs: number
}

export interface ShadowStore {
  /** By kind, name and what it would have done; most hits first. Reads the hourly aggregates only. */
  totals(query: ShadowQuery): Promise<readonly ShadowRow[]>
}
