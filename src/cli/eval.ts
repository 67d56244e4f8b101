import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Invocation, numberOption, textOption, UsageError } from './command.ts'
import { openDestinations } from './eval/destinations.ts'
import type { DetectorKind } from './eval/detector.ts'
import { CANDIDATE, detectorKinds } from './eval/detectors.ts'
import {
  type EvaluationOptions,
  evaluate,
  FIRST_SEED,
  type WorldResult,
} from './eval/evaluation.ts'
import { evaluationPage, missedLine } from './eval/page.ts'
import { sectionsOf } from './eval/report.ts'
import { isWorld, WORLD_NAMES, type WorldName } from './simulate/simulate.ts'

const FULL = { seeds: 3, days: 6, scale: 0.5 } as const
const QUICK = { seeds: 1, days: 1, scale: 0.04 } as const

/** `tollgate eval`: runs every detector over held-out worlds and prints what it stopped, leaked and did to people. */
export async function evalCommand(invocation: Invocation): Promise<number> {
  const { hands } = invocation
  const rules = textOption(invocation, 'rules') ?? fileURLToPath(new URL('rules', hands.home))
  const model = textOption(invocation, 'model')
  const options = optionsOf(invocation)
  const kinds = chosen(detectorKinds(hands, { rules, model }), textOption(invocation, 'detectors'))
  const progress = (line: string) => hands.err(`${line}\n`)
  const ground = { kinds, destinations: openDestinations(rules), progress }
  const results = await evaluate(ground, options)
  const details = (textOption(invocation, 'details') ?? CANDIDATE).split(',')
  for (const result of results) hands.out(worldText(result, details))
  hands.out(missedText(results))
  const json = textOption(invocation, 'json')
  if (json !== undefined) write(json, `${JSON.stringify({ options, results }, null, 1)}\n`)
  const page = textOption(invocation, 'page')
  if (page !== undefined) {
    write(page, evaluationPage({ command: commandLine(invocation), options, results, details }))
  }
  return 0
}

function optionsOf(invocation: Invocation): EvaluationOptions {
  const usual = invocation.values.quick === true ? QUICK : FULL
  const most = Number.MAX_SAFE_INTEGER
  return {
    worlds: worldsOf(textOption(invocation, 'worlds')),
    seed: numberOption(invocation, 'seed', { least: 0, most }) ?? FIRST_SEED,
    seeds: numberOption(invocation, 'seeds', { least: 1, most: 1_000 }) ?? usual.seeds,
    days: numberOption(invocation, 'days', { least: 0.01, most: 365 }) ?? usual.days,
    scale: numberOption(invocation, 'scale', { least: 0.001, most: 1_000 }) ?? usual.scale,
    warmUp: numberOption(invocation, 'warm-up', { least: 0, most: 365 }) ?? 0,
  }
}

/** The drawn worlds have no figures of their own: each seed is another one. */
const EVALUATED: readonly WorldName[] = ['a', 'b']

function worldsOf(text: string | undefined): readonly WorldName[] {
  if (text === undefined) return EVALUATED
  return text.split(',').map((name) => {
    if (isWorld(name)) return name
    throw new UsageError(`there is no world '${name}'; there are ${WORLD_NAMES.join(', ')}`)
  })
}

function chosen(kinds: readonly DetectorKind[], text: string | undefined): readonly DetectorKind[] {
  if (text === undefined) return kinds
  return text.split(',').map((name) => {
    const kind = kinds.find((each) => each.name === name)
    if (kind !== undefined) return kind
    const names = kinds.map((each) => each.name).join(', ')
    throw new UsageError(`there is no detector '${name}'; there are ${names}`)
  })
}

function worldText(result: WorldResult, details: readonly string[]): string {
  const sections = sectionsOf(result, details).map(({ title, text }) => `${title}\n\n${text}\n`)
  return [`== World ${result.world} ==\n`, ...sections, ''].join('\n')
}

function missedText(results: readonly WorldResult[]): string {
  const missed = results.flatMap(({ world, goals }) =>
    goals.filter(({ met }) => !met).map((goal) => missedLine(world, goal)),
  )
  return ['Goals missed', '', ...(missed.length > 0 ? missed : ['None.']), ''].join('\n')
}

/** The command as somebody would type it to get the same page; where the JSON went does not matter. */
function commandLine({ values }: Invocation): string {
  const options = Object.entries(values)
    .filter(([name, value]) => name !== 'json' && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? `--${name}` : `--${name} ${value}`))
  return ['tollgate eval', ...options].join(' ')
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${error instanceof Error ? error.message : error}`)
  }
}
