import { type FreshCacheLimits, openFreshCache } from './fresh-cache.ts'
import type { Account, Service, TenancyStore } from './tenancy.ts'

/** A change of settings made in another process holds after at most five seconds. */
export const TENANCY_CACHE_LIMITS: FreshCacheLimits = { maxEntries: 1_000, ttlMs: 5_000 }

/**
 * The same store with accounts and services remembered for a short time, since every issued code reads both. A change made
 * through this store is seen by its next reader. Keys are not remembered here: the key ring does that, by proof.
 */
export function cachedTenancy(
  store: TenancyStore,
  nowMs: () => number,
  limits: FreshCacheLimits = TENANCY_CACHE_LIMITS,
): TenancyStore {
  const accounts = openFreshCache<Account>(limits)
  const services = openFreshCache<Service>(limits)
  return {
    createAccount: (account, service, key) => store.createAccount(account, service, key),
    isEmpty: () => store.isEmpty(),
    account: (id) => accounts.load(id, nowMs(), () => store.account(id)),
    accountsAfter: (id) => store.accountsAfter(id),
    key: (id) => store.key(id),
    keys: (accountId, page) => store.keys(accountId, page),
    createKey: (key) => store.createKey(key),
    revokeKey: (accountId, id, atMs) => store.revokeKey(accountId, id, atMs),
    service: (accountId, id) =>
      services.load(`${accountId}:${id}`, nowMs(), () => store.service(accountId, id)),
    services: (accountId, page) => store.services(accountId, page),
    createService: (service) => store.createService(service),
    updateService: async (service) => {
      try {
        return await store.updateService(service)
      } finally {
        services.drop(`${service.accountId}:${service.id}`)
      }
    },
  }
}
