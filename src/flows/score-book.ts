import {
  dayOf,
  SCORE_DAYS,
  type ScoreCount,
  type ScoreOwner,
  type ScoreSketch,
  type ScoreStore,
  scoreBin,
  toSketch,
} from '../risk/own-scores.ts'
import { openFreshCache } from '../tenancy/fresh-cache.ts'

/** What was learned is decided by ten minutes later at most: it halves in two days, and a reading is a few hundred rows. */
const LIMITS = { maxEntries: 1_000, ttlMs: 600_000 }
/** Scores are written together: a second of them that is lost with a process is no loss. */
const WRITE_EVERY_MS = 1_000

/** What accounts' ordinary requests scored, read seldom and written in company. */
export type ScoreBook = {
  sketchOf(owner: ScoreOwner, nowMs: number): Promise<ScoreSketch> | ScoreSketch
  /** Counts one ordinary request. */
  learn(owner: ScoreOwner, score: number, nowMs: number): Promise<void>
  /** Writes what waits. */
  flush(nowMs: number): Promise<void>
  /** Forgets what is too old to count. */
  purge(nowMs: number): Promise<void>
}

type Waiting = { readonly owner: ScoreOwner; readonly counts: Map<number, ScoreCount> }

export function openScoreBook(store: ScoreStore): ScoreBook {
  const fresh = openFreshCache<ScoreSketch>(LIMITS)
  let waiting = new Map<string, Waiting>()
  let writtenAtMs = 0
  const read = async (owner: ScoreOwner, nowMs: number): Promise<ScoreSketch> => {
    const today = dayOf(nowMs)
    return toSketch(await store.since(owner, today - SCORE_DAYS), today)
  }
  const flush = async (nowMs: number): Promise<void> => {
    const due = waiting
    waiting = new Map()
    writtenAtMs = nowMs
    for (const { owner, counts } of due.values()) await store.add(owner, [...counts.values()])
  }
  return {
    flush,
    sketchOf: (owner, nowMs) => {
      const key = keyOf(owner)
      return fresh.peek(key, nowMs) ?? fresh.refresh(key, nowMs, () => read(owner, nowMs))
    },
    learn: async (owner, score, nowMs) => {
      count(waiting, owner, { day: dayOf(nowMs), bin: scoreBin(score) })
      if (nowMs - writtenAtMs >= WRITE_EVERY_MS) await flush(nowMs)
    },
    purge: (nowMs) => store.purge(dayOf(nowMs) - SCORE_DAYS),
  }
}

const keyOf = ({ accountId, modelVersion }: ScoreOwner): string => `${accountId} ${modelVersion}`

const BINS_MOST = 1_000

function count(
  waiting: Map<string, Waiting>,
  owner: ScoreOwner,
  { day, bin }: Omit<ScoreCount, 'count'>,
): void {
  const key = keyOf(owner)
  const own = waiting.get(key) ?? { owner, counts: new Map() }
  waiting.set(key, own)
  const place = day * BINS_MOST + bin
  own.counts.set(place, { day, bin, count: (own.counts.get(place)?.count ?? 0) + 1 })
}
