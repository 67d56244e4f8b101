const never = <T>(): Promise<T> => new Promise(() => {})

/**
 * The life of one process. Everything it does to the world goes through `call`; from the moment of its death its calls do
 * nothing and are never answered, so that its unfinished work stays unfinished for ever. What it had begun in the world goes on.
 */
export class Life {
  #isOver = false
  #callsLeft = Number.POSITIVE_INFINITY
  #endsBefore = false
  readonly #whenOver: () => void
  readonly #mourners = new Set<() => void>()

  constructor(whenOver: () => void) {
    this.#whenOver = whenOver
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Dies at the `calls`-th call from now: before it has any effect, or after it, before its answer is heard. */
  endAt(calls: number, side: 'before' | 'after'): void {
    this.#callsLeft = calls
    this.#endsBefore = side === 'before'
  }

  end(): void {
    if (this.#isOver) return
    this.#isOver = true
    for (const mourner of this.#mourners) mourner()
    this.#mourners.clear()
    this.#whenOver()
  }

  call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isOver) return never()
    const isLast = --this.#callsLeft <= 0
    if (isLast && this.#endsBefore) this.end()
    if (this.#isOver) return never()
    const done = work()
    if (isLast) this.end()
    return done.then(
      (value) => (this.#isOver ? never() : value),
      (error: unknown) => (this.#isOver ? never() : Promise.reject(error)),
    )
  }

  /** Somebody outside asks the process for something: undefined when it dies over it. */
  ask<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#isOver) return Promise.resolve(undefined)
    return new Promise((resolve, reject) => {
      const mourner = () => resolve(undefined)
      this.#mourners.add(mourner)
      work()
        .then(resolve, reject)
        .finally(() => this.#mourners.delete(mourner))
    })
  }

  /** The same thing as the process sees it. Its methods must be asynchronous. */
  wrap<T extends object>(target: T): T {
    return watched(target, (work) => this.call(work))
  }
}

/** Puts `around` round every method of `target`. */
export function watched<T extends object>(
  target: T,
  around: (work: () => Promise<unknown>, method: string, args: readonly unknown[]) => unknown,
): T {
  return new Proxy(target, {
    get: (_, name) => {
      const value: unknown = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) =>
        around(() => Reflect.apply(value, target, args) as Promise<unknown>, String(name), args)
    },
  })
}
