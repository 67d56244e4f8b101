import type { Channel } from '../domain/channel.ts'
import type { SendId } from '../domain/ids.ts'
import type { Currency } from '../domain/money.ts'
import type { Posting, SendClosing } from '../domain/posting.ts'
import type { Cost, Delivery, ReceiptStatus, Send, SendStatus } from '../domain/send.ts'
import type { SendError } from '../domain/send-error.ts'
import type { Verification } from '../domain/verification.ts'

/** A leased outbox row with what its text is made of. */
export type OutboxJob = {
  readonly send: Send
  readonly verification: Verification
  /** Tries so far, this one included. */
  readonly tries: number
}

/** What is known of the provider's side of a send. */
export type SendOutcome = {
  readonly providerId: string | undefined
  readonly providerMessageId: string | undefined
  /** As reported, else as counted by us. */
  readonly segments: number | undefined
  readonly cost: Cost | undefined
  readonly error: SendError | undefined
}
export type FoundSend = Send & { readonly outcome: SendOutcome }

/** How a dispatch ended. `posting` settles or releases the money; undefined leaves it held. */
export type Dispatched = {
  readonly sendId: SendId
  readonly status: Extract<SendStatus, 'sent' | 'unknown' | 'failed' | 'delivered'>
  readonly providerId: string | undefined
  readonly providerMessageId: string | undefined
  readonly segments: number | undefined
  /** As the provider reported it. */
  readonly cost: Cost | undefined
  /** By costs/, else by the routes file, for what providers do not report. */
  readonly expectedCostMicros: number | undefined
  /** Undefined: in the currency we pay in, which the routes file does not name. */
  readonly expectedCostCurrency: Currency | undefined
  readonly error: SendError | undefined
  readonly posting: SendClosing | Posting | undefined
  readonly atMs: number
}

/** Makes the posting that a send's new status calls for; undefined when the money is not moved by it. */
export type Closing = (send: Send, status: ReceiptStatus) => SendClosing | Posting | undefined

/** A delivery and whose word it is. A reference counts only for sends that this provider was asked to carry. */
export type Receipt = Delivery & { readonly providerId: string }

export type RecordedDelivery =
  | { readonly kind: 'recorded'; readonly send: Send; readonly status: SendStatus }
  | { readonly kind: 'repeated'; readonly send: Send }
  | { readonly kind: 'unmatched' }

/** Sends to one country by one provider that stand where they stand. */
export type Fate = {
  readonly providerId: string
  readonly channel: Channel
  readonly country: string
  readonly status: SendStatus
  readonly sends: number
}

export interface OutboxStore {
  /** Leases up to `limit` rows that are queued or whose lease ran out, oldest first; nobody else gets them until `leaseUntilMs`. */
  lease(nowMs: number, leaseUntilMs: number, limit: number): Promise<readonly OutboxJob[]>
  /** Leases these rows if they are still queued; a row that somebody else has is not returned. */
  leaseThese(
    ids: readonly SendId[],
    nowMs: number,
    leaseUntilMs: number,
  ): Promise<readonly OutboxJob[]>
  /**
   * All of them in one atomic batch; a row that is already over is left alone, and so is its money. Receipts that were
   * waiting for one of them are applied then, with the posting that `closing` makes.
   */
  finish(dispatched: readonly Dispatched[], closing: Closing): Promise<void>
  /** Gives a row back to be tried again after `notBeforeMs`. */
  retryLater(sendId: SendId, notBeforeMs: number): Promise<void>
  /**
   * Applies a receipt by `statusAfter`; segments and cost are noted even where the status stays. A receipt that arrives before
   * the send's own answer is kept, the furthest of several, and applied when the answer comes. `closing` makes the posting;
   * the first one closes the money, so a message that was given up, paid back and then delivered after all stays free.
   */
  recordDelivery(receipt: Receipt, atMs: number, closing: Closing): Promise<RecordedDelivery>
  find(id: SendId): Promise<FoundSend | undefined>
  /** Those verifications whose latest send is known not to have arrived. */
  undeliveredOf(ids: readonly Verification['id'][]): Promise<ReadonlySet<Verification['id']>>
  /** The providers that carried each verification's messages, the latest one last. */
  providersOf(
    ids: readonly Verification['id'][],
  ): Promise<ReadonlyMap<Verification['id'], readonly string[]>>
  /** How the latest `limit` sends since `sinceMs` fared with each provider, for a router that starts anew. */
  recentFates(sinceMs: number, limit: number): Promise<readonly Fate[]>
  /** The latest send of each verification. */
  latestOf(ids: readonly Verification['id'][]): Promise<ReadonlyMap<Verification['id'], Send>>
}
