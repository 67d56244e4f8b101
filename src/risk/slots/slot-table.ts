import { LEFT, RIGHT, type Slots } from './slots.ts'

const FIRST_BUCKETS = 128
/** All slots find a new place at each step: few large ones. */
const WIDENED_BY = 4
const EMPTY = -1

/** Which slot belongs to which fingerprint: an open hash table over the slots' own first words. */
export class SlotTable {
  size = 0
  private readonly slots: Slots
  private buckets = new Int32Array(FIRST_BUCKETS).fill(EMPTY)

  constructor(slots: Slots) {
    this.slots = slots
  }

  /** The slot of a fingerprint, or -1. */
  find(left: number, right: number): number {
    const mask = this.buckets.length - 1
    for (let at = left & mask; ; at = (at + 1) & mask) {
      const slot = this.buckets[at] as number
      if (slot === EMPTY) return EMPTY
      if (this.slots.get(slot, LEFT) === left && this.slots.get(slot, RIGHT) === right) return slot
    }
  }

  /** Whether a slot that was of this fingerprint still is. */
  isAt(slot: number, left: number, right: number): boolean {
    const { slots } = this
    return slots.get(slot, LEFT) === left && slots.get(slot, RIGHT) === right && slots.isUsed(slot)
  }

  /** A slot for a fingerprint that has none. The caller fills the rest of it. */
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
