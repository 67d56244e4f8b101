import { isSampled, type Outcome, TEST_NUMBER_REASON } from '../domain/decision.ts'
import type { Verification } from '../domain/verification.ts'
import { outcomeCosts } from '../risk/decide.ts'
import { type Flip, findFlip } from '../risk/explain-flip.ts'
import { explainScore, type ScoreExplanation } from '../risk/explain-score.ts'
import { wholeRecord } from '../risk/feature-record.ts'
import { type RecordedFeatures, recordedFeatures } from '../risk/recorded-features.ts'
import type { House } from './house.ts'
import { type Asked, judge } from './judge.ts'
import type { Policy } from './policy.ts'

/** Why a part of a decision cannot be computed again: what decided then is not there any more. */
export type Unexplained = 'catalogue_changed' | 'model_changed' | 'rules_changed'

export type ModelPart =
  | ({ readonly kind: 'explained' } & ScoreExplanation)
  | { readonly kind: 'no_model' }
  | { readonly kind: 'unknown'; readonly because: Unexplained }

/** Why no feature could turn it. */
export type Settled = 'hard_stop' | 'country' | 'test_number' | 'sample' | 'no_single_change'

/**
 * none: nothing of one feature alone turns it, either because a hard limit or a country permission decided, or because more than
 * one thing spoke for it. not_reproducible: settings of the service have changed since, so that today it would be decided otherwise.
 */
export type FlipPart =
  | ({ readonly kind: 'change' } & Flip)
  | { readonly kind: 'none'; readonly because: Settled }
  | { readonly kind: 'unknown'; readonly because: Unexplained | 'not_reproducible' }

export type Explained = {
  readonly model: ModelPart
  /** Micros, at the score and the service's values of today. */
  readonly expectedCosts: Readonly<Record<Outcome, number>>
  readonly flip: FlipPart
}

/** Named contributions of the model; the rest is one sum. */
const CONTRIBUTIONS_MOST = 15
const CONTRIBUTIONS_ALL = Number.MAX_SAFE_INTEGER

type ExplainingHouse = Pick<House, 'policy' | 'tenancy'>

/**
 * Everything about a stored decision that can be computed from it: the model's contributions, the expected costs of the three
 * outcomes and the least change that would have flipped it. Undefined when the service is gone.
 */
export async function explainDecision(
  house: ExplainingHouse,
  verification: Verification,
): Promise<Explained | undefined> {
  const { accountId, serviceId, price, decision, channel, purpose, traffic } = verification
  const service = await house.tenancy.service(accountId, serviceId)
  if (service === undefined) return undefined
  const policy = house.policy()
  const asked = { service, channel, purpose, price, country: traffic.country }
  return {
    model: modelPart(policy, verification),
    expectedCosts: outcomeCosts({ price, userValue: service.userValue }, decision.score),
    flip: flipPart(policy, asked, verification),
  }
}

function modelPart({ model }: Policy, { decision }: Verification): ModelPart {
  if (decision.modelVersion === 'none') return { kind: 'no_model' }
  if (model?.version !== decision.modelVersion) return { kind: 'unknown', because: 'model_changed' }
  const explained = explainScore(model, decision.features, CONTRIBUTIONS_MOST)
  if (explained === undefined) return { kind: 'unknown', because: 'catalogue_changed' }
  return { kind: 'explained', ...explained }
}

function flipPart(policy: Policy, asked: Asked, { decision }: Verification): FlipPart {
  if (decision.stop !== undefined) return { kind: 'none', because: 'hard_stop' }
  const [first] = decision.reasons
  if (first?.code === TEST_NUMBER_REASON) return { kind: 'none', because: 'test_number' }
  if (isSampled(decision)) return { kind: 'none', because: 'sample' }
  if (first?.code === 'country_not_allowed') return { kind: 'none', because: 'country' }
  const { ruleSet, model } = policy
  if (ruleSet.version !== decision.rulesVersion) {
    return { kind: 'unknown', because: 'rules_changed' }
  }
  if ((model?.version ?? 'none') !== decision.modelVersion) {
    return { kind: 'unknown', because: 'model_changed' }
  }
  const features = recordedFeatures(decision.features)
  if (features === undefined) return { kind: 'unknown', because: 'catalogue_changed' }
  const { thresholds } = decision
  const outcomeOf = (changed: RecordedFeatures) =>
    judge(policy, { ...asked, thresholds, pardoning: decision.pardon !== 'spent' }, changed).verdict
      .policyOutcome
  if (outcomeOf(features) !== decision.policyOutcome) {
    return { kind: 'unknown', because: 'not_reproducible' }
  }
  const contributions =
    model === undefined
      ? []
      : (explainScore(model, decision.features, CONTRIBUTIONS_ALL)?.contributions ?? [])
  const enforced = decision.hits.filter(({ mode }) => mode === 'enforce')
  const flip = findFlip({
    features,
    known: wholeRecord(decision.features),
    outcome: decision.policyOutcome,
    matched: new Set(enforced.map(({ ruleId }) => ruleId)),
    rules: ruleSet.rules,
    contributions,
    decide: outcomeOf,
  })
  if (flip === undefined) return { kind: 'none', because: 'no_single_change' }
  return { kind: 'change', ...flip }
}
