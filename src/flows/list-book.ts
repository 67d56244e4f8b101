import type { AccountId } from '../domain/ids.ts'
import { compileLists, type ListMatcher } from '../risk/list-matcher.ts'
import type { ListStore } from '../risk/lists.ts'
import { openFreshCache } from '../tenancy/fresh-cache.ts'

const ACCOUNTS_MAX = 1_000
/** A change of a list made in another process holds after at most five seconds. */
const TTL_MS = 5_000

/** The accounts' lists, compiled for matching and remembered for a short time. */
export type ListBook = ListStore & {
  matcherFor(accountId: AccountId, nowMs: number): Promise<ListMatcher> | ListMatcher
}

type Compiled = { readonly version: number; readonly matcher: ListMatcher }

/** A change made through the book is seen by the next request here; a stale one is recompiled only if something changed. */
export function openListBook(store: ListStore, ttlMs: number = TTL_MS): ListBook {
  const fresh = openFreshCache<Compiled>({ maxEntries: ACCOUNTS_MAX, ttlMs })
  const last = new Map<AccountId, Compiled>()

  const compile = async (accountId: AccountId, nowMs: number): Promise<Compiled> => {
    const version = await store.version(accountId)
    const known = last.get(accountId)
    if (known?.version === version) return known
    const compiled = { version, matcher: compileLists(await store.active(accountId, nowMs)) }
    if (last.size >= ACCOUNTS_MAX) last.clear()
    last.set(accountId, compiled)
    return compiled
  }
  const load = async (accountId: AccountId, nowMs: number): Promise<ListMatcher> => {
    const { matcher } = await fresh.refresh(accountId, nowMs, () => compile(accountId, nowMs))
    return matcher
  }
  const after = async <T>(accountId: AccountId | undefined, change: Promise<T>): Promise<T> => {
    try {
      return await change
    } finally {
      if (accountId !== undefined) fresh.drop(accountId)
    }
  }
  return {
    put: (entry) => after(entry.accountId, store.put(entry)),
    remove: (accountId, list, id) => after(accountId, store.remove(accountId, list, id)),
    list: (accountId, list, page) => store.list(accountId, list, page),
    active: (accountId, nowMs) => store.active(accountId, nowMs),
    version: (accountId) => store.version(accountId),
    matcherFor: (accountId, nowMs) =>
      fresh.peek(accountId, nowMs)?.matcher ?? load(accountId, nowMs),
  }
}
