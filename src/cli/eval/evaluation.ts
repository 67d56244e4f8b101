import { SIMULATION_START, type WorldName } from '../simulate/simulate.ts'
import { DAY } from '../simulate/world.ts'
import { closeLoop, type Destinations } from './closed-loop.ts'
import type { DetectorKind } from './detector.ts'
import { CANDIDATE, REFERENCE } from './detectors.ts'
import { type Goal, goalsOf } from './goals.ts'
import { Meter } from './meter.ts'
import { netBenefit, type Score, scoreOf, USER_VALUES } from './score.ts'

export type EvaluationOptions = {
  readonly worlds: readonly WorldName[]
  /** Seeds from here on; training uses seeds of four to five digits. */
  readonly seed: number
  readonly seeds: number
  readonly days: number
  readonly scale: number
  /** Days at the start of each run that are decided but not measured. */
  readonly warmUp: number
}

export type DetectorResult = {
  readonly name: string
  readonly about: string
  readonly score: Score
  readonly benefit: readonly { readonly userValue: number; readonly usd: number }[]
}

export type WorldResult = {
  readonly world: WorldName
  readonly detectors: readonly DetectorResult[]
  /** Empty when Tollgate itself did not take part. */
  readonly goals: readonly Goal[]
}

/** Held-out seeds: no training run has one of these. */
export const FIRST_SEED = 900_001

export type Ground = {
  readonly kinds: readonly DetectorKind[]
  readonly destinations: Destinations
  /** Told of each run that ended. */
  readonly progress: (line: string) => void
}

/** Runs every detector through the same seeded worlds, one after the other. */
export async function evaluate(
  ground: Ground,
  options: EvaluationOptions,
): Promise<readonly WorldResult[]> {
  const results: WorldResult[] = []
  for (const world of options.worlds) results.push(await evaluateWorld(ground, options, world))
  return results
}

async function evaluateWorld(
  ground: Ground,
  options: EvaluationOptions,
  world: WorldName,
): Promise<WorldResult> {
  const scores = new Map<string, Score>()
  for (const kind of ground.kinds) {
    scores.set(kind.name, await measure(ground, kind, { ...options, world }))
  }
  const allowAll = scores.get(REFERENCE)
  const detectors = ground.kinds.flatMap(({ name, about }) => {
    const score = scores.get(name)
    return score === undefined ? [] : [{ name, about, score, benefit: benefitOf(score, allowAll) }]
  })
  return { world, detectors, goals: goalsIn(scores, allowAll) }
}

function benefitOf(score: Score, allowAll: Score | undefined): DetectorResult['benefit'] {
  if (allowAll === undefined) return []
  return USER_VALUES.map((userValue) => ({
    userValue,
    usd: netBenefit(score, allowAll, userValue),
  }))
}

function goalsIn(scores: ReadonlyMap<string, Score>, allowAll: Score | undefined) {
  const candidate = scores.get(CANDIDATE)
  if (candidate === undefined || allowAll === undefined) return []
  // What is made of our own parts is shown for comparison, and is nobody's published way.
  const own = [CANDIDATE, 'rules_only', 'model_only']
  const baselines = new Map([...scores].filter(([name]) => !own.includes(name)))
  return goalsOf({ candidate, allowAll, baselines })
}

async function measure(
  { destinations, progress }: Ground,
  kind: DetectorKind,
  { world, seed, seeds, days, scale, warmUp }: EvaluationOptions & { readonly world: WorldName },
): Promise<Score> {
  const meter = new Meter()
  for (let own = seed; own < seed + seeds; own++) {
    const detector = await kind.open()
    const events = await closeLoop(
      { detector, meter, destinations },
      {
        run: `${world}-${own}`,
        world,
        seed: own,
        days,
        scale,
        measureFromMs: SIMULATION_START + warmUp * DAY,
      },
    )
    progress(`${kind.name}: world ${world}, seed ${own}, ${events} events`)
  }
  return scoreOf(meter)
}
