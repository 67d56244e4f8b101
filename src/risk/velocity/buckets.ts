export const MINUTE_MS = 60_000
const HOUR_MINUTES = 60
const DAY_MINUTES = 1440

/** Requests may come this late and still find every bucket of their windows. */
export const LATE_MINUTES = 5

/** Whole minutes since 1970; the unit of all bucket starts. Hours and days are those of UTC. */
export const minuteOf = (atMs: number): number => Math.floor(atMs / MINUTE_MS)
export const hourOf = (atMs: number): number => Math.floor(atMs / (MINUTE_MS * HOUR_MINUTES))

/** How wide a bucket is. */
export const GRAINS = { minute: 0, hour: 1, day: 2 } as const
export type Grain = (typeof GRAINS)[keyof typeof GRAINS]

export const startOf = (minute: number, grain: Grain): number => {
  if (grain === GRAINS.minute) return minute
  const width = grain === GRAINS.hour ? HOUR_MINUTES : DAY_MINUTES
  return Math.floor(minute / width) * width
}

/**
 * The first bucket of each window that ends in `minute`: the bucket that holds the instant one window ago, so that a window
 * never counts less than its length. Ten minutes and the hour are made of minutes, the day of hours, the week of days.
 */
export const tenMinutesFrom = (minute: number): number => minute - 10
export const hourFrom = (minute: number): number => minute - HOUR_MINUTES
export const dayFrom = (minute: number): number => startOf(minute, GRAINS.hour) - 24 * HOUR_MINUTES
export const weekFrom = (minute: number): number => startOf(minute, GRAINS.day) - 7 * DAY_MINUTES

/**
 * The finest bucket that a minute still needs when the newest one is `newest`: each window keeps a margin for latecomers.
 * Undefined: older than every window.
 */
export function grainOf(minute: number, newest: number): Grain | undefined {
  if (minute >= hourFrom(newest) - LATE_MINUTES) return GRAINS.minute
  if (minute >= dayFrom(newest) - HOUR_MINUTES) return GRAINS.hour
  if (minute >= weekFrom(newest) - DAY_MINUTES) return GRAINS.day
  return undefined
}
