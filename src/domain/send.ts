import type { Channel } from './channel.ts'
import type { AccountId, SendId, ServiceId, VerificationId } from './ids.ts'
import type { Currency, Micros } from './money.ts'
import type { Phone } from './phone.ts'

/**
 * queued: in the outbox; sending: leased to a dispatcher; sent: a provider accepted it; unknown: maybe sent,
 * money stays held until a receipt; delivered, undelivered, failed: over.
 */
export const SEND_STATUSES = [
  'queued',
  'sending',
  'sent',
  'unknown',
  'delivered',
  'undelivered',
  'failed',
] as const
export type SendStatus = (typeof SEND_STATUSES)[number]

/** One message of one verification: the outbox row. The text is not in it; the code is derived again at dispatch. */
export type Send = {
  readonly id: SendId
  readonly verificationId: VerificationId
  readonly accountId: AccountId
  readonly serviceId: ServiceId
  readonly phone: Phone
  readonly channel: Channel
  /** Counts the sends of a verification from 1; the HOTP counter of its code. */
  readonly generation: number
  readonly status: SendStatus
  readonly price: Micros
  readonly currency: Currency
  readonly createdAtMs: number
  /** After this instant the code is dead and a message would only confuse. */
  readonly expiresAtMs: number
}

/** What one provider said about one try. `unknown` means it may have been sent. */
export type SendResult =
  | {
      readonly kind: 'accepted'
      readonly providerMessageId: string
      readonly segments: number
      readonly cost: Micros
    }
  | { readonly kind: 'refused'; readonly reason: RefusedReason; readonly upstreamCode: string }
  | { readonly kind: 'failed'; readonly upstreamCode: string }
  | { readonly kind: 'unknown'; readonly upstreamCode: string }

export type RefusedReason = 'number' | 'content' | 'credentials' | 'balance' | 'other'

export type DeliveryStatus = 'delivered' | 'undelivered' | 'failed'

/** One delivery receipt in our words. */
export type Delivery = {
  readonly providerId: string
  readonly providerMessageId: string
  readonly status: DeliveryStatus
  readonly error: string | undefined
}
