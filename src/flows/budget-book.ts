import type { BudgetStore } from '../billing/budget-store.ts'
import type { AccountId } from '../domain/ids.ts'
import { openFreshCache } from '../tenancy/fresh-cache.ts'

/** The first budget that is made in another process holds after at most five seconds, as settings of services do. */
const TTL_MS = 5_000
const ACCOUNTS_MAX = 10_000

export type BudgetBook = BudgetStore & {
  /** Whether the account has any, as of at most five seconds ago: its sends then look them up themselves. */
  inForce(accountId: AccountId, nowMs: number): Promise<boolean> | boolean
}

export function openBudgetBook(store: BudgetStore, ttlMs: number = TTL_MS): BudgetBook {
  const fresh = openFreshCache<boolean>({ maxEntries: ACCOUNTS_MAX, ttlMs })
  const afterwards = async <T>(accountId: AccountId, change: Promise<T>): Promise<T> => {
    try {
      return await change
    } finally {
      fresh.drop(accountId)
    }
  }
  return {
    put: (budget) => afterwards(budget.accountId, store.put(budget)),
    remove: (accountId, id) => afterwards(accountId, store.remove(accountId, id)),
    find: (accountId, id, nowMs) => store.find(accountId, id, nowMs),
    list: (accountId, page) => store.list(accountId, page),
    hasAny: (accountId) => store.hasAny(accountId),
    inForce: (accountId, nowMs) =>
      fresh.peek(accountId, nowMs) ??
      fresh.refresh(accountId, nowMs, () => store.hasAny(accountId)),
  }
}
