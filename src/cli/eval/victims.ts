import type { IssueEvent } from '../simulate/event.ts'
import type { Measured } from './measured.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Attacks whose harm is done to the owner of a number. */
const AIMED = new Set(['bombing', 'code_guessing'])

export function isVictim({ scenario }: IssueEvent): boolean {
  return AIMED.has(scenario)
}

/** The most messages that any victim got within any hour and any day, whoever asked for them. */
export class Victims {
  readonly #sends = new Map<string, number[]>()
  readonly #victims = new Set<string>()

  note({ run, event }: Measured, isTarget: boolean): void {
    const key = `${run}|${event.to}`
    const times = this.#sends.get(key) ?? []
    this.#sends.set(key, times)
    times.push(event.t)
    if (isTarget) this.#victims.add(key)
  }

  worst(): { readonly perHour: number; readonly perDay: number } {
    const lists = [...this.#victims].map((victim) => this.#sends.get(victim) ?? [])
    return {
      perHour: Math.max(0, ...lists.map((times) => mostWithin(times, HOUR_MS))),
      perDay: Math.max(0, ...lists.map((times) => mostWithin(times, DAY_MS))),
    }
  }
}

/** The most members of an ascending list within any half-open window of this length. */
function mostWithin(times: readonly number[], windowMs: number): number {
  let from = 0
  let most = 0
  times.forEach((atMs, index) => {
    while ((times[from] as number) <= atMs - windowMs) from++
    most = Math.max(most, index - from + 1)
  })
  return most
}
