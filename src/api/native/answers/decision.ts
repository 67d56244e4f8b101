import type * as z from 'zod'
import type { ChallengerVote, RuleHit } from '../../../domain/decision.ts'
import type { Verification } from '../../../domain/verification.ts'
import type { Explained } from '../../../flows/explain-decision.ts'
import type { SilentPart } from '../../../flows/explain-votes.ts'
import { wholeRecord } from '../../../risk/feature-record.ts'
import { type MatchedVote, matchedVotes } from '../../../risk/rule-votes.ts'
import type { decisionAnswer } from '../schemas/decisions.ts'
import { instantOf } from '../schemas/texts.ts'
import { toDecisionSummary } from './verification.ts'

type Answer = z.input<typeof decisionAnswer>

/** Everything that was decided from, as it is stored, and what can be computed from that. */
export function toDecisionAnswer(
  verification: Verification,
  explained: Explained | undefined,
  silent: SilentPart,
): Answer {
  const { decision, traffic } = verification
  const votes = matchedVotes(decision)
  return {
    ...toDecisionSummary(decision),
    policy_outcome: decision.policyOutcome,
    verification: verification.id,
    rules: decision.hits.map((hit, at) => ({
      ...toHitAnswer(hit),
      vote: votes[at] as MatchedVote,
    })),
    silent_rules: toSilentAnswer(silent),
    features: { ...wholeRecord(decision.features) },
    unknown: [...decision.features.unknown],
    rules_version: decision.rulesVersion,
    model_version: decision.modelVersion,
    ...(decision.thresholds === undefined ? {} : { thresholds: { ...decision.thresholds } }),
    ...(decision.pardon === undefined ? {} : { pardon: decision.pardon }),
    ...toExplanation(explained),
    ...(decision.challenger === undefined
      ? {}
      : { challenger: toChallengerAnswer(decision.challenger) }),
    challenge_passed: decision.challengePassed,
    ...(decision.stop === undefined ? {} : { stop: decision.stop }),
    price_micros: verification.price,
    currency: verification.currency,
    traffic: {
      country: traffic.country,
      range: traffic.range,
      ...(traffic.asn === undefined ? {} : { asn: traffic.asn }),
    },
    created_at: instantOf(verification.createdAtMs),
  }
}

const toHitAnswer = ({ ruleId, action, mode, reason, scoreDelta, pardons }: RuleHit) => ({
  rule: ruleId,
  action,
  mode,
  reason: { code: reason.code, detail: reason.detail },
  score_delta: scoreDelta,
  ...(pardons === undefined ? {} : { pardons: [...pardons] }),
})

function toSilentAnswer(silent: SilentPart): Answer['silent_rules'] {
  if (silent.kind !== 'known') return silent
  const rules = silent.rules.map(({ hit, vote }) => ({
    rule: hit.ruleId,
    action: hit.action,
    mode: hit.mode,
    vote,
    score_delta: hit.scoreDelta,
  }))
  return { kind: 'known', rules }
}

const toChallengerAnswer = ({ outcome, score, rulesVersion, modelVersion }: ChallengerVote) => ({
  outcome,
  score,
  rules_version: rulesVersion,
  model_version: modelVersion,
})

function toExplanation(
  explained: Explained | undefined,
): Pick<Answer, 'model' | 'flip' | 'expected_costs'> {
  if (explained === undefined) {
    return {
      model: { kind: 'unknown', because: 'model_changed' },
      flip: { kind: 'unknown', because: 'service_gone' },
    }
  }
  const { model, flip, expectedCosts } = explained
  return {
    model: toModelAnswer(model),
    expected_costs: {
      allow_micros: Math.round(expectedCosts.allow),
      challenge_micros: Math.round(expectedCosts.challenge),
      block_micros: Math.round(expectedCosts.block),
    },
    flip: flip.kind === 'change' ? { ...flip, from: flip.from ?? null, to: flip.to ?? null } : flip,
  }
}

function toModelAnswer(model: Explained['model']): Answer['model'] {
  if (model.kind !== 'explained') return model
  const contributions = model.contributions.map(({ feature, value, share }) => ({
    feature,
    value: value ?? null,
    share,
  }))
  return { ...model, contributions }
}
