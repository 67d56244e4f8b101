import { HELD_OUT_SCENARIOS } from '../simulate/scenarios.ts'
import { NOT_PEOPLE, netBenefit, type ScenarioScore, type Score, USER_VALUES } from './score.ts'

const HELD_OUT: ReadonlySet<string> = new Set(HELD_OUT_SCENARIOS)

export type Goal = {
  readonly name: string
  readonly actual: number
  readonly limit: number
  readonly atLeast: boolean
  readonly kind: 'share' | 'usd' | 'count'
  readonly met: boolean
}

/** The figures of every detector in one world; `candidate` is whose goals these are. */
export type Field = {
  readonly candidate: Score
  readonly allowAll: Score
  readonly baselines: ReadonlyMap<string, Score>
}

const RECALLS = [
  ['sequential_burst', 0.97],
  ['random_burst', 0.97],
  ['botnet', 0.97],
  ['slow_drip', 0.8],
  ['low_and_wide', 0.8],
  ['fake_conversion', 0.6],
] as const

/** Every goal with its figure, met or not. Goals on scenarios that did not take part are left out. */
export function goalsOf(field: Field): readonly Goal[] {
  const { candidate } = field
  const attack = (name: string) =>
    candidate.scenarios.find(({ scenario }) => scenario === name)?.attack
  const legit = candidate.scenarios.filter(({ people }) => people !== undefined)
  const people = legit.filter(({ scenario }) => !NOT_PEOPLE.has(scenario))
  const probes = legit.filter(({ scenario }) => NOT_PEOPLE.has(scenario))
  return [
    atLeast('cost recall over all attacks', candidate.recall, 0.95),
    ...unseen(candidate),
    ...RECALLS.flatMap(([name, limit]) => {
      const found = attack(name)
      return found === undefined ? [] : [atLeast(`cost recall of ${name}`, found.recall, limit)]
    }),
    atMost('messages an hour to a victim', candidate.victims.perHour, 5, 'count'),
    atMost('messages a day to a victim', candidate.victims.perDay, 10, 'count'),
    atMost('people hard-blocked', candidate.people.blockedByUser, 0.001),
    ...worst(people, 'hard-blocked', ({ blockedByUser }) => blockedByUser, 0.005),
    atMost('people challenged', candidate.people.challengedByUser, 0.015),
    ...worst(people, 'challenged', ({ challengedByUser }) => challengedByUser, 0.08),
    ...probes.flatMap(({ scenario, people: rates }) =>
      rates === undefined
        ? []
        : [
            atMost(`numbers of ${scenario} hard-blocked`, rates.blockedByUser, 0.005),
            atMost(`numbers of ${scenario} challenged`, rates.challengedByUser, 0.08),
          ],
    ),
    ...USER_VALUES.map((value) => ahead(field, value)),
  ]
}

/** Kinds of attack that no model was trained on. */
function unseen({ scenarios }: Score): readonly Goal[] {
  const own = scenarios.filter(({ scenario, truth }) => truth === 'fraud' && HELD_OUT.has(scenario))
  if (own.length === 0) return []
  const total = (of: 'atStake' | 'leaked') => own.reduce((sum, each) => sum + each[of], 0)
  const recall = 1 - total('leaked') / total('atStake')
  return [atLeast('cost recall over the families held out from training', recall, 0.95)]
}

function atLeast(name: string, actual: number, limit: number): Goal {
  return { name, actual, limit, atLeast: true, kind: 'share', met: actual >= limit }
}

function atMost(name: string, actual: number, limit: number, kind: Goal['kind'] = 'share'): Goal {
  return { name, actual, limit, atLeast: false, kind, met: actual <= limit }
}

type PeopleOf = NonNullable<ScenarioScore['people']>

function worst(
  legit: readonly ScenarioScore[],
  what: string,
  rateOf: (people: PeopleOf) => number,
  limit: number,
): readonly Goal[] {
  const rate = ({ people }: ScenarioScore) => (people === undefined ? 0 : rateOf(people))
  const found = legit.toSorted((one, other) => rate(other) - rate(one))[0]
  if (found === undefined) return []
  return [atMost(`people ${what} in the worst scenario (${found.scenario})`, rate(found), limit)]
}

function ahead({ candidate, allowAll, baselines }: Field, value: number): Goal {
  const own = netBenefit(candidate, allowAll, value)
  const best = [...baselines]
    .map(([name, score]) => ({ name, usd: netBenefit(score, allowAll, value) }))
    .toSorted((one, other) => other.usd - one.usd)[0]
  const name = `net benefit at ${value} USD a user, against the best baseline (${best?.name ?? 'none'})`
  const limit = best?.usd ?? 0
  return { name, actual: own, limit, atLeast: true, kind: 'usd', met: own > limit }
}
