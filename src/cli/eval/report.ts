import type { DetectorResult, WorldResult } from './evaluation.ts'
import type { Goal } from './goals.ts'
import { type ScenarioScore, USER_VALUES } from './score.ts'
import { percent, type Table, textTable, usd } from './text-table.ts'

export type Section = { readonly title: string; readonly text: string }

/** What was measured in one world, section by section; `details` tells of whom every scenario is shown. */
export function sectionsOf(result: WorldResult, details: readonly string[]): readonly Section[] {
  const shown = result.detectors.filter(({ name }) => details.includes(name))
  return [
    { title: 'All detectors', text: textTable(overview(result)) },
    { title: 'Net benefit in USD, by what a user is worth', text: textTable(benefits(result)) },
    { title: 'Cost recall by attack', text: textTable(recalls(result)) },
    {
      title: 'People hard-blocked, by scenario',
      text: textTable(peopleTable(result, ({ blockedByUser }) => blockedByUser)),
    },
    {
      title: 'People challenged, by scenario',
      text: textTable(peopleTable(result, ({ challengedByUser }) => challengedByUser)),
    },
    ...shown.flatMap((detector) => [
      { title: `Attacks against ${detector.name}`, text: textTable(attacks(detector)) },
      { title: `People at ${detector.name}`, text: textTable(legit(detector)) },
      { title: `Why people were refused by ${detector.name}`, text: textTable(refusals(detector)) },
      { title: `Fairness of ${detector.name}`, text: textTable(fairness(detector)) },
    ]),
    ...(result.goals.length > 0
      ? [{ title: 'Goals', text: textTable(goalTable(result.goals)) }]
      : []),
  ]
}

function overview({ detectors }: WorldResult): Table {
  return {
    head: [
      'detector',
      'requests',
      'at stake',
      'leaked',
      'recall',
      'blocked/req',
      'blocked/user',
      'no cap/user',
      'chall/req',
      'chall/user',
      'lost visits',
      'victim/h',
      'victim/d',
    ],
    rows: detectors.map(({ name, score }) => {
      const { people, victims } = score
      return [
        name,
        score.requests,
        usd(score.atStake),
        usd(score.leaked),
        percent(score.recall, 1),
        percent(people.blockedByRequest),
        percent(people.blockedByUser),
        percent(people.suspectedByUser),
        percent(people.challengedByRequest),
        percent(people.challengedByUser),
        people.visitsLost,
        victims.perHour,
        victims.perDay,
      ]
    }),
  }
}

function benefits({ detectors }: WorldResult): Table {
  return {
    head: ['detector', ...USER_VALUES.map((value) => `${value} USD`)],
    rows: detectors.map(({ name, benefit }) => [name, ...benefit.map((each) => usd(each.usd))]),
  }
}

function recalls({ detectors }: WorldResult): Table {
  const names = scenarioNames(detectors, 'fraud')
  return {
    head: ['attack', ...detectors.map(({ name }) => name)],
    rows: names.map((scenario) => [
      scenario,
      ...detectors.map((detector) => {
        const recall = scenarioOf(detector, scenario)?.attack?.recall
        return recall === undefined ? '' : percent(recall, 1)
      }),
    ]),
  }
}

type PeopleOf = NonNullable<ScenarioScore['people']>

function peopleTable({ detectors }: WorldResult, rateOf: (people: PeopleOf) => number): Table {
  const names = scenarioNames(detectors, 'legit')
  return {
    head: ['people', ...detectors.map(({ name }) => name)],
    rows: names.map((scenario) => [
      scenario,
      ...detectors.map((detector) => {
        const people = scenarioOf(detector, scenario)?.people
        return people === undefined ? '' : percent(rateOf(people))
      }),
    ]),
  }
}

function scenarioNames(detectors: readonly DetectorResult[], truth: 'fraud' | 'legit') {
  const all = detectors.flatMap(({ score }) => score.scenarios)
  return [...new Set(all.filter((each) => each.truth === truth).map(({ scenario }) => scenario))]
}

function scenarioOf({ score }: DetectorResult, name: string): ScenarioScore | undefined {
  return score.scenarios.find(({ scenario }) => scenario === name)
}

function attacks({ score }: DetectorResult): Table {
  return {
    head: [
      'attack',
      'requests',
      'at stake',
      'leaked',
      'recall',
      'campaigns',
      'never blocked',
      'leaked before block',
      'sends before',
      'minutes before',
      'slowest',
    ],
    rows: score.scenarios.flatMap(({ scenario, attack, requests, atStake, leaked }) =>
      attack === undefined
        ? []
        : [
            [
              scenario,
              requests,
              usd(atStake),
              usd(leaked),
              percent(attack.recall, 1),
              attack.campaigns,
              attack.neverBlocked,
              usd(attack.leakedBeforeBlock),
              attack.sendsBeforeBlock,
              minutesOf(attack.minutesBeforeBlock),
              minutesOf(attack.mostMinutesBeforeBlock),
            ],
          ],
    ),
  }
}

function minutesOf(minutes: number): string {
  return Number.isFinite(minutes) ? minutes.toFixed(1) : 'never'
}

const REFUSALS_SHOWN = 20

function refusals({ score }: DetectorResult): Table {
  return {
    head: ['weightiest reason', 'blocked requests', 'challenged requests'],
    rows: score.refusals
      .slice(0, REFUSALS_SHOWN)
      .map(({ reason, blocked, challenged }) => [reason, blocked, challenged]),
  }
}

const PEOPLE_HEAD = [
  'users',
  'blocked/req',
  'blocked/user',
  'no cap/user',
  'chall/req',
  'chall/user',
  'lost visits',
]

function peopleCells(people: PeopleOf): readonly (string | number)[] {
  return [
    people.users,
    percent(people.blockedByRequest),
    percent(people.blockedByUser),
    percent(people.suspectedByUser),
    percent(people.challengedByRequest),
    percent(people.challengedByUser),
    people.visitsLost,
  ]
}

function legit({ score }: DetectorResult): Table {
  return {
    head: ['people', 'requests', ...PEOPLE_HEAD],
    rows: score.scenarios.flatMap(({ scenario, requests, people }) =>
      people === undefined ? [] : [[scenario, requests, ...peopleCells(people)]],
    ),
  }
}

function fairness({ score: { fairness: groups } }: DetectorResult): Table {
  const row = (name: string, people: PeopleOf) => [name, ...peopleCells(people)]
  return {
    head: ['group', ...PEOPLE_HEAD],
    rows: [
      row('behind CGNAT', groups.cgnat),
      row('not, same tenants', groups.notCgnat),
      row('0.10 USD or more', groups.expensive),
      row('cheaper', groups.cheap),
    ],
  }
}

function goalTable(goals: readonly Goal[]): Table {
  return {
    head: ['goal', 'limit', 'figure', ''],
    rows: goals.map((goal) => [
      goal.name,
      `${goal.atLeast ? '>=' : '<='} ${goalFigure(goal, goal.limit)}`,
      goalFigure(goal, goal.actual),
      goal.met ? 'met' : 'MISSED',
    ]),
  }
}

export function goalFigure({ kind }: Goal, value: number): string {
  if (kind === 'share') return percent(value)
  return kind === 'usd' ? usd(value) : String(value)
}
