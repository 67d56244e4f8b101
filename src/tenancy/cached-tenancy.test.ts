import { expect, test } from 'vitest'
import { currency } from '../domain/money.ts'
import { seededDice, virtualClock } from '../platform/virtual.ts'
import { makeAccount } from './accounts.ts'
import { cachedTenancy } from './cached-tenancy.ts'
import type { Service, TenancyStore } from './tenancy.ts'

const TTL_MS = 5_000

/** A store of one account that counts what it is asked for; the other verbs must not be reached. */
function openBench() {
  const clock = virtualClock(1_700_000_000_000)
  const ids = { nowMs: clock.nowMs, randomBytes: seededDice(3).bytes }
  const { account, service } = makeAccount(ids, { name: 'Acme', currency: currency('USD') })
  const bench = { reads: 0, service, beforeAnswer: () => Promise.resolve() }
  const one: Partial<TenancyStore> = {
    account: async (id) => {
      bench.reads++
      return id === account.id ? account : undefined
    },
    service: async (accountId, id) => {
      bench.reads++
      const found = accountId === account.id && id === service.id ? bench.service : undefined
      await bench.beforeAnswer()
      return found
    },
    updateService: async (changed: Service) => {
      bench.service = changed
      return true
    },
  }
  const limits = { maxEntries: 10, ttlMs: TTL_MS }
  const store = cachedTenancy(one as TenancyStore, clock.nowMs, limits)
  return { bench, clock, store, account, service }
}

test('an account and a service are read once while they are fresh', async () => {
  const { bench, clock, store, account, service } = openBench()
  for (let turn = 0; turn < 3; turn++) {
    expect(await store.account(account.id)).toEqual(account)
    expect(await store.service(account.id, service.id)).toEqual(service)
  }
  expect(bench.reads).toBe(2)
  clock.advance(TTL_MS)
  await store.service(account.id, service.id)
  expect(bench.reads).toBe(3)
})

test('a change is seen by the next reader, though a read was under way', async () => {
  const { bench, store, account, service } = openBench()
  const gate = openGate()
  bench.beforeAnswer = () => gate.promise
  const early = store.service(account.id, service.id)
  const changed = { ...service, name: 'Changed' }
  await store.updateService(changed)
  gate.resolve()
  expect(await early).toEqual(service)
  expect(await store.service(account.id, service.id)).toEqual(changed)
})

test('what does not exist is asked for each time, and a known service is no other account its own', async () => {
  const { bench, store, account, service } = openBench()
  await store.service(account.id, service.id)
  const foreign = `AC${'9'.repeat(32)}` as typeof account.id
  expect(await store.service(foreign, service.id)).toBeUndefined()
  expect(await store.service(foreign, service.id)).toBeUndefined()
  expect(bench.reads).toBe(3)
})

function openGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
