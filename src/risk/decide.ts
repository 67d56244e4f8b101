import type { Outcome, Reason, RuleHit } from '../domain/decision.ts'
import { pardonsIn, SCORE_PARDONED, withoutPardoned } from './pardon.ts'
import type { Thresholds } from './thresholds.ts'

/** What each mistake costs. Money in micros of the account's currency. */
export type Costs = {
  /** One send. */
  readonly price: number
  /** What letting one real person in is worth. */
  readonly userValue: number
  /** How often an attacker passes a challenge, 0 to 1; 0.5 where not given. */
  readonly attackerPass?: number
  /** How often a person gives up at a challenge, 0 to 1; 0.1 where not given. */
  readonly giveUp?: number
}

/** A service's own choice of countries. */
export type GeoPermissions = {
  /** undefined: all. */
  readonly countries: readonly string[] | undefined
  readonly blockedCountries: readonly string[]
}

export type DecideInput = {
  /** The model's calibrated probability of fraud, 0 to 1; 0 where there is no model. */
  readonly score: number
  readonly hits: readonly RuleHit[]
  readonly thresholds: Thresholds
  readonly costs: Costs
  readonly protection: 'record_only' | 'standard' | 'max'
  /** Part of those who solve a challenge at this destination that wants no code, 0 to 1; 0 where not given. */
  readonly futile?: number
  /** false: challenges stay, whatever pardons them. */
  readonly pardoning?: boolean
  /** Country of the number. */
  readonly country: string
  readonly geo: GeoPermissions
}

export type Verdict = {
  readonly outcome: Outcome
  /** After adjustments, 0 to 1. */
  readonly score: number
  /** What spoke for the outcome, weightiest first; never empty. */
  readonly reasons: readonly Reason[]
  readonly hits: readonly RuleHit[]
  /** What the policy asked for; another outcome than `outcome` only where the service merely records. */
  readonly policyOutcome: Outcome
  /** A rule's challenge was taken back. */
  readonly isPardoned?: true
}

/** A proof of work stops who has no browser to do it in; driven browsers do it as people's do. */
const ATTACKER_PASS = 0.5
const GIVE_UP = 0.1
/** Below that most of those who solve a challenge are people. */
const FUTILE_FROM = 0.5
/** Protection `max` challenges from half the score on and blocks from nine tenths of it on. */
const MAX_CHALLENGE_FACTOR = 0.5
const MAX_BLOCK_FACTOR = 0.9

const COUNTRY_NOT_ALLOWED: Reason = {
  code: 'country_not_allowed',
  detail: 'This service does not send to the country of the number.',
}
const NO_RISK_FOUND: Reason = {
  code: 'no_risk_found',
  detail: 'Nothing spoke against the request.',
}
const RISK_BORNE: Reason = {
  code: 'risk_borne',
  detail:
    'The score is high, but a challenge or a refusal would cost more than the message may lose.',
}
const CHALLENGES_FUTILE: Reason = {
  code: 'challenges_futile',
  detail: 'Challenges are solved at this destination, and then nobody types the codes in.',
}
const MODEL_RISK: Reason = {
  code: 'model_risk',
  detail: 'The model finds that fraud is likely enough to outweigh what a refused person costs.',
}

/**
 * From hits and score to an outcome, always in this order: country permissions, rules that allow, rules that block, rules that
 * challenge, then the cheapest outcome by expected cost. Country permissions are settings, not suspicion: nothing lifts them, `record_only` neither.
 * A challenge that another rule pardons has no vote. Shadow hits are kept and change nothing. Pure.
 */
export function decide(input: DecideInput): Verdict {
  const { hits, geo, country } = input
  const matched = hits.filter((hit) => hit.mode === 'enforce')
  const pardoned = pardonsIn(input.pardoning === false ? [] : matched)
  const enforced = withoutPardoned(matched, pardoned)
  const score = adjustedScore(input.score, enforced)
  if (!isCountryAllowed(geo, country))
    return { outcome: 'block', score, reasons: [COUNTRY_NOT_ALLOWED], hits, policyOutcome: 'block' }
  const voted = voteOf(input, enforced, score)
  const isScore = voted.by === 'score' && voted.outcome === 'challenge'
  const kept: Vote = isScore && pardoned.has(SCORE_PARDONED) ? PARDONED : voted
  const vote = isFutile(input, kept, score) ? FUTILE : kept
  const isPardoned = kept !== voted || enforced.length < matched.length
  const policyOutcome = vote.outcome
  const speaking = isPardoned ? enforced : enforced.filter(({ action }) => action !== 'pardon')
  const reasons = orSilence(input, score, reasonsFor(vote, speaking, input.score))
  const isRecorded = input.protection === 'record_only' && policyOutcome !== 'allow'
  const verdict: Verdict = {
    outcome: isRecorded ? 'allow' : policyOutcome,
    score,
    reasons: isRecorded ? [wouldBe(policyOutcome), ...reasons] : reasons,
    hits,
    policyOutcome,
  }
  return isPardoned ? { ...verdict, isPardoned } : verdict
}

/** Where nobody spoke for what was decided: nothing was found, or sending was the cheapest all the same. */
function orSilence(input: DecideInput, score: number, told: readonly Reason[]): readonly Reason[] {
  if (told.length > 0) return told
  return [score < thresholdsOf(input).challenge ? NO_RISK_FOUND : RISK_BORNE]
}

const wouldBe = (outcome: Outcome): Reason => ({
  code: 'record_only',
  detail: `The service only records; otherwise the outcome would be: ${outcome}.`,
})

export const isCountryAllowed = (
  { countries, blockedCountries }: GeoPermissions,
  country: string,
) => !blockedCountries.includes(country) && (countries === undefined || countries.includes(country))

function adjustedScore(score: number, enforced: readonly RuleHit[]): number {
  const moved = enforced.reduce((sum, hit) => sum + hit.scoreDelta, score)
  return Math.min(1, Math.max(0, moved))
}

type Vote = { readonly outcome: Outcome; readonly by: 'rule' | 'score' | 'futility' }
const PARDONED: Vote = { outcome: 'allow', by: 'rule' }
const FUTILE: Vote = { outcome: 'block', by: 'futility' }

function voteOf(input: DecideInput, enforced: readonly RuleHit[], score: number): Vote {
  const asks = (action: Outcome) => enforced.some((hit) => hit.action === action)
  if (asks('allow')) return { outcome: 'allow', by: 'rule' }
  if (asks('block')) return { outcome: 'block', by: 'rule' }
  const challenged = asks('challenge')
  const byScore = scoreOutcome(input, score, challenged)
  if (byScore === 'allow' && challenged) return { outcome: 'challenge', by: 'rule' }
  return { outcome: byScore, by: byScore === 'challenge' && challenged ? 'rule' : 'score' }
}

/**
 * With p = score, c = price, V = userValue, s = attackerPass and d = giveUp: to allow costs p c, to challenge p s c + (1 - p) d V, to block (1 - p) V.
 * Below the challenge threshold the score alone does nothing. It blocks only above the block threshold, or above the middle
 * between both when a rule asks for a challenge as well, so that the model is never the only witness in a doubtful case.
 */
function scoreOutcome(input: DecideInput, score: number, challenged: boolean): Outcome {
  const { challenge, block } = thresholdsOf(input)
  if (score < challenge) return 'allow'
  const costs = outcomeCosts(input.costs, score)
  const blockFrom = challenged ? (challenge + block) / 2 : block
  if (score >= blockFrom && isRefusalCheaper(input.costs, score)) return 'block'
  if (input.protection === 'max') return 'challenge'
  return costs.challenge < costs.allow ? 'challenge' : 'allow'
}

/**
 * Whether a challenge that was asked for would only be solved. That a request is nobody's is then told by two witnesses, its
 * score p and what came of those who solved a challenge there, f; neither alone is enough: 1 - (1 - p) (1 - f) has to reach the block threshold.
 */
function isFutile(input: DecideInput, { outcome }: Vote, score: number): boolean {
  const { futile = 0 } = input
  if (outcome !== 'challenge' || futile < FUTILE_FROM) return false
  const { challenge, block: blockFrom } = thresholdsOf(input)
  const both = 1 - (1 - score) * (1 - futile)
  if (score < (challenge + blockFrom) / 2 || both < blockFrom) return false
  return isRefusalCheaper({ ...input.costs, attackerPass: 1 }, both)
}

/** Whether to block costs less than to allow and than to challenge. */
function isRefusalCheaper(costs: Costs, p: number): boolean {
  const { allow, challenge, block } = outcomeCosts(costs, p)
  return block <= Math.min(allow, challenge)
}

function thresholdsOf({ thresholds, protection }: DecideInput): Thresholds {
  if (protection !== 'max') return thresholds
  return {
    challenge: thresholds.challenge * MAX_CHALLENGE_FACTOR,
    block: thresholds.block * MAX_BLOCK_FACTOR,
  }
}

/** Expected cost of each outcome in micros at fraud probability p. */
export function outcomeCosts(costs: Costs, p: number): Readonly<Record<Outcome, number>> {
  const { price, userValue, attackerPass = ATTACKER_PASS, giveUp = GIVE_UP } = costs
  return {
    allow: p * price,
    challenge: p * attackerPass * price + (1 - p) * giveUp * userValue,
    block: (1 - p) * userValue,
  }
}

/** The hits that asked for the outcome, then what raised the score; nothing where nobody spoke. */
function reasonsFor(
  vote: Vote,
  enforced: readonly RuleHit[],
  modelScore: number,
): readonly Reason[] {
  const voters = enforced.filter((hit) => hit.action === vote.outcome)
  if (vote.outcome === 'allow') {
    const speaking = voters.length > 0 ? voters : enforced.filter((hit) => hit.action === 'pardon')
    return unique(speaking)
  }
  if (vote.by === 'rule') return unique(voters)
  const witnesses = enforced.filter((hit) => hit.action === 'challenge')
  const raising = enforced.filter((hit) => hit.scoreDelta > 0)
  const model = modelScore > 0 ? [{ reason: MODEL_RISK }] : []
  const futility = vote.by === 'futility' ? [{ reason: CHALLENGES_FUTILE }] : []
  return unique([...futility, ...witnesses, ...model, ...raising])
}

const unique = (hits: readonly Pick<RuleHit, 'reason'>[]): readonly Reason[] => [
  ...new Map(hits.map(({ reason }) => [reason.code, reason])).values(),
]
