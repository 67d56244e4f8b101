import { dispatchOutbox } from './dispatch-outbox.ts'
import type { House } from './house.ts'
import { matureSends } from './mature-sends.ts'

const ROUNDS_MAX = 50

/**
 * What is due from time to time: outbox rows that were not sent at once, outcomes that are ripe, events that only the clock
 * brings, records that may go.
 * Bounded, so that it ends before the next one; what is left is for that.
 */
export async function sweep(house: House): Promise<void> {
  await untilDone(() => dispatchOutbox(house))
  await untilDone(() => matureSends(house))
  await house.events.sweep()
  await house.purge(house.platform.nowMs())
}

async function untilDone(round: () => Promise<number>): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds++) if ((await round()) === 0) return
}
