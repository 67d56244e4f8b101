import { expect, test } from 'vitest'
import { micros } from '../../src/domain/money.ts'
import type { Subjects } from '../../src/domain/subjects.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { SnapshotError } from '../../src/storage/snapshot.ts'

const START = Date.UTC(2025, 2, 5, 22, 57, 31)

/** The same request for the same number, whoever counts it. */
const request = (index: number, people = 700) => {
  const person = (index * 7919) % people
  const subjects: Subjects = {
    phone: `p${person}`,
    ip: `i${person % 40}`,
    range3: `r${person % 9}`,
    account: 'a',
  }
  return { atMs: START + index * 61_000, subjects, country: person % 3 === 0 ? 'GB' : 'FR' }
}

function run(store: MemoryVelocityStore, from: number, to: number) {
  const answers: unknown[] = []
  for (let index = from; index < to; index++) {
    const ask = request(index)
    answers.push(store.observeNow(ask))
    const { atMs, subjects } = ask
    const event = { atMs, sentAtMs: atMs, subjects, price: micros(70_000_000_000 + index) }
    store.recordNow({ ...event, kind: 'sent' })
    if (index % 4 === 0) store.recordNow({ ...event, kind: 'unverified' })
  }
  return answers
}

function restored(bytes: Uint8Array, options = {}): MemoryVelocityStore {
  const store = new MemoryVelocityStore(options)
  store.restore(bytes)
  return store
}

test('a restored store answers what the first one would have answered', () => {
  const first = new MemoryVelocityStore()
  run(first, 0, 5000)
  const second = restored(first.snapshot())
  expect(second.size).toBe(first.size)
  expect(second.atMs).toBe(request(4999).atMs)
  expect(run(second, 5000, 8000)).toEqual(run(first, 5000, 8000))
})

test('an empty store survives as an empty store', () => {
  const store = restored(new MemoryVelocityStore().snapshot())
  expect(store.size).toBe(0)
  expect(store.atMs).toBe(0)
})

test('a snapshot in pieces is that of its first instant, however much is counted meanwhile', () => {
  const busy = new MemoryVelocityStore({ subjectsMax: 12_000 })
  const still = new MemoryVelocityStore({ subjectsMax: 12_000 })
  const crowd = (store: MemoryVelocityStore, from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      const subjects = { phone: `p${index % 15_000}`, ip: `i${index % 90}` }
      store.observeNow({ atMs: START + index * 100, subjects, country: 'GB' })
    }
  }
  crowd(busy, 0, 14_000)
  crowd(still, 0, 14_000)
  const chunks: Uint8Array[] = []
  for (const chunk of busy.snapshotChunks()) {
    chunks.push(chunk)
    crowd(busy, 14_000 + chunks.length * 3000, 14_000 + (chunks.length + 1) * 3000)
  }
  expect(chunks.length).toBeGreaterThan(3)
  const copy = restored(new Uint8Array(Buffer.concat(chunks)))
  const expected = restored(still.snapshot())
  expect(copy.atMs).toBe(expected.atMs)
  expect(copy.size).toBe(12_000)
  for (let index = 0; index < 15_000; index++) {
    const ask = { atMs: START + 2_000_000, subjects: { phone: `p${index}` }, country: 'GB' }
    expect(copy.observeNow(ask)).toEqual(expected.observeNow(ask))
  }
})

test('a snapshot that is begun and dropped leaves no trace', () => {
  const store = new MemoryVelocityStore()
  run(store, 0, 10)
  for (const _ of store.snapshotChunks()) break
  run(store, 10, 20)
  expect(restored(store.snapshot()).size).toBe(store.size)
})

test('a smaller store takes over what fits', () => {
  const store = new MemoryVelocityStore()
  run(store, 0, 2000)
  const small = restored(store.snapshot(), { subjectsMax: 100 })
  expect(small.size).toBe(100)
})

test('a snapshot that is cut off anywhere is refused, and the store stays empty', () => {
  const store = new MemoryVelocityStore()
  run(store, 0, 20)
  const bytes = store.snapshot()
  const target = new MemoryVelocityStore()
  for (let length = 0; length < bytes.length; length++) {
    expect(() => target.restore(bytes.subarray(0, length))).toThrow(SnapshotError)
  }
  expect(target.size).toBe(0)
  target.restore(bytes)
  expect(target.size).toBe(store.size)
})

test('a flipped bit anywhere is found', () => {
  const store = new MemoryVelocityStore()
  run(store, 0, 8)
  const bytes = store.snapshot()
  const target = new MemoryVelocityStore()
  for (let at = 0; at < bytes.length; at++) {
    const damaged = bytes.slice()
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8))
    expect(() => target.restore(damaged)).toThrow(SnapshotError)
  }
  expect(target.size).toBe(0)
})

test('foreign bytes, bytes of another version and bytes after the end are refused with a clear word', () => {
  const target = new MemoryVelocityStore()
  const bytes = new MemoryVelocityStore().snapshot()
  const refusal = (wrong: Uint8Array) => expect(() => target.restore(wrong))
  refusal(new TextEncoder().encode('{"velocity": "of somebody else"}')).toThrow(
    'this is not a velocity snapshot',
  )
  const newer = bytes.slice()
  newer[4] = 9
  refusal(newer).toThrow('velocity snapshot of version 9, expected 2')
  refusal(new Uint8Array([...bytes, 0, 0, 0, 0])).toThrow('damaged')
  refusal(bytes.subarray(0, -2)).toThrow('cut off')
})

test('bytes that do not start at a word are read as well', () => {
  const store = new MemoryVelocityStore()
  run(store, 0, 50)
  const bytes = store.snapshot()
  const askew = new Uint8Array(bytes.length + 1)
  askew.set(bytes, 1)
  expect(restored(askew.subarray(1)).size).toBe(store.size)
})
