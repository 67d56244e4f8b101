import { Agenda } from './agenda.ts'
import type { Answer, SimEvent } from './event.ts'
import { SCENARIO_NAMES, SCENARIOS, type ScenarioName } from './scenarios.ts'
import { DAY, type World } from './world.ts'

/** Monday, 5 January 2026, 00:00 UTC. */
export const SIMULATION_START = Date.UTC(2026, 0, 5)

export type SimulationOptions = {
  readonly seed: number
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
    outages: [],
    newRef: () => `${seed.toString(36)}-${(refs++).toString(36).padStart(6, '0')}`,
  }
}
