import { SUBJECT_KINDS, type SubjectKind, type Subjects } from '../../domain/subjects.ts'
import { hash32, scramble } from '../../risk/velocity/distinct.ts'
import { LEFT, RIGHT, type Slots } from './velocity-slots.ts'

const FIRST_BUCKETS = 128
/** All subjects find a new place at each step: few large ones. */
const WIDENED_BY = 4
const EMPTY = -1

/**
 * Which slot belongs to which subject: an open hash table over 64-bit fingerprints of kind and key, so that no key is
 * kept. Two of a million subjects share a fingerprint with a probability of one in 37 million.
 */
export class SubjectTable {
  size = 0
  private readonly slots: Slots
  private buckets = new Int32Array(FIRST_BUCKETS).fill(EMPTY)

  constructor(slots: Slots) {
    this.slots = slots
  }

  /** The subject's slot, or -1. */
  find(left: number, right: number): number {
    const mask = this.buckets.length - 1
    for (let at = left & mask; ; at = (at + 1) & mask) {
      const slot = this.buckets[at] as number
      if (slot === EMPTY) return EMPTY
      if (this.slots.get(slot, LEFT) === left && this.slots.get(slot, RIGHT) === right) return slot
    }
  }

  /** Whether a slot that was this subject's still is. */
  isAt(slot: number, left: number, right: number): boolean {
    const { slots } = this
    return slots.get(slot, LEFT) === left && slots.get(slot, RIGHT) === right && slots.isUsed(slot)
  }

  /** A slot for a subject that has none. The caller fills the rest of it. */
  insert(left: number, right: number): number {
    if ((this.size + 1) * 2 > this.buckets.length) this.widen()
    const slot = this.slots.take()
    this.slots.set(slot, LEFT, left)
    this.slots.set(slot, RIGHT, right)
    this.size += 1
    this.place(slot)
    return slot
  }

  remove(slot: number): void {
    const mask = this.buckets.length - 1
    let hole = this.slots.get(slot, LEFT) & mask
    while (this.buckets[hole] !== slot) hole = (hole + 1) & mask
    this.closeHole(hole)
    this.slots.give(slot)
    this.size -= 1
  }

  /** Moves back every follower that the hole would cut off from its home, so that no tombstones are needed. */
  private closeHole(from: number): void {
    const mask = this.buckets.length - 1
    let hole = from
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const slot = this.buckets[at] as number
      if (slot === EMPTY) break
      const home = this.slots.get(slot, LEFT) & mask
      if (((at - home) & mask) >= ((at - hole) & mask)) {
        this.buckets[hole] = slot
        hole = at
      }
    }
    this.buckets[hole] = EMPTY
  }

  private place(slot: number): void {
    const mask = this.buckets.length - 1
    let at = this.slots.get(slot, LEFT) & mask
    while (this.buckets[at] !== EMPTY) at = (at + 1) & mask
    this.buckets[at] = slot
  }

  private widen(): void {
    this.buckets = new Int32Array(this.buckets.length * WIDENED_BY).fill(EMPTY)
    for (let slot = 0; slot < this.slots.high; slot++) {
      if (this.slots.isUsed(slot)) this.place(slot)
    }
  }
}

const placeOf = (kind: SubjectKind): number => SUBJECT_KINDS.indexOf(kind)
const PHONE = placeOf('phone')
const PHONE_ANY = placeOf('phone_any')
const IP = placeOf('ip')
const ACCOUNT = placeOf('account')

/** Read by name and not in a loop over names: requests come in one or two shapes, and there are many of them. */
const keysOf = (subjects: Subjects): readonly (string | undefined)[] => [
  subjects.phone,
  subjects.phone_any,
  subjects.ip,
  subjects.net,
  subjects.device,
  subjects.client,
  subjects.range2,
  subjects.range3,
  subjects.range4,
  subjects.carrier,
  subjects.country,
  subjects.asn,
  subjects.account,
]

/**
 * The fingerprints of a request's subjects, and the slots where they were last found. Remembers the last request, because what
 * is counted next is most often that it was sent.
 */
export class Fingerprints {
  readonly left = new Int32Array(SUBJECT_KINDS.length)
  readonly right = new Int32Array(SUBJECT_KINDS.length)
  /** -1: not looked for yet. A slot may have been given to another subject since. */
  readonly slots = new Int32Array(SUBJECT_KINDS.length)
  private of: Subjects | undefined
  private keys: readonly (string | undefined)[] = []

  take(subjects: Subjects): void {
    if (subjects === this.of) return
    this.of = subjects
    this.slots.fill(EMPTY)
    this.keys = keysOf(subjects)
    for (let kind = 0; kind < SUBJECT_KINDS.length; kind++) {
      const key = this.keys[kind]
      if (key !== undefined) this.takeOne(kind, key)
    }
  }

  /** Whether the request has a subject of this kind. */
  has(kind: number): boolean {
    return this.keys[kind] !== undefined
  }

  /** What sets of members learn from the request, in the order of DISTINCT_NAMES: hashes that are here anyway. */
  members(country: string): readonly (number | undefined)[] {
    return [
      this.leftOf(this.has(PHONE) ? PHONE : PHONE_ANY),
      this.leftOf(IP),
      country === '' ? undefined : hash32(country),
      this.leftOf(ACCOUNT),
    ]
  }

  private leftOf(kind: number): number | undefined {
    return this.has(kind) ? this.left[kind] : undefined
  }

  /** One pass over the letters, four at a time, for two hashes that rotate and multiply each in its own way. */
  private takeOne(kind: number, key: string): void {
    const { length } = key
    const whole = length & ~3
    let left = scramble(kind + 1)
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
    this.left[kind] = scramble(left ^ length)
    this.right[kind] = scramble(right)
  }
}
