import type { Answer, SimEvent } from './event.ts'

/** What happens at a moment: at most one event, and what its author does once the service has answered. */
export type Emission = {
  readonly event: SimEvent
  readonly whenAnswered?: (answer: Answer) => void
}
export type Moment = (atMs: number) => Emission | undefined

const SENT: Answer = { sent: true }

/**
 * Everything that is going to happen, in order of time; what is planned for the same millisecond keeps the order in
 * which it was planned. A binary heap: memory follows the number of people who are in the middle of something.
 */
export class Agenda {
  readonly #times: number[] = []
  readonly #turns: number[] = []
  readonly #moments: Moment[] = []
  #planned = 0

  /** `atMs` is rounded to whole milliseconds. */
  plan(atMs: number, moment: Moment): void {
    this.#times.push(Math.round(atMs))
    this.#turns.push(this.#planned++)
    this.#moments.push(moment)
    this.#siftUp(this.#times.length - 1)
  }

  /**
   * Runs until nothing is planned before `endMs`. A consumer closes the loop by passing its answer to `next()`; one that
   * only iterates plays an open loop, where every issue counts as sent.
   */
  *run(endMs: number): Generator<SimEvent, void, Answer | undefined> {
    while (this.#times.length > 0 && (this.#times[0] as number) < endMs) {
      const atMs = this.#times[0] as number
      const emission = this.#takeFirst()(atMs)
      if (emission === undefined) continue
      const answer: Answer | undefined = yield emission.event
      emission.whenAnswered?.(answer ?? SENT)
    }
  }

  #takeFirst(): Moment {
    const first = this.#moments[0] as Moment
    const last = this.#times.length - 1
    this.#swap(0, last)
    this.#times.pop()
    this.#turns.pop()
    this.#moments.pop()
    this.#siftDown()
    return first
  }

  #siftUp(from: number): void {
    let at = from
    while (at > 0) {
      const parent = (at - 1) >>> 1
      if (this.#before(parent, at)) return
      this.#swap(parent, at)
      at = parent
    }
  }

  #siftDown(): void {
    const size = this.#times.length
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      if (left >= size) return
      const right = left + 1
      const child = right < size && this.#before(right, left) ? right : left
      if (this.#before(at, child)) return
      this.#swap(at, child)
      at = child
    }
  }

  #before(one: number, other: number): boolean {
    const difference = (this.#times[one] as number) - (this.#times[other] as number)
    return difference === 0
      ? (this.#turns[one] as number) < (this.#turns[other] as number)
      : difference < 0
  }

  #swap(one: number, other: number): void {
    swapIn(this.#times, one, other)
    swapIn(this.#turns, one, other)
    swapIn(this.#moments, one, other)
  }
}

function swapIn<Item>(list: Item[], one: number, other: number): void {
  const kept = list[one] as Item
  list[one] = list[other] as Item
  list[other] = kept
}
