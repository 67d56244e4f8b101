import { assert } from '../domain/assert.ts'

export type FreshCacheLimits = { readonly maxEntries: number; readonly ttlMs: number }

/** A bounded memory of what was read lately. Nothing is answered from it that was read longer than `ttlMs` ago. */
export type FreshCache<V> = {
  /** What was kept under `key`, when it is still fresh. */
  peek(key: string, nowMs: number): V | undefined
  /** Fresh from memory, else by `read`, which is remembered unless it answers undefined. */
  load<T extends V | undefined>(key: string, nowMs: number, read: () => Promise<T>): Promise<V | T>
  /** Always by `read`. Remembers the answer, unless it is undefined or something was dropped in the meantime. */
  refresh<T extends V | undefined>(key: string, nowMs: number, read: () => Promise<T>): Promise<T>
  /** To be called after a write: forgets `key`, and makes reads that are under way forget theirs. */
  drop(key: string): void
  readonly size: () => number
}

type Kept<V> = { readonly value: V; readonly readAtMs: number }

/** The oldest reading gives way when the cache is full: it is also the one that goes stale first. */
export function openFreshCache<V>({ maxEntries, ttlMs }: FreshCacheLimits): FreshCache<V> {
  assert(maxEntries >= 1, 'a cache holds at least one entry')
  const entries = new Map<string, Kept<V>>()
  let drops = 0

  const peek: FreshCache<V>['peek'] = (key, nowMs) => {
    const kept = entries.get(key)
    if (kept === undefined) return undefined
    const ageMs = nowMs - kept.readAtMs
    return ageMs >= 0 && ageMs < ttlMs ? kept.value : undefined
  }
  const keep = (key: string, kept: Kept<V>): void => {
    entries.delete(key)
    if (entries.size >= maxEntries) {
      const oldest = entries.keys().next()
      if (oldest.done !== true) entries.delete(oldest.value)
    }
    entries.set(key, kept)
  }
  const refresh: FreshCache<V>['refresh'] = async (key, nowMs, read) => {
    const dropsBefore = drops
    const value = await read()
    if (value !== undefined && drops === dropsBefore) keep(key, { value, readAtMs: nowMs })
    return value
  }
  return {
    peek,
    refresh,
    load: (key, nowMs, read) => {
      const known = peek(key, nowMs)
      return known === undefined ? refresh(key, nowMs, read) : Promise.resolve(known)
    },
    drop: (key) => {
      drops++
      entries.delete(key)
    },
    size: () => entries.size,
  }
}
