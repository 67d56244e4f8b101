import type { RangeOutcome } from './watch.ts'

/** How the destination of a conversion looks while it comes in. */
export type Timing = {
  /** Deviations above the ordinary traffic, see `surgeOf`. */
  readonly surge: number
  /** 0 to 1, see `regularityOf`. */
  readonly regularity: number
}

/** Between a message and a typed code people need longer. */
const FAST_MS = 2_500
const FAST_TRUST = 0.4
const ELSEWHERE_TRUST = 0.6
const ELSEWHERE_SURGING_TRUST = 0.15
const SURGING = 4

/** Typed in no machine's haste, and not from elsewhere. */
export const isPlainConversion = ({
  delayMs,
  sameNetwork,
}: Pick<RangeOutcome, 'delayMs' | 'sameNetwork'>): boolean =>
  delayMs >= FAST_MS && sameNetwork !== false

/**
 * How far a conversion is believed, 0 to 1: carriers who share the fee type codes in themselves. A code typed too fast, by the
 * clock or from another network is no proof of a person, least of all where traffic has just surged.
 */
export function trustOf(
  { delayMs, sameNetwork }: Pick<RangeOutcome, 'delayMs' | 'sameNetwork'>,
  { surge, regularity }: Timing,
): number {
  const surging = surge >= SURGING
  const elsewhere = surging ? ELSEWHERE_SURGING_TRUST : ELSEWHERE_TRUST
  const byPlace = sameNetwork === false ? elsewhere : 1
  const byHaste = delayMs < FAST_MS ? FAST_TRUST : 1
  return byPlace * byHaste * (1 - regularity)
}
