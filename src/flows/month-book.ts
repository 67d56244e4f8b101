import type { MonthStore } from '../billing/month-store.ts'
import { type MonthKey, reratingPrefix } from '../billing/months.ts'
import { openFreshCache } from '../tenancy/fresh-cache.ts'

/** A volume that is a minute old costs nothing: what is settled at too low a tier is put right when the month is re-rated. */
const LIMITS = { maxEntries: 10_000, ttlMs: 60_000 }

export type MonthBook = MonthStore & {
  /** The month's volume as it was at most a minute ago. */
  recentVolume(key: MonthKey, nowMs: number): Promise<number>
}

export function openMonthBook(store: MonthStore): MonthBook {
  const fresh = openFreshCache<number>(LIMITS)
  return {
    volume: (key) => store.volume(key),
    stale: (limit) => store.stale(limit),
    markRerated: (reading) => store.markRerated(reading),
    recentVolume: async (key, nowMs) =>
      (await fresh.load(reratingPrefix(key), nowMs, () => store.volume(key))) ?? 0,
  }
}
