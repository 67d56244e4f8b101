import { expect, test } from 'vitest'
import type { AccountId, KeyId } from '../domain/ids.ts'
import { openVault } from '../platform/vault.ts'
import { seededDice, virtualClock } from '../platform/virtual.ts'
import { openKeyRing } from './key-ring.ts'
import { mintKey } from './secrets.ts'
import type { KeyWithHash } from './tenancy.ts'

const ACCOUNT = `AC${'1'.repeat(32)}` as AccountId
const UNKNOWN = `SK${'0'.repeat(32)}`
const TTL_MS = 10_000

/** A ring over a store that counts its reads and can be told to answer late. */
function openBench(maxEntries = 1_000) {
  const dice = seededDice(7)
  const clock = virtualClock(1_700_000_000_000)
  const vault = openVault([new Uint8Array(32).fill(1)], dice.bytes)
  const rows = new Map<KeyId, KeyWithHash>()
  const bench = { reads: 0, beforeAnswer: () => Promise.resolve() }
  const revokeKey = async (_: AccountId, id: KeyId, nowMs: number) => {
    const row = rows.get(id)
    if (row === undefined || row.key.revokedAtMs !== undefined) return false
    rows.set(id, { ...row, key: { ...row.key, revokedAtMs: nowMs } })
    return true
  }
  const key = async (id: KeyId) => {
    bench.reads++
    const row = rows.get(id)
    await bench.beforeAnswer()
    return row
  }
  const mint = () => {
    const ids = { nowMs: clock.nowMs, randomBytes: dice.bytes }
    const spec = { accountId: ACCOUNT, name: 'k', scopes: ['verify'] as const }
    const minted = mintKey({ ids, vault }, { ...spec, allowedIps: undefined })
    rows.set(minted.key.id, { key: minted.key, secretHash: minted.secretHash })
    return minted
  }
  const ring = openKeyRing({
    store: { key, revokeKey },
    vault,
    limits: { maxEntries, ttlMs: TTL_MS },
  })
  const open = (keyId: string, secret: string) => ring.authenticate(keyId, secret, clock.nowMs())
  return { bench, clock, ring, mint, open, revokeElsewhere: revokeKey }
}

test('a right secret opens its key, and the store is asked once while the answer is fresh', async () => {
  const { bench, clock, mint, open } = openBench()
  const { key, secret } = mint()
  expect(await open(key.id, secret)).toEqual(key)
  clock.advance(TTL_MS - 1)
  expect(await open(key.id, secret)).toEqual(key)
  expect(bench.reads).toBe(1)
  clock.advance(1)
  expect(await open(key.id, secret)).toEqual(key)
  expect(bench.reads).toBe(2)
})

test('a wrong secret is refused though the key is remembered, and costs the same read as an unknown id', async () => {
  const { bench, mint, open } = openBench()
  const { key, secret } = mint()
  await open(key.id, secret)
  const readsOf = async (keyId: string, guess: string) => {
    const before = bench.reads
    expect(await open(keyId, guess)).toBeUndefined()
    return bench.reads - before
  }
  for (let turn = 0; turn < 3; turn++) {
    expect(await readsOf(key.id, 'wrong')).toBe(1)
    expect(await readsOf(UNKNOWN, secret)).toBe(1)
  }
  expect(await open(key.id, secret)).toEqual(key)
})

test('what is not shaped like a key id opens nothing', async () => {
  const { mint, open } = openBench()
  const { key, secret } = mint()
  for (const keyId of ['', 'SK', key.id.toUpperCase(), `${key.id}0`, `AC${key.id.slice(2)}`]) {
    expect(await open(keyId, secret)).toBeUndefined()
  }
})

test('a revocation holds at once where it was made', async () => {
  const { clock, ring, mint, open } = openBench()
  const { key, secret } = mint()
  await open(key.id, secret)
  expect(await ring.revoke(ACCOUNT, key.id, clock.nowMs())).toBe(true)
  expect(await open(key.id, secret)).toBeUndefined()
  expect(await ring.revoke(ACCOUNT, key.id, clock.nowMs())).toBe(false)
})

test('a revocation made elsewhere holds when the memory of the key goes stale', async () => {
  const { clock, mint, open, revokeElsewhere } = openBench()
  const { key, secret } = mint()
  await open(key.id, secret)
  await revokeElsewhere(ACCOUNT, key.id, clock.nowMs())
  clock.advance(TTL_MS - 1)
  expect(await open(key.id, secret)).toEqual(key)
  clock.advance(1)
  expect(await open(key.id, secret)).toBeUndefined()
})

test('a read that was under way during a revocation is not remembered', async () => {
  const { bench, clock, ring, mint, open } = openBench()
  const { key, secret } = mint()
  const gate = openGate()
  bench.beforeAnswer = () => gate.promise
  const early = open(key.id, secret)
  await ring.revoke(ACCOUNT, key.id, clock.nowMs())
  gate.resolve()
  await early
  expect(await open(key.id, secret)).toBeUndefined()
})

test('the memory is bounded: the oldest answer gives way', async () => {
  const { bench, mint, open } = openBench(2)
  const minted = [mint(), mint(), mint()]
  for (const { key, secret } of minted) await open(key.id, secret)
  const [first, , third] = minted
  await open(third?.key.id ?? '', third?.secret ?? '')
  expect(bench.reads).toBe(3)
  await open(first?.key.id ?? '', first?.secret ?? '')
  expect(bench.reads).toBe(4)
})

test('a clock that went back makes no answer immortal', async () => {
  const { bench, clock, mint, open } = openBench()
  const { key, secret } = mint()
  await open(key.id, secret)
  clock.advance(-3_600_000)
  await open(key.id, secret)
  expect(bench.reads).toBe(2)
})

function openGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {}
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve: () => resolve() }
}
