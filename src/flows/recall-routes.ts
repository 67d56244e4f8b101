import type { SendStatus } from '../domain/send.ts'
import type { House } from './house.ts'

/** The router forgets by half in a quarter of an hour: what is older would weigh nothing. */
const LOOK_BACK_MS = 3_600_000
const SENDS_MAX = 5_000
/** More of one kind would not change the picture. */
const COUNTED_MAX = 200

/** Tells a router that starts anew how the sends of the last hour fared, so that it does not begin with a broken provider again. */
export async function recallRoutes(
  house: Pick<House, 'platform' | 'policy' | 'outbox'>,
): Promise<void> {
  const nowMs = house.platform.nowMs()
  const { health } = house.policy().router
  for (const fate of await house.outbox.recentFates(nowMs - LOOK_BACK_MS, SENDS_MAX)) {
    const hasArrived = ARRIVED[fate.status]
    if (hasArrived === undefined) continue
    const place = { ...fate, carrier: undefined }
    const times = Math.min(COUNTED_MAX, fate.sends)
    for (let time = 0; time < times; time++) {
      health.noteDelivery(place, { hasArrived, tookMs: undefined }, nowMs)
    }
  }
}

/** What is still under way says nothing. */
const ARRIVED: Partial<Readonly<Record<SendStatus, boolean>>> = {
  delivered: true,
  undelivered: false,
  failed: false,
}
