import { SUBJECT_KINDS, type SubjectKind } from '../../domain/subjects.ts'
import { scramble } from '../../risk/velocity/distinct.ts'
import { grown } from './velocity-arena.ts'

const FIRST_CAPACITY = 64
const EMPTY = -1

/**
 * Which slot belongs to which subject: an open hash table over 64-bit fingerprints of kind and key, so that no key is
 * kept. Two of a million subjects share a fingerprint with a probability of one in 37 million.
 */
export class SubjectTable {
  size = 0
  /** Slots that were ever used; a free one has `seenMinute` -1. */
  high = 0
  capacity = FIRST_CAPACITY
  left = new Int32Array(FIRST_CAPACITY)
  right = new Int32Array(FIRST_CAPACITY)
  seenMinute = new Int32Array(FIRST_CAPACITY).fill(EMPTY)
  lastAskMs = new Float64Array(FIRST_CAPACITY)
  private buckets = new Int32Array(FIRST_CAPACITY * 2).fill(EMPTY)
  private readonly freed: number[] = []

  /** The subject's slot, or -1. */
  find(left: number, right: number): number {
    const mask = this.buckets.length - 1
    for (let at = left & mask; ; at = (at + 1) & mask) {
      const slot = this.buckets[at] as number
      if (slot === EMPTY || (this.left[slot] === left && this.right[slot] === right)) return slot
    }
  }

  /** A slot for a subject that has none. The caller resets whatever else it keeps for the slot. */
  insert(left: number, right: number): number {
    const slot = this.freed.pop() ?? this.high++
    if (slot >= this.capacity) this.grow()
    this.left[slot] = left
    this.right[slot] = right
    this.size += 1
    this.place(slot)
    return slot
  }

  remove(slot: number): void {
    const mask = this.buckets.length - 1
    let hole = (this.left[slot] as number) & mask
    while (this.buckets[hole] !== slot) hole = (hole + 1) & mask
    this.closeHole(hole)
    this.seenMinute[slot] = EMPTY
    this.freed.push(slot)
    this.size -= 1
  }

  isUsed(slot: number): boolean {
    return this.seenMinute[slot] !== EMPTY
  }

  /** Moves back every follower that the hole would cut off from its home, so that no tombstones are needed. */
  private closeHole(from: number): void {
    const mask = this.buckets.length - 1
    let hole = from
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const slot = this.buckets[at] as number
      if (slot === EMPTY) break
      const home = (this.left[slot] as number) & mask
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        this.buckets[hole] = slot
        hole = at
      }
    }
    this.buckets[hole] = EMPTY
  }

  private place(slot: number): void {
    const mask = this.buckets.length - 1
    let at = (this.left[slot] as number) & mask
    while (this.buckets[at] !== EMPTY) at = (at + 1) & mask
    this.buckets[at] = slot
  }

  private grow(): void {
    const before = this.capacity
    this.capacity = before * 2
    this.left = grown(this.left, this.capacity)
    this.right = grown(this.right, this.capacity)
    this.seenMinute = grown(this.seenMinute, this.capacity).fill(EMPTY, before)
    this.lastAskMs = grown(this.lastAskMs, this.capacity)
    this.buckets = new Int32Array(this.capacity * 2).fill(EMPTY)
    for (let slot = 0; slot < before; slot++) if (this.isUsed(slot)) this.place(slot)
  }
}

const KIND_SEEDS = Object.fromEntries(
  SUBJECT_KINDS.map((kind, index) => [kind, scramble(index + 1)]),
) as Record<SubjectKind, number>

/** Two 32-bit hashes of a subject in one pass over its letters, four at a time; each rotates and multiplies in its own way. */
export class Fingerprint {
  left = 0
  right = 0

  take(kind: SubjectKind, key: string): void {
    const { length } = key
    const whole = length & ~3
    let left = KIND_SEEDS[kind]
    let right = ~left
    for (let index = 0; index < whole; index += 4) {
      const four =
        key.charCodeAt(index) ^
        (key.charCodeAt(index + 1) << 8) ^
        (key.charCodeAt(index + 2) << 16) ^
        (key.charCodeAt(index + 3) << 24)
      left = Math.imul(((left << 5) | (left >>> 27)) ^ four, 0x2c1b3c6d)
      right = Math.imul(((right << 13) | (right >>> 19)) ^ four, 0x9e3779b1)
    }
    for (let index = whole; index < length; index++) {
      const one = key.charCodeAt(index)
      left = Math.imul(((left << 5) | (left >>> 27)) ^ one, 0x2c1b3c6d)
      right = Math.imul(((right << 13) | (right >>> 19)) ^ one, 0x9e3779b1)
    }
    this.left = scramble(left ^ length)
    this.right = scramble(right)
  }
}
