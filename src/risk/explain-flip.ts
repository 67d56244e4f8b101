import { OUTCOMES, type Outcome, type RuleAction } from '../domain/decision.ts'
import type { Contribution } from './explain-score.ts'
import type { Feature, FeatureValue } from './feature-facts.ts'
import {
  type Change,
  changedFeatures,
  featureNamed,
  type RecordedFeatures,
} from './recorded-features.ts'
import type { Comparison } from './rule-comparisons.ts'
import type { RuleSet } from './rules.ts'

/** One feature that, had it been otherwise and all else the same, would have led to another outcome. */
export type Flip = {
  readonly feature: string
  /** undefined: not known. */
  readonly from: FeatureValue | undefined
  readonly to: FeatureValue | undefined
  readonly outcome: Outcome
}

export type FlipSearch = {
  readonly features: RecordedFeatures
  /** Values by name, for what was known. */
  readonly known: Readonly<Record<string, FeatureValue>>
  readonly outcome: Outcome
  /** Ids of the enforced rules that matched. */
  readonly matched: ReadonlySet<string>
  readonly rules: RuleSet['rules']
  readonly contributions: readonly Contribution[]
  /** What would have been decided on other features. */
  readonly decide: (features: RecordedFeatures) => Outcome
}

type Candidate = Change & { readonly distance: number }

/** Nobody waits longer for an explanation than these take. */
const CANDIDATES_MAX = 2_000
/** How many of the model's features are tried, weightiest first. */
const CONTRIBUTIONS_TRIED = 24
/** A change to another kind of thing is larger than any change of a number, which is below 1. */
const FLAG_DISTANCE = 1
const NEUTRAL_DISTANCE = 2
/** Lists are an operator's word, not a fact that could have been otherwise. */
const NOT_A_FACT = /^lists\./

/**
 * The least change of one feature that flips the outcome, to a milder one if there is any; undefined when none that was tried does. Tried are the constants in the
 * conditions of the rules that could turn it, just reached and just missed, by relative distance; then flags and words; then the
 * model's weightiest features, as if they had not been known or were zero, those that pushed towards the outcome first. Pure.
 */
export function findFlip(search: FlipSearch): Flip | undefined {
  const candidates = [...fromRules(search), ...fromPasses(search), ...fromModel(search)]
  candidates.sort((left, right) => left.distance - right.distance)
  const tried = new Set<string>()
  let harsher: Flip | undefined
  for (const { feature, to } of candidates) {
    const name = `${feature} ${String(to)}`
    if (tried.has(name)) continue
    tried.add(name)
    const outcome = search.decide(changedFeatures(search.features, { feature, to }))
    const flip = { feature, from: search.known[feature], to, outcome }
    if (isWanted(search.outcome, outcome)) return flip
    if (outcome !== search.outcome) harsher ??= flip
    if (tried.size >= CANDIDATES_MAX) break
  }
  return harsher
}

/** Whoever was refused or challenged asks first what would have let them through. */
const isWanted = (was: Outcome, is: Outcome): boolean =>
  was === 'allow' ? is !== 'allow' : OUTCOMES.indexOf(is) < OUTCOMES.indexOf(was)

/** Of an allowed request every rule could have turned it, of another one the rules that matched and those that allow or pardon. */
function fromRules({ outcome, matched, rules, known }: FlipSearch): readonly Candidate[] {
  return rules
    .filter(({ hit }) => hit.mode === 'enforce')
    .filter(({ hit }) => outcome === 'allow' || isMilder(hit.action) || matched.has(hit.ruleId))
    .flatMap(({ comparisons }) => comparisons)
    .filter(({ feature }) => !NOT_A_FACT.test(feature))
    .flatMap((comparison) => candidatesOf(comparison, known[comparison.feature]))
}

const isMilder = (action: RuleAction): boolean => action === 'allow' || action === 'pardon'

function candidatesOf(
  { feature, constants }: Comparison,
  from: FeatureValue | undefined,
): readonly Candidate[] {
  const described = featureNamed(feature)
  if (described === undefined) return []
  const { type, unknown } = described
  const now = from ?? unknown
  if (type === 'bool') return [{ feature, to: now !== true, distance: FLAG_DISTANCE }]
  if (type === 'string') {
    const words = [...constants, ''].filter((word) => word !== now)
    return words.map((to) => ({ feature, to, distance: FLAG_DISTANCE }))
  }
  return constants
    .filter((constant) => typeof constant === 'number')
    .flatMap((constant) => around(described, constant))
    .filter((to) => to >= 0 && to !== now)
    .map((to) => ({ feature, to, distance: distanceOf(Number(now), to) }))
}

/** Where challenges stop nobody a challenge becomes a refusal: as if nobody had solved one there. */
function fromPasses({ outcome, known }: FlipSearch): readonly Candidate[] {
  const futile = known['watch.futile']
  if (outcome !== 'block' || typeof futile !== 'number' || futile === 0) return []
  return [{ feature: 'watch.futile', to: 0, distance: distanceOf(futile, 0) }]
}

const CONTINUOUS: ReadonlySet<string> = new Set(['ratio', 'deviations'])

/** A constant and its neighbours, so that every comparison with it can turn either way. */
function around({ unit }: Feature, constant: number): readonly number[] {
  const step = CONTINUOUS.has(unit) ? 0.01 : 1
  return [constant - step, constant, constant + step].map((to) => Math.round(to * 1e4) / 1e4)
}

/** Between 0 and 1: the change against the larger of both values. */
const distanceOf = (from: number, to: number): number =>
  Math.min(0.999, Math.abs(to - from) / Math.max(1, Math.abs(from), Math.abs(to)))

function fromModel({ outcome, contributions, known }: FlipSearch): readonly Candidate[] {
  const towards = outcome === 'allow' ? -1 : 1
  return contributions
    .filter(({ share }) => share * towards > 0)
    .slice(0, CONTRIBUTIONS_TRIED)
    .flatMap(({ feature }, rank) => neutralOf(feature, known, NEUTRAL_DISTANCE + rank))
}

function neutralOf(
  feature: string,
  known: FlipSearch['known'],
  distance: number,
): readonly Candidate[] {
  const described = featureNamed(feature)
  if (described === undefined) return []
  const zero = described.type === 'bool' ? false : 0
  const values: readonly (FeatureValue | undefined)[] = [described.unknown, zero, undefined]
  return values
    .filter((to) => to !== known[feature] && to !== -1)
    .map((to, at) => ({ feature, to, distance: distance + at / 10 }))
}
