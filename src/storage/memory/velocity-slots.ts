import { grown } from './velocity-arena.ts'

const FIRST_CAPACITY = 64
const SLOT_WORDS = 10
const FREE = -1

/** Words of a slot. The last ask is a 64-bit number in the last two. */
export const LEFT = 0
export const RIGHT = 1
export const SEEN_MINUTE = 2
export const ROWS_AT = 3
export const ROWS_HEAD = 4
export const FIRST_SET = 5
export const SETS_PER_SUBJECT = 3
const LAST_ASK = 8

/**
 * The fixed part of each subject's state, side by side in memory: a subject that was not touched for a while costs one
 * trip to main memory here instead of one for each column.
 */
export class Slots {
  words = new Int32Array(FIRST_CAPACITY * SLOT_WORDS)
  /** Slots that were ever used. */
  high = 0
  private reals = new Float64Array(this.words.buffer)
  private readonly freed: number[] = []

  take(): number {
    const slot = this.freed.pop() ?? this.high++
    if ((slot + 1) * SLOT_WORDS > this.words.length) {
      this.words = grown(this.words, this.words.length * 2)
      this.reals = new Float64Array(this.words.buffer)
    }
    return slot
  }

  give(slot: number): void {
    this.words[slot * SLOT_WORDS + SEEN_MINUTE] = FREE
    this.freed.push(slot)
  }

  get(slot: number, word: number): number {
    return this.words[slot * SLOT_WORDS + word] as number
  }

  set(slot: number, word: number, value: number): void {
    this.words[slot * SLOT_WORDS + word] = value
  }

  /** Where one word of a slot is in `words`. Valid until the next `take`. */
  addressOf(slot: number, word: number): number {
    return slot * SLOT_WORDS + word
  }

  lastAskMs(slot: number): number {
    return this.reals[(slot * SLOT_WORDS + LAST_ASK) >> 1] as number
  }

  setLastAskMs(slot: number, atMs: number): void {
    this.reals[(slot * SLOT_WORDS + LAST_ASK) >> 1] = atMs
  }

  isUsed(slot: number): boolean {
    return this.get(slot, SEEN_MINUTE) !== FREE
  }
}
