import type { Channel } from './channel.ts'
import type { AccountId, BatchId, SendId, ServiceId, VerificationId } from './ids.ts'
import type { Currency, Micros } from './money.ts'
import type { Phone } from './phone.ts'
import type { Rate } from './rate.ts'
import { type SendError, type SendErrorKind, sendError } from './send-error.ts'

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

/** One message: the outbox row. The text is not in it; a code is derived again at dispatch. */
export type Send = CodeSend | BatchSend

/** The code of a verification. */
export type CodeSend = SendFacts & {
  readonly verificationId: VerificationId
  readonly batchId?: undefined
}
/** A text of a batch. */
export type BatchSend = SendFacts & {
  readonly verificationId: undefined
  readonly batchId: BatchId
}

type SendFacts = {
  readonly id: SendId
  readonly accountId: AccountId
  readonly serviceId: ServiceId
  readonly phone: Phone
  readonly channel: Channel
  /** Counts the sends of a verification from 1, the HOTP counter of its code; 1 in a batch. */
  readonly generation: number
  readonly status: SendStatus
  /** Of all its segments at the price of the list, whoever pays them: packages or the balance. */
  readonly price: Micros
  readonly currency: Currency
  readonly rate: Rate
  readonly createdAtMs: number
  /** After this instant nobody waits for it: a code is dead, and a message would only confuse. */
  readonly expiresAtMs: number
}

/** What a vendor says it charged us, in its own currency. */
export type Cost = { readonly micros: Micros; readonly currency: Currency }

/**
 * What one provider said about one try. accepted: it took the message; refused: it said no for a reason that we know; failed:
 * surely not sent, so the next may be asked; unknown: maybe sent, so the money stays held until a receipt tells.
 */
export type SendResult =
  | {
      readonly kind: 'accepted'
      /** Undefined where the vendor gives none; receipts then match by our reference or not at all. */
      readonly providerMessageId: string | undefined
      /** As billed; undefined where the answer does not say. */
      readonly segments: number | undefined
      readonly cost: Cost | undefined
    }
  | Unaccepted

export type Unaccepted = {
  readonly kind: 'refused' | 'failed' | 'unknown'
  readonly error: SendError
}

export const refused = (kind: SendErrorKind, code: string, text?: string): Unaccepted => ({
  kind: 'refused',
  error: sendError(kind, code, text),
})
/** `kind` is `unknown` where the provider itself works but will not carry this message, such as an unknown sender. */
export const failed = (kind: SendErrorKind, code: string, text?: string): Unaccepted => ({
  kind: 'failed',
  error: sendError(kind, code, text),
})
export const maybeSent = (code: string, text?: string): Unaccepted => ({
  kind: 'unknown',
  error: sendError('unknown', code, text),
})

/** queued, sent: on its way; delivered, undelivered (tried, did not arrive), failed (never left the vendor): over. */
export const DELIVERY_STATUSES = ['queued', 'sent', 'delivered', 'undelivered', 'failed'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** One delivery receipt in our words. It names its send by the vendor's id, or by ours where the vendor echoes it, or both. */
export type Delivery = {
  readonly providerMessageId: string | undefined
  /** Our reference as the vendor gave it back. */
  readonly reference: SendId | undefined
  readonly status: DeliveryStatus
  readonly error: SendError | undefined
  readonly segments: number | undefined
  readonly cost: Cost | undefined
}

/**
 * What a send becomes by a receipt; undefined when the receipt changes nothing. A final status stays, but for one: carriers
 * do say `delivered` after they had given a message up.
 */
export function statusAfter(
  status: SendStatus,
  receipt: DeliveryStatus,
): ReceiptStatus | undefined {
  if (status === 'delivered') return undefined
  if (receipt === 'delivered') return 'delivered'
  if (status === 'undelivered' || status === 'failed') return undefined
  if (receipt === 'undelivered' || receipt === 'failed') return receipt
  return status === 'sent' ? undefined : 'sent'
}
export type ReceiptStatus = 'sent' | 'delivered' | 'undelivered' | 'failed'

/** How far a receipt is: of several that wait for their send the furthest counts. */
export const stageOf = (receipt: DeliveryStatus): number => STAGES[receipt]
const STAGES: Readonly<Record<DeliveryStatus, number>> = {
  queued: 0,
  sent: 1,
  undelivered: 2,
  failed: 2,
  delivered: 3,
}
