import type { SendStatus } from '../domain/send.ts'
import type { House } from './house.ts'
import { noteEnd } from './note-routes.ts'

/** The router forgets by half in a quarter of an hour: what is older would weigh little. */
const LOOK_BACK_MS = 3_600_000
const SENDS_MAX = 5_000

/** Tells a router that starts anew how the sends of the last hour fared, so that it does not begin with a broken provider again. */
export async function recallRoutes(
  house: Pick<House, 'platform' | 'policy' | 'outbox'>,
): Promise<void> {
  const { health } = house.policy().router
  const sinceMs = house.platform.nowMs() - LOOK_BACK_MS
  for (const fate of await house.outbox.recentFates(sinceMs, SENDS_MAX)) {
    const { createdAtMs: atMs, status, isTyped } = fate
    const place = { ...fate, carrier: undefined }
    const hasArrived = ARRIVED[status]
    if (hasArrived !== undefined) {
      health.noteDelivery(place, { hasArrived, tookMs: undefined }, atMs)
    }
    if (isTyped !== undefined) noteEnd(health, place, { status, isTyped, nowMs: atMs })
  }
}

/** What is still under way says nothing. */
const ARRIVED: Partial<Readonly<Record<SendStatus, boolean>>> = {
  delivered: true,
  undelivered: false,
  failed: false,
}
