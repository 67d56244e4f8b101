import type { AccountId, PackageId, SendId, VerificationId } from './ids.ts'
import type { MessageKind } from './message-kind.ts'
import { type Currency, currency, type Micros, micros } from './money.ts'
import type { Market } from './rate.ts'

/**
 * Where value can stand. Money: a tenant pays in, we hold while a message flies, we earn when it lands. Segments of packages:
 * granted to a tenant, in a package, reserved while a message flies, then used, or lapsed with their package.
 */
export type LedgerAccount =
  | `prepaid:${AccountId}`
  | `held:${AccountId}`
  | `revenue:${AccountId}`
  | `cash:${AccountId}`
  | `granted:${AccountId}`
  | `package:${PackageId}`
  | `reserved:${PackageId}`
  | `used:${AccountId}`
  | `lapsed:${AccountId}`

/** What packages are kept in, beside the currencies: a segment is a unit, so a million micros. */
export const SEGMENT_UNIT = currency('SEG')
const MICROS_PER_SEGMENT = 1_000_000
export const microsOfSegments = (segments: number): Micros => micros(segments * MICROS_PER_SEGMENT)
export const segmentsOfMicros = (amount: Micros): number => amount / MICROS_PER_SEGMENT

export type PostingEntry = {
  readonly account: LedgerAccount
  readonly amount: Micros
  /** Undefined: the posting's. */
  readonly currency?: Currency
}

type PostingHead = {
  /** Makes it happen at most once in its account, however often it is retried. */
  readonly key: string
  readonly accountId: AccountId
  readonly atMs: number
  readonly verificationId: VerificationId | undefined
}

/** One indivisible posting; its entries sum to zero in each currency and unit. */
export type Posting = PostingHead & {
  readonly currency: Currency
  readonly sendId: SendId | undefined
  readonly entries: readonly PostingEntry[]
  /** Why it was booked, in the words of who did it. */
  readonly note?: string
}

/**
 * Sets a send's price aside: from packages that fit, then from the balance. Which packages those are and what is left to pay is found
 * out in the very step that takes it.
 */
export type Reservation = PostingHead & {
  readonly kind: 'reserve'
  readonly currency: Currency
  readonly sendId: SendId
  readonly segments: number
  readonly unitPrice: Micros
  /** What a package must be for; undefined: only the balance pays. */
  readonly cover: Cover | undefined
}

export type Cover = {
  readonly market: Market
  readonly kind: MessageKind
  readonly country: string
}

/** Earns what was reserved for a send, or gives it back to where it came from. Both share one key, so one of them happens once. */
export type SendClosing = PostingHead & {
  readonly kind: 'settle' | 'release'
  readonly sendId: SendId
}

/** Whatever can be posted. */
export type AnyPosting = Posting | Reservation | SendClosing
