import type { Decision, FeatureRecord } from '../domain/decision.ts'
import { newId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'
import type { Memory } from '../risk/feature-memory.ts'
import { toFeatures } from '../risk/features.ts'
import { isCalm } from '../risk/own-scores.ts'
import { withSample } from '../risk/sample-challenge.ts'
import type { Signals } from '../risk/signals.ts'
import type { Velocity } from '../risk/velocity.ts'
import type { House } from './house.ts'
import { type Asked, challengerVote } from './judge.ts'
import type { RequestThresholds } from './own-thresholds.ts'
import { judgeWithPardons } from './pardons.ts'
import type { Policy } from './policy.ts'

const NOT_KEPT: FeatureRecord = { catalogue: '', known: {}, unknown: [] }

type Writable<Whole> = { -readonly [Part in keyof Whole]: Whole[Part] }

export type DecidedRequest = Pick<Asked, 'service' | 'channel' | 'purpose'> & {
  /** Not a resend. */
  readonly isFirst?: boolean
}

/** Everything about one request that its decision is made from. */
export type Weighed = {
  readonly request: DecidedRequest
  readonly signals: Signals
  readonly velocity: Velocity | undefined
  readonly memory: Memory
  readonly price: Micros
  readonly challengeNonce: string | undefined
  readonly thresholds: RequestThresholds
}

/** The verdict of rules and score, a sample where it is one, and all that is needed to explain it later. */
export async function decisionOn(
  house: Pick<House, 'platform' | 'evidence' | 'velocity' | 'ruleSets'>,
  policy: Policy,
  { request, signals, velocity, memory, price, challengeNonce, thresholds }: Weighed,
): Promise<Decision> {
  const { service, channel, purpose } = request
  const features = toFeatures(signals, velocity, memory)
  house.evidence.onVector?.(features.vector)
  house.ruleSets.keep(policy.ruleSet)
  const { country } = signals.phone
  const asked = { service, channel, purpose, price, country, thresholds: thresholds.current }
  const { judged, pardon } = await judgeWithPardons(house, policy, { asked, features })
  const id = newId('DE', house.platform)
  const { outcome, score, reasons, hits, policyOutcome } = withSample(judged.verdict, {
    id,
    share: mayBeSampled(request, memory) ? policy.ruleSet.sampledShare : 0,
  })
  for (const { ruleId, message } of judged.errors) {
    house.platform.log.error('rule.failed', { rule: ruleId, cause: message })
  }
  const decision: Writable<Decision> = {
    id,
    outcome,
    policyOutcome,
    score,
    reasons,
    hits,
    features: house.evidence.stored ? features.record() : NOT_KEPT,
    rulesVersion: policy.ruleSet.version,
    modelVersion: policy.model?.version ?? 'none',
    challengePassed: challengeNonce !== undefined,
    stop: undefined,
    thresholds: thresholds.current,
  }
  if (judged.errors.length > 0) decision.failedRules = judged.errors.map(({ ruleId }) => ruleId)
  if (pardon !== undefined) decision.pardon = pardon
  if (isCalm(memory.sight)) decision.calm = true
  if (policy.challenger === undefined) return decision
  const rival = { ...asked, thresholds: thresholds.challenger }
  const challenger = challengerVote(policy.challenger, rival, features)
  if (challenger !== undefined) decision.challenger = challenger
  return decision
}

/** A first request for a number that never verified here, at a service that acts on decisions. */
const mayBeSampled = ({ isFirst, service }: DecidedRequest, { customer }: Memory): boolean =>
  isFirst === true && customer === undefined && service.protection !== 'record_only'
