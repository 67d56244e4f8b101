import type { Platform } from '../platform/platform.ts'

const BASE_MS = 2_000
const MOST_MS = 60_000

/** After so many walks along the route a send has failed for good. */
export const ROUNDS_MAX = 6

/**
 * How long to wait after the given round (from 1): anything between nothing and twice as long as at most the round before, so that sends that
 * failed together do not come back together ("full jitter").
 */
export function backoffMs({ randomBytes }: Pick<Platform, 'randomBytes'>, round: number): number {
  const mostMs = Math.min(MOST_MS, BASE_MS * 2 ** (round - 1))
  const [high = 0, low = 0] = randomBytes(2)
  return Math.floor((mostMs * (high * 256 + low)) / 65_536)
}
