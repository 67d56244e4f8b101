import { HELD_OUT_SCENARIOS } from '../simulate/scenarios.ts'
import type { EvaluationOptions, WorldResult } from './evaluation.ts'
import type { Goal } from './goals.ts'
import { goalFigure, sectionsOf } from './report.ts'

const WORLD_TITLE = {
  a: 'World a: the one that rules are made on, other seeds',
  b: 'World b: the held-out variant of the generator',
  drawn: 'Drawn worlds: another for every seed',
} as const

const METHOD = `Everything here comes from a simulator that is part of the project. It shows what detectors do to each other's worlds, not what they do in yours.

- **Closed loop.** Each detector gets its own run of the same seeded world. People who are refused try again or leave; attackers who are refused
  some times in a row take another range, country, address and client, and leave in the end. So requests differ between detectors.
- **Cold start.** Runs begin with an empty memory, so every detector meets the first hours without a past. That is hard on formulas
  that look back fourteen days.
- **Held out.** No training run has one of these seeds. World b has other businesses, volumes, hours, clients, networks, delays, verify rates,
  destinations and crooks, and nothing was fitted to it. These families are in no training run either: ${HELD_OUT_SCENARIOS.join(', ')}.
- **Words.** *At stake* is what an attack asked for, in USD; *leaked* what was sent; *recall* is 1 less their ratio. *Blocked/user* is the share of people
  (number and tenant) with any request blocked, by whatever; *no cap/user* leaves out those stopped by a cap on their own number alone.
  A *lost visit* ended without a code. *Before the block* is up to the first request of a campaign that was blocked; challenges are not blocks, and the
  figures of sends and minutes are those of the median campaign.
- **Net benefit** is the USD kept compared with letting everybody through, less the value of the visits lost. Probes of the operator's own
  (\`monitors\`, \`unnamed_monitors\`) are in the tables and neither among the people nor in the benefit.
- **Baselines** are our own small versions of published thresholds. Where a source is silent, its figures are ours: see the comments in
  \`src/cli/eval/baselines\`.
`

export type PageParts = {
  readonly command: string
  readonly options: EvaluationOptions
  readonly results: readonly WorldResult[]
  readonly details: readonly string[]
}

/** The page docs/evaluation.md: the same run always writes the same page. */
export function evaluationPage({ command, options, results, details }: PageParts): string {
  const { seeds, days, scale } = options
  const worlds = results.map(
    (result) => `## ${WORLD_TITLE[result.world]}\n\n${worldText(result, details)}`,
  )
  return [
    '# Evaluation',
    '',
    `Written by \`${command}\`: ${seeds} seeds a world, ${days} days each, scale ${scale}.`,
    '',
    METHOD,
    '## Goals missed',
    '',
    missedText(results),
    '',
    ...worlds,
  ].join('\n')
}

function worldText(result: WorldResult, details: readonly string[]): string {
  return sectionsOf(result, details)
    .map(({ title, text }) => `### ${title}\n\n\`\`\`text\n${text}\n\`\`\`\n`)
    .join('\n')
}

function missedText(results: readonly WorldResult[]): string {
  const lines = results.flatMap(({ world, goals }) =>
    goals.filter(({ met }) => !met).map((goal) => `- ${missedLine(world, goal)}`),
  )
  return lines.length > 0 ? lines.join('\n') : 'None.'
}

/** One missed goal as a sentence: what, the figure and the limit. */
export function missedLine(world: string, goal: Goal): string {
  const wanted = `${goal.atLeast ? 'at least' : 'at most'} ${goalFigure(goal, goal.limit)}`
  return `World ${world}: ${goal.name} is ${goalFigure(goal, goal.actual)}, wanted ${wanted}.`
}
