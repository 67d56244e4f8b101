import type { Model } from '../../risk/model/model.ts'
import { SCENARIO_NAMES, type ScenarioName } from '../simulate/scenarios.ts'
import { SIMULATION_START, simulate, type WorldName } from '../simulate/simulate.ts'
import { DAY } from '../simulate/world.ts'
import type { Collect, Collected } from './collect.ts'

export type RecordingPlan = {
  readonly seed: number
  readonly days: number
  readonly scale: number
  readonly trainRuns: number
  readonly calibrationRuns: number
  readonly testRuns: number
  readonly heldOut: readonly ScenarioName[]
}

type Rows = AsyncIterable<Collected>
export type Recordings = {
  /** The first half of those to train on, decided by rules alone. */
  readonly firstHalf: () => Rows
  /** The others, with a model in front as servers have one: what it stops has no outcome, and who is stopped changes. */
  readonly secondHalf: (model: Model) => Rows
  readonly calibration: (model: Model) => Rows
  readonly test: (model: Model) => Rows
}

/** Simulated recordings, each with a seed of its own and after the one before has ended. Only the test plays what is held out. */
export function openRecordings(plan: RecordingPlan, collect: Collect): Recordings {
  const { seed, days, scale, trainRuns, calibrationRuns, testRuns, heldOut } = plan
  const known = SCENARIO_NAMES.filter((name) => !heldOut.includes(name))
  const half = Math.ceil(trainRuns / 2)
  const testFrom = trainRuns + calibrationRuns
  async function* play([from, to]: readonly [number, number], { scenarios, model }: Stage): Rows {
    for (let run = from; run < to; run++) {
      const own = seed * 1_000 + run
      const startMs = SIMULATION_START + run * Math.ceil(days) * DAY
      const setting = { seed: own, world: worldOf(run), days, scale, scenarios, startMs }
      yield* collect({ seed: own, events: simulate(setting), model })
    }
  }
  return {
    firstHalf: () => play([0, half], { scenarios: known, model: undefined }),
    secondHalf: (model) => play([half, trainRuns], { scenarios: known, model }),
    calibration: (model) => play([trainRuns, testFrom], { scenarios: known, model }),
    test: (model) => play([testFrom, testFrom + testRuns], { scenarios: SCENARIO_NAMES, model }),
  }
}

type Stage = { readonly scenarios: readonly ScenarioName[]; readonly model: Model | undefined }

/** One recording in three is of the world that the rules were made on; each of the others is of a world of its own. */
const worldOf = (run: number): WorldName => (run % 3 === 0 ? 'a' : 'drawn')
