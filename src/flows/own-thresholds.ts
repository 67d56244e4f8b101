import type { DecisionThresholds } from '../domain/decision.ts'
import type { AccountId } from '../domain/ids.ts'
import type { Verification } from '../domain/verification.ts'
import { type ScoreSketch, thresholdsInForce } from '../risk/own-scores.ts'
import { isPlainConversion } from '../risk/ranges/trust.ts'
import type { House } from './house.ts'
import type { Contender } from './judge.ts'
import type { Policy } from './policy.ts'

type ScoringHouse = Pick<House, 'platform' | 'ownScores'>

/** The thresholds of one request: for the policy in force, and for one on trial. */
export type RequestThresholds = {
  readonly current: DecisionThresholds
  readonly challenger: DecisionThresholds | undefined
}

const versionOf = ({ model }: Contender): string => model?.version ?? 'none'

/** What the account's own traffic makes of the policy's thresholds. Where its scores cannot be read, the policy's hold. */
export async function thresholdsFor(
  house: ScoringHouse,
  policy: Policy,
  { accountId, nowMs }: { readonly accountId: AccountId; readonly nowMs: number },
): Promise<RequestThresholds> {
  const { ruleSet, challenger } = policy
  const isAsked = ruleSet.ownTraffic !== undefined || challenger?.ruleSet.ownTraffic !== undefined
  const owner = { accountId, modelVersion: versionOf(policy) }
  const sketch = isAsked ? await sketchOf(house, owner, nowMs) : undefined
  const inForce = (contender: Contender) =>
    thresholdsInForce(
      contender.ruleSet.thresholds,
      contender.ruleSet.ownTraffic,
      // Of another model nothing is known here: only the one in force is learned from.
      versionOf(contender) === owner.modelVersion ? sketch : undefined,
    )
  return { current: inForce(policy), challenger: challenger && inForce(challenger) }
}

async function sketchOf(
  house: ScoringHouse,
  ...[owner, nowMs]: Parameters<House['ownScores']['sketchOf']>
): Promise<ScoreSketch | undefined> {
  try {
    return await house.ownScores.sketchOf(owner, nowMs)
  } catch {
    house.platform.log.error('own_scores.unavailable', { while: 'issue' })
    return undefined
  }
}

/**
 * Counts the score of a request as ordinary for its account, once its code came back in a person's time and place and nothing
 * had stirred at its destination.
 */
export async function learnScore(
  house: ScoringHouse,
  { accountId, decision }: Verification,
  typed: {
    readonly atMs: number
    readonly delayMs: number
    readonly sameNetwork: boolean | undefined
  },
): Promise<void> {
  if (decision.calm !== true || !isPlainConversion(typed)) return
  const owner = { accountId, modelVersion: decision.modelVersion }
  try {
    await house.ownScores.learn(owner, decision.score, typed.atMs)
  } catch {
    house.platform.log.warn('own_scores.unavailable', { while: 'check' })
  }
}
