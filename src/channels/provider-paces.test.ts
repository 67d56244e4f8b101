import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MESSAGE_KINDS, type MessageKind } from '../domain/message-kind.ts'
import { createPaces } from './provider-paces.ts'

type Arrival = { readonly atMs: number; readonly kind: MessageKind }
type Taken = Arrival & { readonly waitedMs: number; readonly returns: number }

/** All that come until `untilMs`, each asking when it comes and again whenever it was told to come back. */
function serve(
  ratePerSecond: number,
  arrivals: readonly Arrival[],
  untilMs: number,
): readonly Taken[] {
  const paces = createPaces()
  const provider = { id: 'p', ratePerSecond }
  const coming = arrivals.map((one) => ({ ...one, nextMs: one.atMs, returns: 0 }))
  const taken: Taken[] = []
  while (coming.length > 0) {
    coming.sort((one, other) => one.nextMs - other.nextMs || rank(one) - rank(other))
    const [next] = coming
    if (next === undefined || next.nextMs > untilMs) break
    const nowMs = next.nextMs
    const asker = { kind: next.kind, hasWaited: next.returns > 0 }
    if (paces.roomAtMs(provider, asker, nowMs) > nowMs) {
      next.nextMs = paces.lineUp(provider, asker, nowMs)
      expect(next.nextMs).toBeGreaterThan(nowMs)
      next.returns++
    } else {
      paces.take(provider, asker, nowMs)
      coming.shift()
      taken.push({ ...next, atMs: nowMs, waitedMs: nowMs - next.atMs })
    }
  }
  return taken
}

const rank = ({ kind }: Arrival): number => MESSAGE_KINDS.indexOf(kind)
const each = (kind: MessageKind, count: number, everyMs: number): readonly Arrival[] =>
  Array.from({ length: count }, (_, index) => ({ kind, atMs: 1_000 + Math.floor(index * everyMs) }))
const countOf = (taken: readonly Taken[], kind: MessageKind): number =>
  taken.filter((one) => one.kind === kind).length

test('whoever asks, and however often, a provider gets no more than its rate in any stretch of time', () => {
  const arrival = fc.record({
    atMs: fc.integer({ min: 1, max: 3_000 }),
    kind: fc.constantFrom(...MESSAGE_KINDS),
  })
  fc.assert(
    fc.property(
      fc.double({ min: 0.5, max: 200, noNaN: true }),
      fc.array(arrival, { maxLength: 60 }),
      (rate, arrivals) => {
        const times = serve(rate, arrivals, 600_000).map(({ atMs }) => atMs)
        expect(times).toHaveLength(arrivals.length)
        const burst = Math.max(1, Math.floor(rate / 10))
        times.forEach((fromMs, from) => {
          times.slice(from).forEach((toMs, more) => {
            expect(more + 1).toBeLessThanOrEqual((rate * (toMs - fromMs)) / 1000 + burst + 1e-6)
          })
        })
      },
    ),
  )
})

test('while codes ask for all there is, notices get one in fifteen and bulk one in thirty', () => {
  const arrivals = [...each('otp', 3_000, 40), ...each('notice', 500, 1), ...each('bulk', 500, 1)]
  const taken = serve(20, arrivals, 121_000)
  expect(taken.length).toBeGreaterThan(2_380)
  expect(countOf(taken, 'notice') / taken.length).toBeCloseTo(1 / 15, 1.5)
  expect(countOf(taken, 'bulk') / taken.length).toBeCloseTo(1 / 30, 1.5)
  expect(countOf(taken, 'otp')).toBeGreaterThan(0.88 * taken.length)
})

test('a code goes before all that waits, and what waits comes back seldom', () => {
  const codes = each('otp', 20, 500)
  const taken = serve(10, [...each('bulk', 200, 1), ...each('notice', 50, 1), ...codes], 60_000)
  expect(taken).toHaveLength(270)
  const codeWaits = taken.filter(({ kind }) => kind === 'otp').map(({ waitedMs }) => waitedMs)
  expect(Math.max(...codeWaits)).toBeLessThanOrEqual(200)
  const lastNotice = taken.findLastIndex(({ kind }) => kind === 'notice')
  expect(countOf(taken.slice(0, lastNotice), 'bulk')).toBeLessThanOrEqual(lastNotice / 15)
  const returns = taken.reduce((sum, one) => sum + one.returns, 0)
  expect(returns).toBeLessThan(2 * taken.length)
})

test('those of a kind go in the order in which they came', () => {
  const taken = serve(5, each('otp', 40, 90), 60_000)
  const cameAt = taken.map(({ atMs, waitedMs }) => atMs - waitedMs)
  expect(cameAt).toEqual(cameAt.toSorted((one, other) => one - other))
})

test('a place that nobody comes back for is free after a second', () => {
  const paces = createPaces()
  const provider = { id: 'p', ratePerSecond: 1 }
  const fresh = { kind: 'otp', hasWaited: false } as const
  paces.take(provider, fresh, 1_000)
  expect(paces.lineUp(provider, fresh, 1_000)).toBe(2_000)
  expect(paces.roomAtMs(provider, fresh, 2_500)).toBeGreaterThan(2_500)
  expect(paces.roomAtMs(provider, fresh, 3_000)).toBe(3_000)
})

test('a provider without a rate always has room, and each has its own', () => {
  const paces = createPaces()
  const asker = { kind: 'bulk', hasWaited: false } as const
  const [free, slow, other] = [undefined, 1, 1].map((ratePerSecond, index) => ({
    id: `p${index}`,
    ratePerSecond,
  })) as [never, never, never]
  for (const provider of [free, free, slow]) paces.take(provider, asker, 5)
  expect(paces.roomAtMs(free, asker, 5)).toBe(5)
  expect(paces.roomAtMs(slow, asker, 5)).toBe(1_005)
  expect(paces.roomAtMs(other, asker, 5)).toBe(5)
})
