import { Agenda } from './agenda.ts'
import type { Answer, SimEvent } from './event.ts'
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios.ts'
import type { Setting } from './setting.ts'
import { SETTING_A } from './setting-a.ts'
import { SETTING_B } from './setting-b.ts'
import { drawSetting } from './setting-drawn.ts'
import { DAY, type World } from './world.ts'

/** Monday, 5 January 2026, 00:00 UTC. */
export const SIMULATION_START = Date.UTC(2026, 0, 5)

/** Detectors are made on `a`, `b` is held out, and `drawn` is another world for every seed. */
const SETTINGS = {
  a: () => SETTING_A,
  b: () => SETTING_B,
  drawn: drawSetting,
} as const satisfies Record<string, (seed: number) => Setting>
export type WorldName = keyof typeof SETTINGS
export const WORLD_NAMES: readonly WorldName[] = ['a', 'b', 'drawn']

export function isWorld(name: string): name is WorldName {
  return Object.hasOwn(SETTINGS, name)
}

export type SimulationOptions = {
  readonly seed: number
  /** Default: a. */
  readonly world?: WorldName
  /** Length of the recording; what is under way at its end is cut off. */
  readonly days: number
  /** 1 is about 10,000 issues a day. */
  readonly scale?: number
  /** Default: all. */
  readonly scenarios?: readonly ScenarioName[]
  /** Unix milliseconds of the first midnight. */
  readonly startMs?: number
}

/**
 * Ordinary people and attackers as replay events, ascending in time. The same options give the same events. Memory
 * follows the people who are in the middle of something, not the length. Passing an answer to `next()` after an issue
 * closes the loop: people who were refused try again or leave, attackers change range, addresses and client.
 */
export function simulate(
  options: SimulationOptions,
): Generator<SimEvent, void, Answer | undefined> {
  const world = openWorld(options)
  for (const name of options.scenarios ?? SCENARIO_NAMES) SCENARIOS[name].plan(world, name)
  return world.agenda.run(world.endMs)
}

function openWorld({
  seed,
  world = 'a',
  days,
  scale = 1,
  startMs = SIMULATION_START,
}: SimulationOptions): World {
  let refs = 0
  return {
    seed,
    startMs,
    endMs: startMs + days * DAY,
    scale,
    agenda: new Agenda(),
    setting: SETTINGS[world](seed),
    outages: [],
    newRef: () => `${world}${seed.toString(36)}-${(refs++).toString(36).padStart(6, '0')}`,
  }
}
