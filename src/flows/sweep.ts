import { dispatchOutbox } from './dispatch-outbox.ts'
import type { House } from './house.ts'
import { matureSends } from './mature-sends.ts'

const ROUNDS_MAX = 50
const PURGED_AT_ONCE = 1_000

/**
 * What is due from time to time: outbox rows that were not sent at once, outcomes that are ripe, records that may go.
 * Bounded, so that it ends before the next one; what is left is for that.
 */
export async function sweep(house: House): Promise<void> {
  const nowMs = house.platform.nowMs()
  await untilDone(() => dispatchOutbox(house))
  await untilDone(() => matureSends(house))
  await house.idempotency.purge(nowMs, PURGED_AT_ONCE)
}

async function untilDone(round: () => Promise<number>): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) if ((await round()) === 0) return
}
