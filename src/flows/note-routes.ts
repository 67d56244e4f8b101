import type { RecordedDelivery } from '../channels/outbox-store.ts'
import { isTest } from '../domain/verification.ts'
import type { House } from './house.ts'
import type { Matured } from './mature-sends.ts'
import { placeOf } from './route-facts.ts'

type NotingHouse = Pick<House, 'platform' | 'policy' | 'outbox' | 'phoneData'>

/** A receipt says how well the provider carries messages there; a repeat and one that changes nothing say it no second time. */
export function noteReceipt(
  house: Pick<NotingHouse, 'platform' | 'policy' | 'phoneData'>,
  providerId: string,
  recorded: RecordedDelivery,
): void {
  if (recorded.kind !== 'recorded' || recorded.status === 'sent') return
  const { send, status } = recorded
  const nowMs = house.platform.nowMs()
  const place = { providerId, channel: send.channel, ...placeOf(house, send.phone) }
  const hasArrived = status === 'delivered'
  const tookMs = nowMs - send.createdAtMs
  house.policy().router.health.noteDelivery(place, { hasArrived, tookMs }, nowMs)
}

/**
 * Whether people typed the codes in that a provider says it delivered. Compared with the other providers of the country, so
 * a flow that many leave speaks against none of them. Messages that are known to be lost were counted by their receipts.
 */
export async function noteCodes(house: NotingHouse, { matured, lost }: Matured): Promise<void> {
  const telling = matured.filter(
    (one) =>
      !isTest(one) && !lost.has(one.id) && (one.state === 'approved' || one.state === 'open'),
  )
  const carriers = await house.outbox.providersOf(telling.map(({ id }) => id))
  const nowMs = house.platform.nowMs()
  const { health } = house.policy().router
  for (const { id, phone, channel, state } of telling) {
    const providerId = carriers.get(id)?.at(-1)
    if (providerId === undefined) continue
    const place = { providerId, channel, ...placeOf(house, phone) }
    health.noteCode(place, state === 'approved', nowMs)
  }
}
