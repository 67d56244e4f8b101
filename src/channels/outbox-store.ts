import type { BatchText } from '../domain/batch.ts'
import type { Channel } from '../domain/channel.ts'
import type { SendId } from '../domain/ids.ts'
import { MESSAGE_KINDS } from '../domain/message-kind.ts'
import type { Currency } from '../domain/money.ts'
import type { Phone } from '../domain/phone.ts'
import type { Posting, SendClosing } from '../domain/posting.ts'
import type { CodeSend, Cost, Delivery, ReceiptStatus, Send, SendStatus } from '../domain/send.ts'
import type { SendError, SendErrorKind } from '../domain/send-error.ts'
import type { Verification } from '../domain/verification.ts'
import type { Places } from './places.ts'

/** What a message's text is made of, and what tells whether anybody still waits for it. */
export type JobSubject =
  | { readonly kind: 'code'; readonly verification: Verification }
  | { readonly kind: 'text'; readonly text: BatchText }

/** A leased outbox row. */
export type OutboxJob = {
  readonly send: Send
  readonly subject: JobSubject
  /** Which lease of the row this is, from 1. What the holder of an earlier one says counts only if a provider accepted. */
  readonly tries: number
  /** Walks along the route that came to nothing so far. */
  readonly rounds: number
  /** Who was named when it was leased; nobody else may be asked before `ask` named them. */
  readonly providerId: string | undefined
}

/** A row to lease, and who will be asked first. */
export type Wanted = { readonly id: SendId; readonly providerId: string | undefined }

/** Until when a lease holds that is taken now. */
export type LeaseSpan = { readonly nowMs: number; readonly leaseUntilMs: number }

/** One lease of one row. */
export type Leased = { readonly sendId: SendId; readonly tries: number }

/** What is known of the provider's side of a send. */
export type SendOutcome = {
  readonly providerId: string | undefined
  readonly providerMessageId: string | undefined
  /** As reported, else as counted by us. */
  readonly segments: number | undefined
  readonly cost: Cost | undefined
  readonly error: SendError | undefined
  /** When the provider was asked to carry it. */
  readonly askedAtMs: number | undefined
}
export type FoundSend = Send & { readonly outcome: SendOutcome }

/** Why a message ended in the outbox: surely not sent, and not for a fault of its number. */
export const UNSENT_REASONS = ['no_route', 'no_room', 'refused', 'exhausted', 'expired'] as const
export type UnsentReason = (typeof UNSENT_REASONS)[number]

/** One provider that was asked and did not take it. */
export type FailedTry = {
  readonly providerId: string
  readonly kind: SendErrorKind
  /** The vendor's. */
  readonly code: string
  readonly atMs: number
}

/** How a dispatch ended. `posting` settles or releases the money; undefined leaves it held. */
export type Dispatched = Leased & {
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
  /** When to ask the provider what became of it, if nobody tells; undefined: never. */
  readonly queryAtMs: number | undefined
  /** Who would not take it since the row was leased. */
  readonly tried?: readonly FailedTry[] | undefined
  /** Makes it a dead letter. */
  readonly unsent?: UnsentReason | undefined
  /** Another channel may take over. */
  readonly isFallen?: boolean
  readonly atMs: number
}

/** A row that is to be leased again at a later time. It was surely not sent. */
export type Returned = Leased & {
  readonly notBeforeMs: number
  /** Including this one, if anybody was asked. */
  readonly rounds: number
  readonly tried?: readonly FailedTry[]
}

/** Makes the posting that a send's new status calls for; undefined when the money is not moved by it. */
export type Closing = (send: Send, status: ReceiptStatus) => SendClosing | Posting | undefined

/** A delivery and whose word it is. A reference counts only for sends that this provider was asked to carry. */
export type Receipt = Delivery & { readonly providerId: string }

export type RecordedDelivery =
  | { readonly kind: 'recorded'; readonly send: Send; readonly status: SendStatus }
  | { readonly kind: 'repeated'; readonly send: Send }
  | { readonly kind: 'unmatched' }

/** Who has a message, and how it stands. */
export type Carrier = { readonly providerId: string; readonly status: SendStatus }

/** What became of one send so far. */
export type Fate = Carrier & {
  readonly id: SendId
  /** Undefined: it is of a batch. */
  readonly verificationId: Verification['id'] | undefined
  /** Grows from send to send. */
  readonly place: number
  readonly channel: Channel
  readonly country: string
  /** Undefined where the look was the first. */
  readonly phone: Phone | undefined
  readonly createdAtMs: number
  readonly askedAtMs: number | undefined
  /** Whether its code was typed in by now; undefined where nobody can any more, or there is none. */
  readonly isTyped: boolean | undefined
}

export type FateLook = {
  /** Only those behind this place; undefined is a first look, at all of the span. */
  readonly after: number | undefined
  /** When they were created. */
  readonly sinceMs: number
  readonly untilMs: number
  /** The latest of them. */
  readonly limit: number
}

/** A send whose end nobody told yet. `tries` as in `OutboxJob`. */
export type Unheard = FoundSend & { readonly tries: number; readonly rounds: number }

/** Which sends wait for another channel, and for how long they are the caller's. */
export type FallenSpan = {
  readonly nowMs: number
  readonly againAtMs: number
  readonly limit: number
}

/** How long to wait between two questions about one send. */
export type QueryPace = {
  readonly nowMs: number
  /** The wait doubles with the age of the send, from `leastMs` to `mostMs`. */
  readonly leastMs: number
  readonly mostMs: number
  readonly limit: number
}

export interface OutboxStore {
  /**
   * Leases rows that wait for it, see `Places`. Nobody else gets them until the lease ends. A row whose lease ran out is leased again if
   * nobody was named to be asked; else it may have been sent, so it becomes `unknown` and is asked about.
   */
  lease(span: LeaseSpan, places: Places): Promise<readonly OutboxJob[]>
  /** Leases these rows, which are codes, if they are still queued and due; a row that somebody else has is not returned. */
  leaseThese(wanted: readonly Wanted[], span: LeaseSpan): Promise<readonly OutboxJob[]>
  /**
   * Names who is asked next, before they are asked: so that after a crash it is known who may have got the message. False when the row is not
   * the caller's any more, and then nobody may be asked.
   */
  ask(lease: Leased, providerId: string, atMs: number): Promise<boolean>
  /**
   * All of them in one atomic batch; a row that is already over is left alone, and so is its money. Receipts that were
   * waiting for one of them are applied then, with the posting that `closing` makes.
   */
  finish(dispatched: readonly Dispatched[], closing: Closing): Promise<void>
  /** Applies receipts that waited for a send whose answer never came. `finish` does it too. */
  applyEarly(atMs: number, closing: Closing): Promise<void>
  /** Gives leased rows back, all in one batch. */
  giveBack(returned: readonly Returned[]): Promise<void>
  /** A send that was `unknown` turned out not to have been sent: queues it again. False when somebody told otherwise meanwhile. */
  sendAgain(lease: Leased, notBeforeMs: number): Promise<boolean>
  /** Sends for which another channel may take over, until `againAtMs` nobody else's; see `closeFallen`. */
  takeFallen(span: FallenSpan): Promise<readonly CodeSend[]>
  /**
   * Which channel took over. Undefined: none that the caller knows of; the next message of the verification tells if one did before a crash.
   * Else it is a dead letter, unless its number is to blame.
   */
  closeFallen(id: SendId, takenBy: Channel | undefined): Promise<void>
  /** Sends to ask about now; nobody else gets them until their next time. */
  takeUnheard(pace: QueryPace): Promise<readonly Unheard[]>
  /**
   * Applies a receipt by `statusAfter`; segments and cost are noted even where the status stays. A receipt that arrives before
   * the send's own answer is kept, the furthest of several, and applied when the answer comes. `closing` makes the posting;
   * the first one closes the money, so a message that was given up, paid back and then delivered after all stays free.
   */
  recordDelivery(receipt: Receipt, atMs: number, closing: Closing): Promise<RecordedDelivery>
  find(id: SendId): Promise<FoundSend | undefined>
  /** As it stands now. */
  subjectOf(send: Send): Promise<JobSubject | undefined>
  /** Those verifications whose latest send is known not to have arrived. */
  undeliveredOf(ids: readonly Verification['id'][]): Promise<ReadonlySet<Verification['id']>>
  /** The providers that carried each verification's messages and how those stand, the latest one last. */
  carriersOf(
    ids: readonly Verification['id'][],
  ): Promise<ReadonlyMap<Verification['id'], readonly Carrier[]>>
  /** How sends fared that somebody was asked to carry, whoever sent them, the first first. */
  fates(look: FateLook): Promise<readonly Fate[]>
  /** The latest send of each verification. */
  latestOf(ids: readonly Verification['id'][]): Promise<ReadonlyMap<Verification['id'], LatestSend>>
}

/** With what its provider last said against it. */
export type LatestSend = Send & Pick<SendOutcome, 'error'>

/** The order in which leased rows are sent. */
export const byKindThenAge = (left: OutboxJob, right: OutboxJob): number =>
  MESSAGE_KINDS.indexOf(left.send.rate.kind) - MESSAGE_KINDS.indexOf(right.send.rate.kind) ||
  left.send.createdAtMs - right.send.createdAtMs
