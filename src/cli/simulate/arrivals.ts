import type { Moment } from './agenda.ts'
import type { Dice } from './dice.ts'
import type { Rhythm } from './setting.ts'
import { DAY, HOUR, type World } from './world.ts'

export type Arrivals = {
  readonly fromMs: number
  readonly toMs: number
  readonly perDay: number
  /** Hours from UTC of the people's day; absent when day and night are alike. */
  readonly utcHours?: number
  readonly dice: Dice
}

/** A Poisson stream of visits that follows the hours of the day, one planned ahead at any time. */
export function planArrivals(world: World, stream: Arrivals, visit: Moment): void {
  if (stream.perDay <= 0) return
  const { dice, toMs, utcHours } = stream
  const { rhythm } = world.setting
  const busiest = Math.max(1, rhythm.weekend) * (1 + rhythm.swing + rhythm.secondSwing)
  const meanGap = DAY / (stream.perDay * busiest)
  const next = (afterMs: number) => {
    let atMs = afterMs + dice.wait(meanGap)
    while (atMs < toMs && !dice.chance(activity(rhythm, atMs, utcHours) / busiest)) {
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

/** How busy the moment is, 1 over an average weekday: busiest at the peak hour, with twelve hours between two peaks. */
function activity(rhythm: Rhythm, atMs: number, utcHours: number | undefined): number {
  if (utcHours === undefined) return 1
  const localMs = atMs + utcHours * HOUR
  const hours = (localMs % DAY) / HOUR - rhythm.peakHour
  // The epoch was a Thursday.
  const weekday = (Math.floor(localMs / DAY) + 4) % 7
  const day = weekday === 0 || weekday === 6 ? rhythm.weekend : 1
  const waves =
    rhythm.swing * Math.cos((hours * Math.PI) / 12) +
    rhythm.secondSwing * Math.cos((hours * Math.PI) / 6)
  return Math.max(0, day * (1 + waves))
}
