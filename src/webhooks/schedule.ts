const FIRST_MS = 5_000
const FACTOR = 4
const LONGEST_MS = 4 * 3_600_000
/** Share of a delay by which chance moves it in either direction. */
const JITTER = 0.2

/** How long an event is tried: from when it happened, or was asked for again. */
export const TRIED_FOR_MS = 24 * 3_600_000

/** A webhook that got nothing through for so long, in at least so many tries, is disabled. */
export const FAILING_MAX_MS = 5 * 24 * 3_600_000
export const FAILURES_MIN = 12

/**
 * When to try again after `tries` failures: 5 s, 20 s, 80 s and so on up to four hours, each moved by up to a fifth, and not
 * before `notBeforeMs` where the receiver named one. Undefined when that is too late. `chance` is in [0, 1).
 */
export function nextTryAtMs({
  tries,
  nowMs,
  giveUpAtMs,
  chance,
  notBeforeMs = 0,
}: {
  readonly tries: number
  readonly nowMs: number
  readonly giveUpAtMs: number
  readonly chance: number
  readonly notBeforeMs?: number
}): number | undefined {
  const delayMs = Math.min(LONGEST_MS, FIRST_MS * FACTOR ** (tries - 1))
  const moved = nowMs + Math.round(delayMs * (1 - JITTER + 2 * JITTER * chance))
  const atMs = Math.max(moved, Math.min(notBeforeMs, nowMs + LONGEST_MS))
  return atMs < giveUpAtMs ? atMs : undefined
}
