/** What can be said of a message: that a provider took it, what its receipt says, whether its code was typed in. */
export type Said = 'answer' | 'receipt' | 'code'

/** What a process has told its router, so that the books do not tell it a second time. The oldest is forgotten. */
export interface Heard {
  /** False when that was known. */
  add(said: Said, id: string): boolean
}

/** How far a process has read in the books what became of messages, its own and others'. */
export type Reading = {
  readonly heard: Heard
  /** When it looked last; undefined before the first time. */
  atMs: number | undefined
  isUnderWay: boolean
  /** The `place` of the last message whose receipt was looked for, and of the last one whose code was. */
  receiptsTo: number | undefined
  codesTo: number | undefined
}

/** Of the last few minutes at a hundred messages a second. */
const HEARD_MAX = 50_000

export const newReading = (heardMax = HEARD_MAX): Reading => ({
  heard: createHeard(heardMax),
  atMs: undefined,
  isUnderWay: false,
  receiptsTo: undefined,
  codesTo: undefined,
})

function createHeard(most: number): Heard {
  const known = new Set<string>()
  return {
    add(said, id) {
      const key = `${said} ${id}`
      if (known.has(key)) return false
      known.add(key)
      const [oldest] = known
      if (known.size > most && oldest !== undefined) known.delete(oldest)
      return true
    },
  }
}
