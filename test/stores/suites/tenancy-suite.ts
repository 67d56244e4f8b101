import { expect, test } from 'vitest'
import type { AccountId, IdSource } from '../../../src/domain/ids.ts'
import { newId } from '../../../src/domain/ids.ts'
import { currency, micros } from '../../../src/domain/money.ts'
import { makeAccount, makeService } from '../../../src/tenancy/accounts.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../../../src/tenancy/service-settings.ts'
import type { KeyWithHash, TenancyStore } from '../../../src/tenancy/tenancy.ts'

const ALL = { limit: 1_000, before: undefined }

/** Ids in order, without a clock: each is one millisecond younger than the one before. */
export function countedIds(): IdSource {
  let tick = 0
  return {
    nowMs: () => 1_000 + tick++,
    randomBytes: (length) => new Uint8Array(length).fill(tick % 256),
  }
}

export function keyOf(accountId: AccountId, ids: IdSource): KeyWithHash {
  const key = {
    id: newId('SK', ids),
    accountId,
    name: 'server',
    scopes: ['verify', 'report'] as const,
    allowedIps: ['10.0.0.0/8', '2001:db8::/32'],
    createdAtMs: ids.nowMs(),
    revokedAtMs: undefined,
  }
  return { key, secretHash: `k.${key.id}` }
}

/** What every tenancy store promises. Each implementation runs this same suite. */
export function tenancySuite(name: string, make: () => Promise<TenancyStore>): void {
  const opened = async () => {
    const ids = countedIds()
    const store = await make()
    const tenant = makeAccount(ids, { name: 'Acme', currency: currency('USD') })
    const key = keyOf(tenant.account.id, ids)
    expect(await store.createAccount(tenant.account, tenant.service, key)).toBe(true)
    return { ids, store, ...tenant, key }
  }

  test(`${name}: an account comes back with its default service and key as they were given`, async () => {
    const { store, account, service, key } = await opened()
    expect(await store.account(account.id)).toEqual(account)
    expect(await store.service(account.id, service.id)).toEqual(service)
    expect(await store.key(key.key.id)).toEqual(key)
    expect(await store.keys(account.id, ALL)).toEqual([key.key])
  })

  test(`${name}: it is empty until the first account`, async () => {
    const ids = countedIds()
    const store = await make()
    expect(await store.isEmpty()).toBe(true)
    const { account, service } = makeAccount(ids, { name: 'Acme', currency: currency('USD') })
    await store.createAccount(account, service, keyOf(account.id, ids))
    expect(await store.isEmpty()).toBe(false)
  })

  test(`${name}: accounts are listed oldest first, and go on after one`, async () => {
    const { ids, store, account } = await opened()
    const { account: second, service } = makeAccount(ids, {
      name: 'Beta',
      currency: currency('CNY'),
    })
    await store.createAccount(second, service, keyOf(second.id, ids))
    expect(await store.accountsAfter(undefined)).toEqual([account, second])
    expect(await store.accountsAfter(account.id)).toEqual([second])
    expect(await store.accountsAfter(second.id)).toEqual([])
  })

  test(`${name}: of racing bootstraps with one key id, one makes an account and the others nothing`, async () => {
    const ids = countedIds()
    const store = await make()
    const first = makeAccount(ids, { name: 'first', currency: currency('USD') })
    const key = keyOf(first.account.id, ids)
    const rivals = Array.from({ length: 20 }, () =>
      makeAccount(ids, { name: 'rival', currency: currency('USD') }),
    )
    const made = await Promise.all(
      rivals.map(({ account, service }) => store.createAccount(account, service, key)),
    )
    expect(made.filter(Boolean)).toHaveLength(1)
    const accounts = await Promise.all(rivals.map(({ account }) => store.account(account.id)))
    expect(accounts.filter((account) => account !== undefined)).toHaveLength(1)
    const services = await Promise.all(rivals.map(({ account }) => store.services(account.id, ALL)))
    expect(services.flat()).toHaveLength(1)
  })

  test(`${name}: racing revocations of one key have one winner, and the key stays listed`, async () => {
    const { store, account, key } = await opened()
    const wins = await Promise.all(
      Array.from({ length: 20 }, () => store.revokeKey(account.id, key.key.id, 5_000)),
    )
    expect(wins.filter(Boolean)).toHaveLength(1)
    expect(await store.keys(account.id, ALL)).toEqual([{ ...key.key, revokedAtMs: 5_000 }])
    expect((await store.key(key.key.id))?.key.revokedAtMs).toBe(5_000)
  })

  test(`${name}: another account can neither see nor change what is not its own`, async () => {
    const { ids, store, service, key } = await opened()
    const other = makeAccount(ids, { name: 'Other', currency: currency('EUR') })
    await store.createAccount(other.account, other.service, keyOf(other.account.id, ids))
    const foreign = { ...service, accountId: other.account.id, name: 'taken' }
    expect(await store.revokeKey(other.account.id, key.key.id, 5_000)).toBe(false)
    expect(await store.service(other.account.id, service.id)).toBeUndefined()
    expect(await store.updateService(foreign)).toBe(false)
    expect(await store.services(other.account.id, ALL)).toEqual([other.service])
    expect(await store.service(service.accountId, service.id)).toEqual(service)
  })

  test(`${name}: keys and services are listed newest first`, async () => {
    const { ids, store, account, service, key } = await opened()
    const later = makeService(ids, account.id, { ...DEFAULT_SERVICE_SETTINGS, name: 'Later' })
    await store.createService(later)
    const second = { ...keyOf(account.id, ids) }
    await store.createKey(second)
    expect(await store.services(account.id, ALL)).toEqual([later, service])
    expect(await store.keys(account.id, ALL)).toEqual([second.key, key.key])
    const behind = <Id>(before: Id) => ({ limit: 1, before })
    expect(await store.services(account.id, { ...ALL, limit: 1 })).toEqual([later])
    expect(await store.services(account.id, behind(later.id))).toEqual([service])
    expect(await store.services(account.id, behind(service.id))).toEqual([])
    expect(await store.keys(account.id, { ...ALL, limit: 1 })).toEqual([second.key])
    expect(await store.keys(account.id, behind(second.key.id))).toEqual([key.key])
  })

  test(`${name}: every setting survives an update, set or taken away`, async () => {
    const { store, service } = await opened()
    const set = {
      ...service,
      name: 'Sign-in',
      codeLength: 8,
      sender: 'ACME',
      channels: ['voice'] as const,
      countries: ['GB', 'FR'],
      blockedCountries: ['001'],
      protection: 'max' as const,
      blockResponse: 'silent' as const,
      hourlyBudget: micros(0),
      dailyBudget: micros(5_000_000),
      updatedAtMs: 9_000,
    }
    expect(await store.updateService(set)).toBe(true)
    expect(await store.service(service.accountId, service.id)).toEqual(set)
    expect(await store.updateService(service)).toBe(true)
    expect(await store.service(service.accountId, service.id)).toEqual(service)
  })

  test(`${name}: a key that allows every address has no list of addresses`, async () => {
    const { ids, store, account } = await opened()
    const { key, secretHash } = keyOf(account.id, ids)
    const open = { key: { ...key, allowedIps: undefined }, secretHash }
    await store.createKey(open)
    expect(await store.key(key.id)).toEqual(open)
  })
}
