import type { OutboxJob, Wanted } from '../channels/outbox-store.ts'
import type { Places } from '../channels/places.ts'
import type { Planned } from '../channels/walk.ts'
import { type CarryHouse, type Flight, type Route, routeOf } from './carry-send.ts'
import type { Ended } from './end-of-walk.ts'
import { type FallingHouse, fallBack } from './fall-back.ts'
import { closingOf } from './record-receipts.ts'
import type { Woken } from './woken.ts'

/** A dispatcher that died gives its rows back after this; longer than a walk, so that a live one never loses them. */
const LEASE_MS = 30_000

/**
 * Leases new rows if nobody else has them. Their route is chosen first, so that the lease itself writes down who is asked: that is a write less
 * for each send.
 */
export async function leaseWoken(
  house: CarryHouse,
  woken: readonly Woken[],
): Promise<readonly Flight[]> {
  const routes = new Map(woken.map(({ id, routed }) => [id, routed && routeOf(house, routed)]))
  const claim = openClaims()
  const wanted = woken.map(({ id }): Wanted => ({ id, providerId: claim(routes.get(id)) }))
  const span = spanOf(house)
  const jobs = await house.outbox.leaseThese(wanted, span)
  return jobs.map((job) => toFlight(job, routes.get(job.send.id), span.nowMs))
}

/**
 * Who will be asked first; nobody where the message may have to wait. Of a burst no more are promised to a provider than find room with it:
 * whoever was named may have got the message, should this process die now.
 */
function openClaims(): (route: Route | undefined) => string | undefined {
  const claimed = new Map<string, number>()
  return (route) => {
    const free = ({ isGood, room, provider }: Planned) =>
      isGood && room > (claimed.get(provider.id) ?? 0)
    const id = route?.plan.find(free)?.provider.id
    if (id !== undefined) claimed.set(id, (claimed.get(id) ?? 0) + 1)
    return id
  }
}

/** Leases what waits for it, whoever put it there. */
export async function leaseDue(house: CarryHouse, places: Places): Promise<readonly Flight[]> {
  const span = spanOf(house)
  const jobs = await house.outbox.lease(span, places)
  return jobs.map((job) => toFlight(job, undefined, span.nowMs))
}

const spanOf = ({ platform }: CarryHouse) => {
  const nowMs = platform.nowMs()
  return { nowMs, leaseUntilMs: nowMs + LEASE_MS }
}

const toFlight = (job: OutboxJob, route: Route | undefined, leasedAtMs: number): Flight => ({
  job,
  route,
  leasedAtMs,
})

/** Writes down how walks ended, and has other channels take over where they may. */
export async function closeFlights(
  house: CarryHouse & FallingHouse,
  ended: readonly Ended[],
): Promise<void> {
  const over = ended.flatMap((each) => (each.kind === 'over' ? [each.dispatched] : []))
  const later = ended.flatMap((each) => (each.kind === 'later' ? [each.returned] : []))
  await Promise.all([
    house.outbox.finish(over, closingOf(house.platform.nowMs)),
    house.outbox.giveBack(later),
  ])
  if (over.some(({ isFallen }) => isFallen)) house.platform.defer(fallBackNow(house))
}

/** What fails here is begun again by the periodic look. */
async function fallBackNow(house: FallingHouse): Promise<void> {
  try {
    await fallBack(house)
  } catch (error) {
    const cause = error instanceof Error ? error.name : 'unknown'
    house.platform.log.error('fall_back.failed', { cause })
  }
}
