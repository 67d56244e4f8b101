import { readEvent } from '../../src/cli/replay-events.ts'
import { SIMULATION_START, simulate } from '../../src/cli/simulate/simulate.ts'
import { openReplay } from '../../src/flows/replay.ts'
import { openStage } from '../../src/wire-replay.ts'
import { medianOf } from './load.ts'
import { type Laps, STAGES, timedStage } from './stages.ts'

const DAY_MS = 86_400_000
const WARM_DAYS = 6
const SCALE = 0.5
const HOME = new URL('../../', import.meta.url)

/** Decisions of the seventh day of a simulated world, after six that filled counters, ranges and customers. */
export async function timeDecisions(seed: number): Promise<Laps> {
  const warmUntilMs = SIMULATION_START + WARM_DAYS * DAY_MS
  // Made before and kept as lines, so that the simulator takes no part in what is timed.
  const lines: string[] = []
  for (const event of simulate({ seed, days: WARM_DAYS + 1, scale: SCALE }))
    lines.push(JSON.stringify(event))
  const opened = await openStage(
    { home: HOME, environment: {} },
    { rules: undefined, model: undefined },
  )
  let isWarm = false
  const { laps, stage } = timedStage(opened, () => isWarm)
  const replay = openReplay(stage)
  for (const line of lines) {
    const read = readEvent(line)
    if (read.kind === 'malformed') throw new TypeError(read.reason)
    isWarm = read.event.t >= warmUntilMs
    await replay.apply(read.event)
  }
  return laps
}

type Quantiles = { readonly p50: number; readonly p99: number }
export type Timed = {
  readonly decisions: number
  /** From the signals to the verdict. */
  readonly verdict: Quantiles
  /** With the record of it that a server keeps. */
  readonly kept: Quantiles
  /** By the names of STAGES, in their order. */
  readonly stages: readonly Quantiles[]
}

/** Of each step, and of all steps of a decision together, in microseconds. */
export function quantilesOf(laps: Laps): Timed {
  const decisions = laps.verdict.length
  const uneven = STAGES.find((name) => laps[name].length !== decisions)
  if (uneven !== undefined) throw new TypeError(`${uneven} was not part of every decision`)
  const sumOf = (names: readonly (keyof Laps)[]) =>
    laps.verdict.map((_, at) => names.reduce((sum, name) => sum + (laps[name][at] as number), 0))
  return {
    decisions,
    verdict: atQuantiles(sumOf(STAGES.slice(0, -1))),
    kept: atQuantiles(sumOf(STAGES)),
    stages: STAGES.map((name) => atQuantiles(laps[name])),
  }
}

function atQuantiles(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}

/** The lines of the page: medians over the rounds. */
export function decisionLines(rounds: readonly Timed[]): readonly string[] {
  const row = (name: string, of: (timed: Timed) => Quantiles) => {
    const [p50, p99] = (['p50', 'p99'] as const).map((which) =>
      medianOf(rounds.map((timed) => of(timed)[which]))
        .toFixed(1)
        .padStart(9),
    )
    return `${name.padEnd(34)}${p50}${p99}`
  }
  const decisions = rounds.reduce((sum, timed) => sum + timed.decisions, 0)
  return [
    `${decisions} decisions of ${rounds.length} seeds after ${WARM_DAYS} days of ordinary people and attacks, medians of the seeds`,
    '',
    `${'microseconds'.padEnd(34)}      p50      p99`,
    ...STAGES.map((name, at) =>
      row(name, ({ stages }) => stages[at] ?? { p50: Number.NaN, p99: Number.NaN }),
    ),
    row('from the signals to the verdict', ({ verdict }) => verdict),
    row('with its record', ({ kept }) => kept),
    `${'goal, to the verdict'.padEnd(34)}${'< 100'.padStart(9)}${'< 1000'.padStart(9)}`,
  ]
}
