import type { Truth } from '../simulate/event.ts'
import type { Meter, Refusal, ScenarioCount } from './meter.ts'
import { lostVisits, type User } from './people.ts'

/** What letting one person in may be worth, USD. */
export const USER_VALUES = [0.05, 0.2, 0.5, 1, 2] as const

/** Probes are no people: their rates are told, but they count neither among the users nor in the benefit. */
export const NOT_PEOPLE: ReadonlySet<string> = new Set(['monitors', 'unnamed_monitors'])
const EXPENSIVE_USD = 0.1

/** Shares from 0 to 1, money in USD. */
export type Rates = {
  readonly users: number
  readonly visitsLost: number
  readonly blockedByRequest: number
  readonly challengedByRequest: number
  readonly blockedByUser: number
  /** Those not blocked by a cap on the number alone. */
  readonly suspectedByUser: number
  readonly challengedByUser: number
}

export type AttackScore = {
  /** 1 less what leaked through in parts of what was asked for. */
  readonly recall: number
  readonly campaigns: number
  readonly neverBlocked: number
  /** Of all campaigns together. */
  readonly leakedBeforeBlock: number
  /** Of the median campaign; one that was never blocked counts with all it sent and without end. */
  readonly sendsBeforeBlock: number
  readonly minutesBeforeBlock: number
  /** Of the slowest campaign. */
  readonly mostMinutesBeforeBlock: number
}

export type ScenarioScore = Readonly<ScenarioCount> & {
  readonly attack: AttackScore | undefined
  readonly people: Rates | undefined
}

export type Score = {
  readonly scenarios: readonly ScenarioScore[]
  readonly requests: number
  readonly atStake: number
  readonly leaked: number
  readonly recall: number
  readonly people: Rates
  readonly fairness: Readonly<Record<'cgnat' | 'notCgnat' | 'expensive' | 'cheap', Rates>>
  /** Most frequent first. */
  readonly refusals: readonly Readonly<Refusal>[]
  readonly victims: { readonly perHour: number; readonly perDay: number }
}

/** The figures of one detector. */
export function scoreOf(meter: Meter): Score {
  const users = meter.people.users()
  const scenarios = [...meter.scenarios.values()]
    .toSorted(byTruthAndName)
    .map((count) => scenarioScore(meter, count, users))
  const attacks = scenarios.filter(({ truth }) => truth === 'fraud')
  const atStake = sum(attacks.map((each) => each.atStake))
  const leaked = sum(attacks.map((each) => each.leaked))
  const people = users.filter(({ scenario }) => !NOT_PEOPLE.has(scenario))
  return {
    scenarios,
    requests: sum(scenarios.map(({ requests }) => requests)),
    atStake,
    leaked,
    recall: recallOf(atStake, leaked),
    people: ratesOf(people),
    fairness: fairnessOf(people),
    refusals: [...meter.refusals.values()].toSorted(
      (one, other) => other.blocked + other.challenged - one.blocked - one.challenged,
    ),
    victims: meter.victims.worst(),
  }
}

/**
 * USD kept, compared with letting everybody through in the same world, less what the people are worth who went away
 * without a code.
 */
export function netBenefit(score: Score, allowAll: Score, userValue: number): number {
  const lost = score.people.visitsLost - allowAll.people.visitsLost
  return allowAll.leaked - score.leaked - userValue * lost
}

function scenarioScore(meter: Meter, count: ScenarioCount, users: readonly User[]): ScenarioScore {
  const own = users.filter(({ scenario }) => scenario === count.scenario)
  return {
    ...count,
    attack: count.truth === 'fraud' ? attackScore(meter, count) : undefined,
    people: count.truth === 'legit' ? ratesOf(own) : undefined,
  }
}

function attackScore({ campaigns }: Meter, { scenario, atStake, leaked }: ScenarioCount) {
  const own = campaigns.of(scenario)
  const waits = own.map(({ minutes }) => minutes ?? Number.POSITIVE_INFINITY)
  return {
    recall: recallOf(atStake, leaked),
    campaigns: own.length,
    neverBlocked: own.filter(({ minutes }) => minutes === undefined).length,
    leakedBeforeBlock: sum(own.map((campaign) => campaign.leaked)),
    sendsBeforeBlock: medianOf(own.map(({ sends }) => sends)),
    minutesBeforeBlock: medianOf(waits),
    mostMinutesBeforeBlock: Math.max(0, ...waits),
  }
}

function ratesOf(users: readonly User[]): Rates {
  const requests = sum(users.map((user) => user.requests))
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of)
  const usersWho = (did: (user: User) => boolean) => share(users.filter(did).length, users.length)
  return {
    users: users.length,
    visitsLost: sum(users.map(lostVisits)),
    blockedByRequest: share(sum(users.map((user) => user.blockedRequests)), requests),
    challengedByRequest: share(sum(users.map((user) => user.challengedRequests)), requests),
    blockedByUser: usersWho(({ blocked }) => blocked),
    suspectedByUser: usersWho(({ suspected }) => suspected),
    challengedByUser: usersWho(({ challenged }) => challenged),
  }
}

/** Shared addresses against others at the same tenants, and expensive countries against cheap ones everywhere. */
function fairnessOf(people: readonly User[]): Score['fairness'] {
  const shared = people.filter(({ scenario }) => scenario === 'cgnat')
  const tenants = new Set(shared.map(({ tenant }) => tenant))
  const others = people.filter(
    ({ scenario, tenant }) => scenario === 'home_users' && tenants.has(tenant),
  )
  return {
    cgnat: ratesOf(shared),
    notCgnat: ratesOf(others),
    expensive: ratesOf(people.filter(({ price }) => price >= EXPENSIVE_USD)),
    cheap: ratesOf(people.filter(({ price }) => price < EXPENSIVE_USD)),
  }
}

function recallOf(atStake: number, leaked: number): number {
  return atStake === 0 ? 1 : 1 - leaked / atStake
}

function byTruthAndName(
  one: { readonly truth: Truth; readonly scenario: string },
  other: { readonly truth: Truth; readonly scenario: string },
): number {
  if (one.truth !== other.truth) return one.truth === 'fraud' ? -1 : 1
  return one.scenario < other.scenario ? -1 : 1
}

/** The lower of the two in the middle; 0 of nothing. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
