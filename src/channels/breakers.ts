/**
 * Counts failures in a row by key: a provider, or a provider in one country. After `failuresMax` of them it is left out for
 * `coolMs`; then one message may try it, and if that fails too the pause doubles, up to `coolMaxMs`. Knows no clock and no chance.
 */
export interface Breakers {
  /** Whether to ask this provider now. A yes during the trial after a pause is given to one caller only. */
  admits(key: string, nowMs: number): boolean
  record(key: string, outcome: 'good' | 'bad', nowMs: number): void
  /** Whether it is left out now; unlike `admits` this takes nobody's turn. */
  isOpen(key: string, nowMs: number): boolean
}

export type BreakerLimits = {
  readonly failuresMax: number
  readonly coolMs: number
  readonly coolMaxMs: number
}

const DEFAULT_LIMITS: BreakerLimits = { failuresMax: 5, coolMs: 15_000, coolMaxMs: 300_000 }

type State = {
  readonly failures: number
  readonly trips: number
  /** Left out until then; also how long a trial may take before another caller gets one. */
  readonly pausedUntilMs: number
  readonly isTrial: boolean
}

const HEALTHY: State = { failures: 0, trips: 0, pausedUntilMs: 0, isTrial: false }

export function createBreakers(limits: BreakerLimits = DEFAULT_LIMITS): Breakers {
  const states = new Map<string, State>()
  const stateOf = (key: string): State => states.get(key) ?? HEALTHY
  return {
    admits(key, nowMs) {
      const state = stateOf(key)
      if (state.failures < limits.failuresMax) return true
      if (nowMs < state.pausedUntilMs) return false
      states.set(key, { ...state, pausedUntilMs: nowMs + limits.coolMs, isTrial: true })
      return true
    },
    isOpen(key, nowMs) {
      const { failures, pausedUntilMs } = stateOf(key)
      return failures >= limits.failuresMax && nowMs < pausedUntilMs
    },
    record(key, outcome, nowMs) {
      if (outcome === 'good') states.delete(key)
      else states.set(key, afterFailure(stateOf(key), limits, nowMs))
    },
  }
}

/** Failures of messages that were on their way when the pause began do not lengthen it. */
function afterFailure(state: State, limits: BreakerLimits, nowMs: number): State {
  const failures = state.failures + 1
  const isPaused = state.failures >= limits.failuresMax && !state.isTrial
  if (failures < limits.failuresMax || isPaused) return { ...state, failures }
  const pauseMs = Math.min(limits.coolMaxMs, limits.coolMs * 2 ** state.trips)
  return { failures, trips: state.trips + 1, pausedUntilMs: nowMs + pauseMs, isTrial: false }
}

/** A provider fails in one country, or altogether: an account without money sends nowhere. */
export const breakerKeys = (providerId: string, country: string): readonly [string, string] => [
  providerId,
  `${providerId}|${country}`,
]
