import { closingPosting } from '../billing/postings.ts'
import type { Closing } from '../channels/outbox-store.ts'
import type { House } from './house.ts'

export type ReceiptsAnswer = 'accepted' | 'unknown_provider' | 'unauthentic' | 'malformed'

/** Money moves by a receipt only where the send's own answer left it held; the shared posting key sees to that. */
export const closingOf =
  (atMs: () => number): Closing =>
  (send, delivery) =>
    closingPosting(send, delivery.status, atMs())

/** Applies what a provider's callback says. Receipts come late, twice and out of order; each counts once. */
export async function recordReceipts(
  house: Pick<House, 'platform' | 'policy' | 'outbox'>,
  providerId: string,
  request: Request,
): Promise<ReceiptsAnswer> {
  const provider = house.policy().router.provider(providerId)
  if (provider?.readReceipts === undefined) return 'unknown_provider'
  const deliveries = await provider.readReceipts(request)
  if (deliveries === undefined) return 'unauthentic'
  if (deliveries === 'malformed') return 'malformed'
  const atMs = house.platform.nowMs()
  for (const delivery of deliveries) {
    const recorded = await house.outbox.recordDelivery(
      delivery,
      atMs,
      closingOf(house.platform.nowMs),
    )
    house.platform.log.info('receipt.recorded', {
      provider: providerId,
      kind: recorded.kind,
      status: delivery.status,
      send: recorded.kind === 'unmatched' ? undefined : recorded.send.id,
    })
  }
  return 'accepted'
}
