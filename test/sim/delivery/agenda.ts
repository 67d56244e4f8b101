import type { VirtualClock } from '../../../src/platform/virtual.ts'

type Entry = { readonly atMs: number; readonly turn: number; readonly task: () => void }

/** Everything that is going to happen, in order of time and then of planning. It owns the clock: time passes from one task to the next. */
export class Agenda {
  readonly clock: VirtualClock
  readonly #heap: Entry[] = []
  #turn = 0

  constructor(clock: VirtualClock) {
    this.clock = clock
  }

  get nowMs(): number {
    return this.clock.nowMs()
  }

  after(delayMs: number, task: () => void): void {
    const atMs = Math.round(this.nowMs + Math.max(0, delayMs))
    const heap = this.#heap
    heap.push({ atMs, turn: this.#turn++, task })
    for (let at = heap.length - 1; at > 0; ) {
      const parent = (at - 1) >> 1
      if (isBefore(heap[parent]!, heap[at]!)) return
      swap(heap, parent, at)
      at = parent
    }
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.after(ms, resolve))
  }

  /** Moves the clock to the next task before `endMs` and begins it; false when there is none. */
  runNext(endMs: number): boolean {
    const heap = this.#heap
    const first = heap[0]
    if (first === undefined || first.atMs >= endMs) return false
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      this.#siftDown()
    }
    this.clock.set(first.atMs)
    first.task()
    return true
  }

  #siftDown(): void {
    const heap = this.#heap
    for (let at = 0; ; ) {
      const left = 2 * at + 1
      if (left >= heap.length) return
      const right = left + 1
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left
      if (isBefore(heap[at]!, heap[child]!)) return
      swap(heap, at, child)
      at = child
    }
  }
}

const isBefore = (one: Entry, other: Entry): boolean =>
  one.atMs - other.atMs < 0 || (one.atMs === other.atMs && one.turn < other.turn)

function swap(heap: Entry[], one: number, other: number): void {
  const kept = heap[one]!
  heap[one] = heap[other]!
  heap[other] = kept
}
