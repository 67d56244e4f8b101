import type { Moment } from './agenda.ts'
import type { Dice } from './dice.ts'
import { DAY, HOUR, type World } from './world.ts'

export type Arrivals = {
  readonly fromMs: number
  readonly toMs: number
  readonly perDay: number
  /** Hours from UTC of the people's day; absent when day and night are alike. */
  readonly utcHours?: number
  readonly dice: Dice
}

const RHYTHM_MAX = 1.8

/** A Poisson stream of visits that follows the hours of the day, one planned ahead at any time. */
export function planArrivals(world: World, stream: Arrivals, visit: Moment): void {
  if (stream.perDay <= 0) return
  const { dice, toMs } = stream
  const meanGap = DAY / (stream.perDay * RHYTHM_MAX)
  const next = (afterMs: number) => {
    let atMs = afterMs + dice.wait(meanGap)
    while (atMs < toMs && !dice.chance(rhythm(atMs, stream.utcHours) / RHYTHM_MAX)) {
      atMs += dice.wait(meanGap)
    }
    if (atMs >= toMs) return
    world.agenda.plan(atMs, (nowMs) => {
      next(nowMs)
      return visit(nowMs)
    })
  }
  next(stream.fromMs)
}

/** Busiest at three in the afternoon, quiet at night, a little less at weekends; 1 on an average weekday. */
export function rhythm(atMs: number, utcHours: number | undefined): number {
  if (utcHours === undefined) return 1
  const localMs = atMs + utcHours * HOUR
  const hour = (localMs % DAY) / HOUR
  // The epoch was a Thursday.
  const weekday = (Math.floor(localMs / DAY) + 4) % 7
  const weekend = weekday === 0 || weekday === 6 ? 0.85 : 1
  return weekend * (1 + 0.8 * Math.cos(((hour - 15) * Math.PI) / 12))
}
