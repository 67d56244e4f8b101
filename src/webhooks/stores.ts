import type { FoundBatch } from '../domain/batch.ts'
import type {
  AccountId,
  AttemptId,
  BatchId,
  EventId,
  SendId,
  VerificationId,
} from '../domain/ids.ts'
import type { Phone } from '../domain/phone.ts'
import type { Verification } from '../domain/verification.ts'
import type { EventType } from './event-types.ts'
import type { Webhook, WebhookKey, WebhookSettings } from './webhook.ts'

/** The webhooks of accounts; each verb is one atomic step. */
export interface WebhookStore {
  /** False when the account has as many as it may have. */
  add(webhook: Webhook): Promise<boolean>
  find(key: WebhookKey): Promise<Webhook | undefined>
  /** Oldest first. */
  list(accountId: AccountId): Promise<readonly Webhook[]>
  /** Enabling one that was disabled forgets its failures. Undefined: there is none. */
  change(
    key: WebhookKey,
    change: Partial<WebhookSettings>,
    nowMs: number,
  ): Promise<Webhook | undefined>
  /** The secret in force stays good until `oldUntilMs`; the one before it ends now. */
  rotate(
    key: WebhookKey,
    secret: string,
    { nowMs, oldUntilMs }: { readonly nowMs: number; readonly oldUntilMs: number },
  ): Promise<Webhook | undefined>
  /** False when there was none. What was not delivered is not delivered any more. */
  remove(key: WebhookKey): Promise<boolean>
}

/**
 * Something that happened, as it was at that moment. `data` holds what can change and nothing personal; the rest is read
 * from what it is about when it is delivered.
 */
export type AccountEvent = {
  readonly id: EventId
  readonly accountId: AccountId
  readonly type: EventType
  readonly atMs: number
  readonly verificationId: VerificationId | undefined
  readonly sendId: SendId | undefined
  /** Of a message of a batch, and of the batch's own end. */
  readonly batchId?: BatchId | undefined
  readonly data: Readonly<Record<string, unknown>>
}

/** `once` names the happening: a second event of the same account under it is not kept. */
export type RaisedEvent = AccountEvent & { readonly once: string }

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed', 'skipped'] as const
/**
 * pending: to be tried, now or again; delivered: answered with 2xx; failed: given up; skipped: the webhook was disabled.
 */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** An event and what it is about, as that is now; undefined where the event has none, or it was erased. */
export type ToldEvent = {
  readonly event: AccountEvent
  readonly verification: Verification | undefined
  /** That has finished. */
  readonly batch: FoundBatch | undefined
  /** Of a batch. */
  readonly message: { readonly phone: Phone; readonly reference: string | undefined } | undefined
}

/** One event for one webhook, leased to a courier. */
export type DeliveryJob = ToldEvent & {
  /** Tries since it was asked for, this one included. */
  readonly tries: number
  readonly giveUpAtMs: number
  readonly leasedUntilMs: number
}
export type Lease = { readonly webhook: Webhook; readonly jobs: readonly DeliveryJob[] }

/** One request to a webhook and what came of it. */
export type Attempt = {
  readonly id: AttemptId
  readonly atMs: number
  readonly tookMs: number
  /** HTTP status; undefined where there was no answer. */
  readonly status: number | undefined
  /** The beginning of the answer's body. */
  readonly answer: string | undefined
  /** Why it does not count as delivered, in one stable word. */
  readonly error: string | undefined
}

/** How one try ended. `dueAtMs` is when to try again; undefined: never by itself. */
export type Tried = {
  readonly job: DeliveryJob
  readonly attempt: Attempt
  readonly status: Exclude<DeliveryStatus, 'skipped'>
  readonly dueAtMs: number | undefined
}

/** What became of the webhook by what was tried. */
export type WebhookHealth = {
  readonly nowMs: number
  /** It answered 410. */
  readonly gone: boolean
  /** Failing since before this instant, and often enough, it is disabled. */
  readonly failingBeforeMs: number
  readonly failuresMin: number
}

export type Delivery = {
  readonly event: Pick<AccountEvent, 'id' | 'type' | 'atMs'>
  readonly status: DeliveryStatus
  readonly dueAtMs: number | undefined
  /** Oldest first. */
  readonly attempts: readonly Attempt[]
}
export type DeliveryPage = {
  readonly limit: number
  readonly before: EventId | undefined
  readonly status: DeliveryStatus | undefined
}
export type ReplayWindow = {
  readonly fromMs: number
  readonly toMs: number
  /** Also what had arrived. */
  readonly delivered: boolean
}

/** Events and their way to webhooks. Most events are raised by the very write that they tell of; see storage. */
export interface EventStore {
  /** Whether anybody listens at all. */
  wanted(): Promise<boolean>
  /** Keeps the event if a webhook of the account asks for its type. */
  raise(event: RaisedEvent): Promise<void>
  /** Keeps an event for this webhook alone. */
  raiseFor(key: WebhookKey, event: RaisedEvent): Promise<void>
  /** What the clock alone brings about: codes that expired, and those that failed unseen. Answers how many it looked at. */
  raiseExpired(nowMs: number, limit: number): Promise<number>
  /** Enabled webhooks with something due. */
  due(nowMs: number): Promise<readonly WebhookKey[]>
  /** Leases up to `limit` due deliveries of one webhook, oldest first; nobody else gets them until `leaseUntilMs`. */
  lease(
    key: WebhookKey,
    { nowMs, leaseUntilMs, limit }: Readonly<Record<'nowMs' | 'leaseUntilMs' | 'limit', number>>,
  ): Promise<Lease | undefined>
  /**
   * Logs attempts of one webhook and settles its deliveries in one batch. A delivery that was asked for again meanwhile, or
   * whose lease ran out, keeps its place in the queue. Answers the webhook if this disabled it.
   */
  record(
    key: WebhookKey,
    tried: readonly Tried[],
    health: WebhookHealth,
  ): Promise<'recorded' | 'disabled'>
  /** Newest first. */
  deliveries(key: WebhookKey, page: DeliveryPage): Promise<readonly Delivery[]>
  delivery(key: WebhookKey, id: EventId): Promise<Delivery | undefined>
  /** Due at once, for another day. False: no such delivery. */
  replay(key: WebhookKey, id: EventId, nowMs: number): Promise<boolean>
  /** The same for all of a window that are not waiting anyway. Answers how many. */
  replayWindow(key: WebhookKey, window: ReplayWindow, nowMs: number): Promise<number>
  /** Forgets events before this instant with all that was tried, at most `limit` of each. */
  purge(beforeMs: number, limit: number): Promise<void>
}
