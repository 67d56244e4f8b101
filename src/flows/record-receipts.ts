import { closingPosting } from '../billing/postings.ts'
import type { Closing } from '../channels/outbox-store.ts'
import type { ReceiptAnswer, ReceiptMethod } from '../channels/provider.ts'
import type { Delivery } from '../domain/send.ts'
import type { House } from './house.ts'
import { noteReceipt } from './note-routes.ts'

/** A provider's callback as the door took it. */
export type ReceivedCallback = {
  readonly kind: string
  readonly providerId: string
  /** What stood in the path after the provider's name. */
  readonly token: string | undefined
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  readonly body: Uint8Array
}

export type CallbackAnswer =
  | { readonly kind: 'accepted'; readonly answer: ReceiptAnswer | undefined }
  | { readonly kind: 'wrong_method'; readonly allowed: readonly ReceiptMethod[] }
  | {
      readonly kind: 'unknown_provider' | 'unauthentic' | 'forbidden' | 'malformed' | 'unavailable'
    }

/** Money moves by a receipt only where the send's own answer left it held; the shared posting key sees to that. */
export const closingOf =
  (atMs: () => number): Closing =>
  (send, status) =>
    closingPosting(send, status, atMs())

type ReceiptsHouse = Pick<House, 'platform' | 'policy' | 'outbox' | 'phoneData'>

/** Applies what a provider's callback says. Receipts come late, twice and out of order; each counts once. */
export async function recordReceipts(
  house: ReceiptsHouse,
  callback: ReceivedCallback,
): Promise<CallbackAnswer> {
  const { kind, providerId, token, url } = callback
  const built = house.policy().router.provider(providerId)
  const provider = built?.provider
  if (built?.kind !== kind || provider?.readReceipts === undefined) {
    return { kind: 'unknown_provider' }
  }
  const allowed = provider.receiptMethods ?? ['POST']
  const method = allowed.find((one) => one === callback.method)
  if (method === undefined) return { kind: 'wrong_method', allowed }
  const { headers, body } = callback
  const query = url.searchParams
  const signedUrl = publicUrlOf(built.receiptUrl, callback)
  const reading = await provider.readReceipts({
    method,
    url: signedUrl,
    token,
    query,
    headers,
    body,
  })
  if (reading.kind !== 'read') return reading
  await recordDeliveries(house, providerId, reading.deliveries)
  return { kind: 'accepted', answer: reading.answer }
}

/** As the vendor knows it: a proxy before us may have changed scheme, host and path. */
function publicUrlOf(receiptUrl: string | undefined, { token, url }: ReceivedCallback): string {
  if (receiptUrl === undefined) return url.href
  return `${receiptUrl}${token === undefined ? '' : `/${token}`}${url.search}`
}

/** The same for what a provider's session brings. Rejects when it could not be kept. */
export async function recordDeliveries(
  house: ReceiptsHouse,
  providerId: string,
  deliveries: readonly Delivery[],
): Promise<void> {
  for (const delivery of deliveries) await recordOne(house, providerId, delivery)
}

async function recordOne(
  house: ReceiptsHouse,
  providerId: string,
  delivery: Delivery,
): Promise<void> {
  const { platform, outbox } = house
  const recorded = await outbox.recordDelivery(
    { ...delivery, providerId },
    platform.nowMs(),
    closingOf(platform.nowMs),
  )
  noteReceipt(house, providerId, recorded)
  platform.log.info('receipt.recorded', {
    provider: providerId,
    kind: recorded.kind,
    status: delivery.status,
    error: delivery.error?.kind,
    upstream: delivery.error?.code,
    send: recorded.kind === 'unmatched' ? undefined : recorded.send.id,
  })
}
