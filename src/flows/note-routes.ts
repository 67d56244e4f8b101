import type { RecordedDelivery } from '../channels/outbox-store.ts'
import type { RouteHealth, RoutePlace } from '../channels/route-health.ts'
import type { VerificationId } from '../domain/ids.ts'
import type { SendStatus } from '../domain/send.ts'
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
  // A batch waits for its time and its turn: how long that took says nothing of the provider.
  const tookMs = send.batchId === undefined ? nowMs - send.createdAtMs : undefined
  const { health, reading } = house.policy().router
  health.noteDelivery(place, { hasArrived, tookMs }, nowMs)
  reading.heard.add('receipt', send.id)
}

/**
 * Whether people typed the codes in that a provider says it delivered. Compared with the other providers of the country, so a flow that
 * many leave speaks against none of them. Messages that are known to be lost were counted by their receipts; one that was
 * followed by another was not typed in.
 */
export async function noteCodes(house: NotingHouse, { matured }: Matured): Promise<void> {
  const telling = matured.filter(
    (one) => !isTest(one) && (one.state === 'approved' || one.state === 'open'),
  )
  const carriers = await house.outbox.carriersOf(telling.map(({ id }) => id))
  const nowMs = house.platform.nowMs()
  const { health, reading } = house.policy().router
  for (const { id, phone, channel, state } of telling) {
    const all = carriers.get(id) ?? []
    const at = { channel, ...placeOf(house, phone) }
    all.forEach(({ providerId, status }, index) => {
      if (!reading.heard.add('code', carriedCode(id, providerId))) return
      const isTyped = state === 'approved' && index === all.length - 1
      noteCode(health, { providerId, ...at }, { status, isTyped, nowMs })
    })
  }
}

/** A code's name for `Heard`: of one that went by two providers each is told of. */
export const carriedCode = (id: VerificationId, providerId: string): string => `${id} ${providerId}`

export type SendEnd = {
  readonly status: SendStatus
  readonly isTyped: boolean
  readonly nowMs: number
}

/** What one code says of its provider when its time to be typed in is over. */
export function noteCode(
  health: RouteHealth,
  place: RoutePlace,
  { status, isTyped, nowMs }: SendEnd,
): void {
  const isLost = status === 'undelivered' || status === 'failed'
  if (!isLost) health.noteCode(place, isTyped, nowMs)
}
