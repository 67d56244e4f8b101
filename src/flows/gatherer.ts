type Waiting<T> = {
  readonly one: T
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets many share a write: the first is written at once, and whatever comes while a write is under way goes into the next, at most `most` of them.
 * The answer resolves when the one is written, and fails with its write.
 */
export function openGatherer<T>(
  write: (all: readonly T[]) => Promise<void>,
  most: number,
): (one: T) => Promise<void> {
  const waiting: Waiting<T>[] = []
  let isWriting = false

  const drain = async (): Promise<void> => {
    isWriting = true
    while (waiting.length > 0) {
      const taken = waiting.splice(0, most)
      await write(taken.map(({ one }) => one)).then(
        () => taken.forEach(({ resolve }) => void resolve()),
        (error: unknown) => taken.forEach(({ reject }) => void reject(error)),
      )
    }
    isWriting = false
  }
  return (one) =>
    new Promise((resolve, reject) => {
      waiting.push({ one, resolve, reject })
      if (!isWriting) void drain()
    })
}
