const GROWS_AFTER = 20

/** How many submits may be under way at once. */
export type Window = {
  /** Waits for a place; false when none came free in so many milliseconds. */
  readonly enter: (waitMs: number) => Promise<boolean>
  readonly leave: () => void
  /** Halves it where the SMSC says that it gets too much; it grows back one by one with what goes well. */
  readonly note: (outcome: 'well' | 'too_fast') => void
}

export function openWindow(size: number): Window {
  const waiting = new Set<() => void>()
  let limit = size
  let used = 0
  let well = 0
  const admit = () => {
    for (const enter of waiting) {
      if (used >= limit) return
      waiting.delete(enter)
      used += 1
      enter()
    }
  }
  return {
    enter: async (waitMs) => {
      if (used < limit) {
        used += 1
        return true
      }
      return new Promise((resolve) => {
        const enter = () => {
          clearTimeout(timer)
          resolve(true)
        }
        const timer = setTimeout(() => {
          waiting.delete(enter)
          resolve(false)
        }, waitMs)
        waiting.add(enter)
      })
    },
    leave: () => {
      used -= 1
      admit()
    },
    note: (outcome) => {
      well = outcome === 'well' ? well + 1 : 0
      if (outcome === 'too_fast') limit = Math.max(1, Math.floor(limit / 2))
      if (well < GROWS_AFTER || limit >= size) return
      well = 0
      limit += 1
      admit()
    },
  }
}
