import { expect, test } from 'vitest'
import type { AccountId } from '../../../src/domain/ids.ts'
import {
  ANSWER_TTL_MS,
  CLAIM_TTL_MS,
  type IdempotencyStore,
} from '../../../src/tenancy/idempotency.ts'

const ACCOUNT = `AC${'1'.repeat(32)}` as AccountId
const OTHER = `AC${'2'.repeat(32)}` as AccountId
const ANSWER = { status: 201, body: '{"to":"+447700900123"}', contentType: 'application/json' }
const NOW_MS = 2_000_000_000_000

/** What every store of first answers promises. */
export function idempotencySuite(name: string, make: () => Promise<IdempotencyStore>): void {
  test(`${name}: of 20 racing requests with one key, exactly one is the first`, async () => {
    const store = await make()
    const begun = await Promise.all(
      Array.from({ length: 20 }, () => store.begin(ACCOUNT, 'k', 'hash', NOW_MS)),
    )
    expect(begun.filter(({ kind }) => kind === 'first')).toHaveLength(1)
    expect(begun.filter(({ kind }) => kind === 'in_flight')).toHaveLength(19)
  })

  test(`${name}: of 20 racing requests after a claim lapsed, exactly one is the first again`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    const lateMs = NOW_MS + CLAIM_TTL_MS
    expect(await store.begin(ACCOUNT, 'k', 'hash', lateMs - 1)).toEqual({ kind: 'in_flight' })
    const begun = await Promise.all(
      Array.from({ length: 20 }, () => store.begin(ACCOUNT, 'k', 'hash', lateMs)),
    )
    expect(begun.filter(({ kind }) => kind === 'first')).toHaveLength(1)
  })

  test(`${name}: the same request gets the first answer again, another request is a conflict`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    await store.finish(ACCOUNT, 'k', ANSWER)
    const again = await store.begin(ACCOUNT, 'k', 'hash', NOW_MS + ANSWER_TTL_MS - 1)
    expect(again).toEqual({ kind: 'again', answer: ANSWER })
    expect(await store.begin(ACCOUNT, 'k', 'other', NOW_MS)).toEqual({ kind: 'conflict' })
  })

  test(`${name}: another request with the key of an unanswered one is a conflict, however late`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    const begun = await store.begin(ACCOUNT, 'k', 'other', NOW_MS + 2 * CLAIM_TTL_MS)
    expect(begun).toEqual({ kind: 'conflict' })
  })

  test(`${name}: after a day the key is new, for any request`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    await store.finish(ACCOUNT, 'k', ANSWER)
    const dayLaterMs = NOW_MS + ANSWER_TTL_MS
    expect(await store.begin(ACCOUNT, 'k', 'other', dayLaterMs)).toEqual({ kind: 'first' })
    expect(await store.begin(ACCOUNT, 'k', 'other', dayLaterMs)).toEqual({ kind: 'in_flight' })
  })

  test(`${name}: the first answer wins over a later one`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    await store.finish(ACCOUNT, 'k', ANSWER)
    await store.finish(ACCOUNT, 'k', { ...ANSWER, status: 500 })
    const again = await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    expect(again).toEqual({ kind: 'again', answer: ANSWER })
  })

  test(`${name}: an abandoned claim is forgotten, an answer is not`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    await store.abandon(ACCOUNT, 'k')
    expect(await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)).toEqual({ kind: 'first' })
    await store.finish(ACCOUNT, 'k', ANSWER)
    await store.abandon(ACCOUNT, 'k')
    expect((await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)).kind).toBe('again')
  })

  test(`${name}: accounts do not share keys`, async () => {
    const store = await make()
    await store.begin(ACCOUNT, 'k', 'hash', NOW_MS)
    await store.finish(ACCOUNT, 'k', ANSWER)
    expect(await store.begin(OTHER, 'k', 'hash', NOW_MS)).toEqual({ kind: 'first' })
  })

  test(`${name}: a purge takes what is over a day old, no more than asked for, and leaves the rest`, async () => {
    const store = await make()
    for (const key of ['a', 'b', 'c']) await store.begin(ACCOUNT, key, 'hash', NOW_MS)
    await store.begin(ACCOUNT, 'young', 'hash', NOW_MS + 1)
    const dayLaterMs = NOW_MS + ANSWER_TTL_MS
    expect(await store.purge(dayLaterMs - 1, 10)).toBe(0)
    expect(await store.purge(dayLaterMs, 2)).toBe(2)
    expect(await store.purge(dayLaterMs, 10)).toBe(1)
    expect(await store.begin(ACCOUNT, 'young', 'hash', NOW_MS + 1)).toEqual({ kind: 'in_flight' })
  })
}
