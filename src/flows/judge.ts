import type { Channel } from '../domain/channel.ts'
import type { ChallengerVote } from '../domain/decision.ts'
import type { Micros } from '../domain/money.ts'
import { decide, type Verdict } from '../risk/decide.ts'
import type { SeenFeatures } from '../risk/features.ts'
import { futileOf } from '../risk/futile.ts'
import type { Model } from '../risk/model/model.ts'
import { evaluateRules, type RuleError, type RuleSet } from '../risk/rules.ts'
import type { Thresholds } from '../risk/thresholds.ts'
import type { Service } from '../tenancy/tenancy.ts'

/** Rules and a model that can decide together. */
export type Contender = {
  readonly ruleSet: RuleSet
  readonly model: Model | undefined
}

/** What an outcome depends on beside the features. */
export type Asked = {
  readonly service: Service
  readonly channel: Channel
  readonly purpose: string | undefined
  readonly price: Micros
  /** Country of the number. */
  readonly country: string
  /** Instead of the policy's, where the account's own traffic has a say. */
  readonly thresholds?: Thresholds | undefined
  /** false: the account's pardons of the day are used up. */
  readonly pardoning?: boolean
}

export type Judgement = {
  readonly verdict: Verdict
  /** The model's own probability, before rules adjusted it; 0 without a model. */
  readonly modelScore: number
  readonly errors: readonly RuleError[]
}

/** Hits and score, then the verdict. Pure: the live decision, a challenger's and every what-if are made here. */
export function judge(
  { ruleSet, model }: Contender,
  asked: Asked,
  features: SeenFeatures,
): Judgement {
  const { service, channel, purpose, price, country, pardoning = true } = asked
  const { hits, errors } = evaluateRules(ruleSet, features, {
    serviceId: service.id,
    channel,
    purpose,
  })
  const modelScore = model?.score(features.vector) ?? 0
  const verdict = decide({
    hits,
    score: modelScore,
    thresholds: asked.thresholds ?? ruleSet.thresholds,
    pardoning,
    futile: futileOf(features),
    costs: { price, userValue: service.userValue },
    protection: service.protection,
    country,
    geo: service,
  })
  return { verdict, modelScore, errors }
}

/** What a challenger would have decided. It never costs anybody a code: one that fails has no vote. */
export function challengerVote(
  challenger: Contender,
  asked: Asked,
  features: SeenFeatures,
): ChallengerVote | undefined {
  try {
    const { policyOutcome, score } = judge(challenger, asked, features).verdict
    return {
      outcome: policyOutcome,
      score,
      rulesVersion: challenger.ruleSet.version,
      modelVersion: challenger.model?.version ?? 'none',
    }
  } catch {
    return undefined
  }
}
