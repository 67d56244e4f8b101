import { reratingOf } from '../billing/months.ts'
import type { House } from './house.ts'

const MONTHS_AT_ONCE = 50

/**
 * Brings months whose tiers were crossed to the price that the whole month has, by one posting each. Run twice, at the same time or
 * in any order, a month ends at the same total: see `reratingOf`. Resolves with how many it looked at.
 */
export async function rerateMonths(
  house: Pick<House, 'platform' | 'ledger' | 'months'>,
): Promise<number> {
  const stale = await house.months.stale(MONTHS_AT_ONCE)
  let settled = 0
  for (const reading of stale) {
    const posting = reratingOf(reading, house.platform.nowMs())
    const posted = posting === undefined ? 'posted' : await house.ledger.post(posting)
    // A duplicate means that somebody else corrected the month meanwhile; it is read again next time.
    if (posted !== 'posted') continue
    await house.months.markRerated(reading)
    settled += 1
  }
  return settled
}
