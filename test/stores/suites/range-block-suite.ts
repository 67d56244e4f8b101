import { expect, test } from 'vitest'
import type { AccountId, RangeBlockId } from '../../../src/domain/ids.ts'
import {
  advanced,
  closed,
  learned,
  type RangeBlock,
  type RangeBlockStore,
} from '../../../src/risk/ranges/blocks.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const NOW = Date.UTC(2026, 0, 5)
const ALICE = 'ACa' as AccountId
const evidence = {
  suspicion: 0.75,
  surge: 8.5,
  excess: 6,
  asksDay: 40.5,
  outcomes: 30,
  unanswered: 29,
}
const found = (digit: string, range = '+9945012') => ({
  id: `RB${digit.repeat(32)}` as RangeBlockId,
  accountId: ALICE,
  kind: 'range3' as const,
  range,
  evidence,
})
const FIRST = closed(undefined, found('1'), NOW)

/** What every store of closed ranges promises. */
export function rangeBlockSuite(name: string, make: () => Promise<RangeBlockStore>): void {
  const stored = async (store: RangeBlockStore, range = FIRST.range) =>
    (await store.remembered(ALICE, NOW)).find((block) => block.range === range)
  const storeOf = async (block: RangeBlock): Promise<RangeBlockStore> => {
    const store = await make()
    await store.put(block)
    return store
  }

  test(`${name}: a closed range is remembered whole, by its own account only`, async () => {
    const store = await storeOf(FIRST)
    expect(await store.remembered(ALICE, NOW)).toEqual([FIRST])
    expect(await store.remembered('ACb' as AccountId, NOW)).toEqual([])
  })

  test(`${name}: closed by many at once it is one block that keeps its first id`, async () => {
    const store = await storeOf(FIRST)
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.put(closed(FIRST, { ...found('7'), evidence }, NOW + index)),
      ),
    )
    await store.put(closed(undefined, found('9'), NOW + 20))
    expect(await store.remembered(ALICE, NOW)).toHaveLength(1)
    expect(await stored(store)).toMatchObject({ id: FIRST.id, sinceMs: NOW + 20 })
  })

  test(`${name}: what is made of an older reading takes no closing back`, async () => {
    const store = await storeOf(FIRST)
    const again = closed(advanced(FIRST, NOW + 2 * HOUR), found('2'), NOW + 3 * HOUR)
    await store.put(again)
    const stale = advanced(FIRST, NOW + 2 * HOUR)
    await store.update(learned(stale, true, NOW + 3 * HOUR))
    await store.update(advanced(stale, NOW + 27 * HOUR))
    await store.put(FIRST)
    expect(await store.claimProbe({ ...stale, probedAtMs: NOW + 4 * HOUR })).toBe(false)
    expect(await stored(store)).toEqual({ ...again, id: FIRST.id })
  })

  test(`${name}: a range that is tried again does not fall back, and one that opened stays open`, async () => {
    const store = await storeOf(FIRST)
    const probing = advanced(FIRST, NOW + 2 * HOUR)
    await store.update(probing)
    await store.update(FIRST)
    expect(await stored(store)).toEqual(probing)
    const open = advanced(FIRST, NOW + 27 * HOUR)
    await store.update(open)
    await store.update({ ...probing, good: 2 })
    expect(await stored(store)).toEqual(open)
  })

  test(`${name}: of what is learned at the same moment the larger count stays`, async () => {
    const probing = advanced(FIRST, NOW + 2 * HOUR)
    const store = await storeOf(probing)
    await store.update({ ...probing, good: 2, bad: 0 })
    await store.update({ ...probing, good: 1, bad: 1 })
    expect(await stored(store)).toMatchObject({ good: 2, bad: 1 })
  })

  test(`${name}: of twenty who would try a closed range one may, and the next half an hour later`, async () => {
    const store = await storeOf(FIRST)
    const claimAt = (probedAtMs: number) => store.claimProbe({ ...FIRST, probedAtMs })
    expect(await claimAt(NOW + HOUR / 2 - 1)).toBe(false)
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimAt(NOW + HOUR / 2)))
    expect(claims.filter((isClaimed) => isClaimed)).toHaveLength(1)
    expect(await claimAt(NOW + HOUR - 1)).toBe(false)
    expect(await claimAt(NOW + HOUR)).toBe(true)
    expect(await stored(store)).toMatchObject({ state: 'blocked', probedAtMs: NOW + HOUR })
  })

  test(`${name}: a probe of a block whose time is over starts its trial`, async () => {
    const store = await storeOf(FIRST)
    const probing = { ...advanced(FIRST, NOW + 2 * HOUR), probedAtMs: NOW + 2 * HOUR }
    expect(await store.claimProbe(probing)).toBe(true)
    expect(await stored(store)).toEqual(probing)
    expect(await store.claimProbe({ ...probing, probedAtMs: NOW + 2 * HOUR + 119_999 })).toBe(false)
    expect(await store.claimProbe({ ...probing, probedAtMs: NOW + 2 * HOUR + 120_000 })).toBe(true)
  })

  test(`${name}: a lifted block is gone, whatever another process still makes of it`, async () => {
    const store = await storeOf(FIRST)
    expect(await store.remove('ACb' as AccountId, FIRST.id)).toBeUndefined()
    expect(await store.remove(ALICE, FIRST.id)).toEqual(FIRST)
    expect(await store.remove(ALICE, FIRST.id)).toBeUndefined()
    await store.update({ ...FIRST, good: 1 })
    expect(await store.claimProbe({ ...FIRST, probedAtMs: NOW + HOUR })).toBe(false)
    expect(await store.remembered(ALICE, NOW)).toEqual([])
  })

  test(`${name}: the list goes newest first in pages and leaves open ranges out`, async () => {
    const store = await make()
    for (const digit of ['1', '2', '3', '4']) {
      await store.put(closed(undefined, found(digit, `+99450${digit}`), NOW))
    }
    await store.update(advanced(closed(undefined, found('3', '+994503'), NOW), NOW + 27 * HOUR))
    const page = await store.list(ALICE, { limit: 2, before: undefined })
    expect(page.map(({ range }) => range)).toEqual(['+994504', '+994502'])
    const rest = await store.list(ALICE, { limit: 2, before: page[1]?.id })
    expect(rest.map(({ range }) => range)).toEqual(['+994501'])
  })

  test(`${name}: open ranges are remembered for a week and then purged; closed ones stay`, async () => {
    const store = await storeOf(FIRST)
    const other = closed(undefined, found('2', '+77011'), NOW)
    const open = advanced(other, NOW + 27 * HOUR)
    await store.put(other)
    await store.update(open)
    expect(await store.remembered(ALICE, open.untilMs - 1)).toHaveLength(2)
    expect(await store.remembered(ALICE, open.untilMs)).toEqual([FIRST])
    await store.purge(open.untilMs - 1)
    expect(await stored(store, '+77011')).toEqual(open)
    await store.purge(NOW + 30 * DAY)
    expect(await stored(store, '+77011')).toBeUndefined()
    expect(await stored(store)).toEqual(FIRST)
  })
}
