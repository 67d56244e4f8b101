const FIRST_CAPACITY = 64
const FREE = -1

/** The first words of every slot: a fingerprint of what it is about, and a mark that is never below zero while it is used. */
export const LEFT = 0
export const RIGHT = 1
export const MARK = 2

/**
 * Records of a fixed number of 32-bit words, side by side in one array: no work for the garbage collector, and one that was
 * not touched for a while costs one trip to main memory instead of one for each of its fields.
 */
export class Slots {
  words: Int32Array
  /** The same memory as 64-bit numbers; divide the address of a word by two. */
  reals: Float64Array
  /** Slots that were ever used. */
  high = 0
  private readonly size: number
  private readonly freed: number[] = []

  /** `size` in words is even, so that a slot can hold 64-bit numbers as well. */
  constructor(size: number) {
    this.size = size
    this.words = new Int32Array(FIRST_CAPACITY * size)
    this.reals = new Float64Array(this.words.buffer)
  }

  /** A slot with anything in it. */
  take(): number {
    const slot = this.freed.pop() ?? this.high++
    if ((slot + 1) * this.size > this.words.length) {
      const wider = new Int32Array(this.words.length * 2)
      wider.set(this.words)
      this.words = wider
      this.reals = new Float64Array(wider.buffer)
    }
    return slot
  }

  give(slot: number): void {
    this.set(slot, MARK, FREE)
    this.freed.push(slot)
  }

  isUsed(slot: number): boolean {
    return this.get(slot, MARK) !== FREE
  }

  get(slot: number, word: number): number {
    return this.words[slot * this.size + word] as number
  }

  set(slot: number, word: number, value: number): void {
    this.words[slot * this.size + word] = value
  }

  /** The 64-bit number that begins with this word, which is an even one. */
  real(slot: number, word: number): number {
    return this.reals[(slot * this.size + word) >> 1] as number
  }

  setReal(slot: number, word: number, value: number): void {
    this.reals[(slot * this.size + word) >> 1] = value
  }

  /** Where one word of a slot is in `words`. Valid until the next `take`. */
  addressOf(slot: number, word: number): number {
    return slot * this.size + word
  }
}
