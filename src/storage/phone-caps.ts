/** A code that was sent to a number. */
export type CountedCode = {
  readonly atMs: number
  /** Known not to have arrived. */
  readonly isLost: boolean
}

/**
 * When a full window has room for one more code; undefined: it has room now. Whoever waits for messages that do not come asks again, so two that are
 * known to be lost count as one: at most `limit` reach the number within a window, and fewer than twice as many are sent. A
 * single loss gains nothing. `codes` are those within the window that it counts, the latest first.
 */
export function hasRoomAtMs(
  codes: readonly CountedCode[],
  { limit, windowMs }: { readonly limit: number; readonly windowMs: number },
): number | undefined {
  let lost = 0
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] as CountedCode
    if (code.isLost) lost++
    if (at + 1 - Math.floor(lost / 2) >= limit) return code.atMs + windowMs
  }
  return undefined
}

/** No window can hold more. */
export const mostWithin = (limit: number): number => 2 * limit - 1
