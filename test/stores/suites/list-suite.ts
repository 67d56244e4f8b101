import { expect, test } from 'vitest'
import { type AccountId, newId } from '../../../src/domain/ids.ts'
import {
  LIST_KINDS,
  type ListEntry,
  type ListKind,
  type ListStore,
} from '../../../src/risk/lists.ts'
import { countedIds } from './tenancy-suite.ts'

const ACCOUNT = `AC${'1'.repeat(32)}` as AccountId
const OTHER = `AC${'2'.repeat(32)}` as AccountId
const EVERYTHING = { limit: 100, before: undefined }

const VALUES: Readonly<Record<ListKind, string>> = {
  phone: '+447700900123',
  range: '+4477009',
  ip: '203.0.113.7',
  cidr: '2001:db8::/32',
  asn: '64500',
  country: 'GB',
  device: 'device-one',
}

/** What every list store promises. */
export function listSuite(name: string, make: () => Promise<ListStore>): void {
  const opened = async () => {
    const ids = countedIds()
    const entry = (parts: Partial<ListEntry> = {}): ListEntry => ({
      id: newId('LI', ids),
      accountId: ACCOUNT,
      list: 'block',
      kind: 'phone',
      value: VALUES.phone,
      note: 'Asked for by support',
      author: 'SK1',
      createdAtMs: ids.nowMs(),
      expiresAtMs: undefined,
      ...parts,
    })
    return { store: await make(), entry }
  }

  test(`${name}: an entry of every kind comes back as it was put`, async () => {
    const { store, entry } = await opened()
    const entries = LIST_KINDS.map((kind) => entry({ kind, value: VALUES[kind] }))
    for (const each of entries) expect(await store.put(each)).toEqual(each)
    expect(await store.active(ACCOUNT, 0)).toEqual(entries)
    expect(await store.list(ACCOUNT, 'block', EVERYTHING)).toEqual(entries.toReversed())
  })

  test(`${name}: the same value put again keeps its id and age and takes the new note and expiry`, async () => {
    const { store, entry } = await opened()
    const first = await store.put(entry())
    const again = entry({ note: undefined, expiresAtMs: 9_000, author: 'SK2' })
    const merged = { ...again, id: first.id, createdAtMs: first.createdAtMs }
    expect(await store.put(again)).toEqual(merged)
    expect(await store.active(ACCOUNT, 0)).toEqual([merged])
  })

  test(`${name}: of 20 racing puts of one value there is one entry, and each is counted`, async () => {
    const { store, entry } = await opened()
    const stored = await Promise.all(Array.from({ length: 20 }, () => store.put(entry())))
    expect(new Set(stored.map(({ id }) => id)).size).toBe(1)
    expect(await store.active(ACCOUNT, 0)).toHaveLength(1)
    expect(await store.version(ACCOUNT)).toBe(20)
  })

  test(`${name}: one value may stand on both lists and under two kinds`, async () => {
    const { store, entry } = await opened()
    await store.put(entry())
    await store.put(entry({ list: 'allow' }))
    await store.put(entry({ kind: 'range' }))
    expect(await store.active(ACCOUNT, 0)).toHaveLength(3)
    expect(await store.list(ACCOUNT, 'allow', EVERYTHING)).toHaveLength(1)
  })

  test(`${name}: an expired entry is not active from its last millisecond on, and still listed`, async () => {
    const { store, entry } = await opened()
    await store.put(entry({ expiresAtMs: 5_000 }))
    expect(await store.active(ACCOUNT, 4_999)).toHaveLength(1)
    expect(await store.active(ACCOUNT, 5_000)).toHaveLength(0)
    expect(await store.list(ACCOUNT, 'block', EVERYTHING)).toHaveLength(1)
  })

  test(`${name}: the version changes with every change and with nothing else`, async () => {
    const { store, entry } = await opened()
    expect(await store.version(ACCOUNT)).toBe(0)
    const { id } = await store.put(entry())
    expect(await store.version(ACCOUNT)).toBe(1)
    expect(await store.remove(ACCOUNT, 'allow', id)).toBe(false)
    expect(await store.remove(OTHER, 'block', id)).toBe(false)
    expect(await store.version(ACCOUNT)).toBe(1)
    expect(await store.remove(ACCOUNT, 'block', id)).toBe(true)
    expect(await store.version(ACCOUNT)).toBe(2)
    expect(await store.version(OTHER)).toBe(0)
  })

  test(`${name}: of 20 racing removals one removes and one is counted`, async () => {
    const { store, entry } = await opened()
    const { id } = await store.put(entry())
    const removed = await Promise.all(
      Array.from({ length: 20 }, () => store.remove(ACCOUNT, 'block', id)),
    )
    expect(removed.filter(Boolean)).toHaveLength(1)
    expect(await store.version(ACCOUNT)).toBe(2)
  })

  test(`${name}: pages lead through a list once, newest first, and accounts see their own`, async () => {
    const { store, entry } = await opened()
    await store.put(entry({ accountId: OTHER }))
    for (let digit = 0; digit < 5; digit++)
      await store.put(entry({ value: `+44770090012${digit}` }))
    const seen: ListEntry[] = []
    for (let before = undefined as ListEntry['id'] | undefined; seen.length < 5; ) {
      const page = await store.list(ACCOUNT, 'block', { limit: 2, before })
      seen.push(...page)
      before = page.at(-1)?.id
    }
    expect(seen.map(({ value }) => value.at(-1))).toEqual(['4', '3', '2', '1', '0'])
  })
}
