/** Keeps what is to come in the order of its time. */
export type WaitingRoom<T> = {
  add(one: T): void
  /** Those whose time has come, oldest first. */
  until(atMs: number): Generator<T>
}

export function openWaitingRoom<T>(timeOf: (one: T) => number): WaitingRoom<T> {
  const waiting: T[] = []
  return {
    add: (one) => {
      let at = waiting.length
      while (at > 0 && timeOf(waiting[at - 1] as T) > timeOf(one)) at--
      waiting.splice(at, 0, one)
    },
    until: function* (atMs) {
      const due = waiting.findIndex((one) => timeOf(one) > atMs)
      yield* waiting.splice(0, due === -1 ? waiting.length : due)
    },
  }
}
