import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MemoryRangeWatch } from '../../src/risk/ranges/memory-watch.ts'
import { rangeSnapshotChunks, restoreRanges } from '../../src/storage/memory/range-snapshot.ts'
import { SnapshotError } from '../../src/storage/snapshot.ts'
import { destination, rangeEvents, START_MS, tellWatch } from '../support/range-traffic.ts'

const PLAIN = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes }
const snapshotOf = (watch: MemoryRangeWatch, seal = PLAIN.seal): Uint8Array =>
  new Uint8Array(Buffer.concat([...rangeSnapshotChunks(watch, { seal })]))

function restored(bytes: Uint8Array, cellsMax = 200_000): MemoryRangeWatch {
  const watch = new MemoryRangeWatch({ cellsMax })
  restoreRanges(watch, bytes, PLAIN)
  return watch
}

/** One request a second, each to another thousand of numbers. */
function crowd(watch: MemoryRangeWatch, from: number, to: number) {
  const sights: unknown[] = []
  for (let index = from; index < to; index++) {
    const place = destination(`+4474${String(10_000_000 + index * 1_009)}`, 'GB')
    const told = { ...place, atMs: START_MS + index * 1_000, known: false }
    sights.push(watch.look(told))
    const outcome = index % 3 === 0 ? ('unanswered' as const) : ('typed' as const)
    watch.note({ ...told, kind: outcome, delayMs: 9_000, sameNetwork: undefined })
  }
  return sights
}

function crowded(requests: number): MemoryRangeWatch {
  const watch = new MemoryRangeWatch()
  crowd(watch, 0, requests)
  return watch
}

test('a restored watch judges every following traffic as the first one does', async () => {
  const traffic = rangeEvents({ maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(traffic, fc.double({ min: 0, max: 1, noNaN: true }), async (events, part) => {
      const first = new MemoryRangeWatch()
      const split = Math.floor(events.length * part)
      for (const event of events.slice(0, split)) await tellWatch(first, event)
      const second = restored(snapshotOf(first))
      expect(second.size).toBe(first.size)
      expect(second.atMs).toBe(first.atMs)
      for (const event of events.slice(split)) {
        expect(await tellWatch(second, event)).toEqual(await tellWatch(first, event))
      }
    }),
    { numRuns: 100 },
  )
})

test('a snapshot in pieces is that of its first instant, however much is counted meanwhile', () => {
  const busy = crowded(1_000)
  const still = crowded(1_000)
  const chunks: Uint8Array[] = []
  let next = 1_000
  for (const chunk of rangeSnapshotChunks(busy, PLAIN)) {
    chunks.push(chunk)
    // Old places and new ones change between the pieces, and one is forgiven.
    crowd(busy, 0, 50)
    crowd(busy, next, next + 50)
    next += 50
    busy.forgive('country', 'ACa:GB')
  }
  expect(chunks.length).toBeGreaterThan(3)
  const copy = restored(new Uint8Array(Buffer.concat(chunks)))
  expect(copy.size).toBe(still.size)
  expect(crowd(copy, 1_000, 1_200)).toEqual(crowd(still, 1_000, 1_200))
})

test('cells that give way while a snapshot is written are in it', () => {
  const watch = new MemoryRangeWatch({ cellsMax: 1_500 })
  crowd(watch, 0, 2_000)
  const still = restored(snapshotOf(watch), 1_500)
  const chunks: Uint8Array[] = []
  for (const chunk of rangeSnapshotChunks(watch, PLAIN)) {
    chunks.push(chunk)
    crowd(watch, 2_000 + chunks.length * 500, 2_500 + chunks.length * 500)
  }
  const copy = restored(new Uint8Array(Buffer.concat(chunks)), 1_500)
  expect(copy.size).toBe(1_500)
  expect(crowd(copy, 2_000, 2_001)).toEqual(crowd(still, 2_000, 2_001))
})

test('a snapshot that is begun and dropped leaves no trace', () => {
  const watch = crowded(10)
  for (const _ of rangeSnapshotChunks(watch, PLAIN)) break
  crowd(watch, 10, 20)
  expect(crowd(restored(snapshotOf(watch)), 20, 30)).toEqual(crowd(crowded(20), 20, 30))
})

test('an empty watch survives as an empty watch, and a smaller one takes over what fits', () => {
  expect(restored(snapshotOf(new MemoryRangeWatch()))).toMatchObject({ size: 0, atMs: 0 })
  expect(restored(snapshotOf(crowded(500)), 100).size).toBe(100)
})

test('a snapshot that is cut off anywhere is refused, and the watch keeps what it knows', () => {
  const bytes = snapshotOf(crowded(3))
  const target = crowded(20)
  const { size } = target
  for (let length = 0; length < bytes.length; length++) {
    expect(() => restoreRanges(target, bytes.subarray(0, length), PLAIN)).toThrow(SnapshotError)
  }
  expect(target.size).toBe(size)
  expect(crowd(target, 20, 30)).toEqual(crowd(crowded(20), 20, 30))
})

test('a flipped bit anywhere is found', () => {
  const bytes = snapshotOf(crowded(2))
  const target = new MemoryRangeWatch()
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice()
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8))
    expect(() => restoreRanges(target, damaged, PLAIN)).toThrow(SnapshotError)
  }
  expect(target.size).toBe(0)
})

test('bytes of another kind or version are refused with a clear word', () => {
  const target = new MemoryRangeWatch()
  const refusal = (wrong: Uint8Array) => expect(() => restoreRanges(target, wrong, PLAIN))
  refusal(new TextEncoder().encode('TGVS, but of somebody else')).toThrow(
    'this is not a range snapshot',
  )
  const newer = snapshotOf(target)
  newer[4] = 9
  refusal(newer).toThrow('range snapshot of version 9, expected 2')
})

test('the digits of numbers leave memory only through the seal', () => {
  const watch = new MemoryRangeWatch()
  watch.look({ ...destination('+447411234567', 'GB'), atMs: START_MS, known: false })
  const digits = Buffer.from(Int32Array.of(411_234_567).buffer)
  expect(Buffer.from(snapshotOf(watch)).includes(digits)).toBe(true)
  const sealed = snapshotOf(watch, (bytes) => bytes.map((byte) => byte ^ 0x5a))
  expect(Buffer.from(sealed).includes(digits)).toBe(false)
})
