import type { Outcome } from '../domain/decision.ts'
import type { AccountId, ServiceId, VerificationId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'
import type { Posting, Reservation } from '../domain/posting.ts'
import type { Short, Stopped } from '../domain/refusal.ts'
import type { CodeSend } from '../domain/send.ts'
import type { Verification, VerificationKey, VerificationStatus } from '../domain/verification.ts'

/** Rolling limits of sends to one number, and spend limits of one service. They hold under any concurrency. */
export type HardLimits = {
  /** Sends to this number by this account within the last 60 s, 1 h, 24 h; and by all accounts within 24 h. */
  readonly phoneMinute: number
  readonly phoneHour: number
  readonly phoneDay: number
  readonly phoneDayAllAccounts: number
  /** Calendar (UTC) hour and day of the service; undefined means no limit. */
  readonly serviceHour: Micros | undefined
  readonly serviceDay: Micros | undefined
  /** Whether the account has budgets, which are then looked up and counted in the same write. */
  readonly budgets: boolean
}

export type Refusal = Stopped | Short | { readonly kind: 'challenge_spent' }

export type Opened = { readonly kind: 'opened' } | Refusal

export type Opening = {
  readonly verification: Verification
  readonly send: CodeSend
  /** From packages or the balance to what is held; undefined when the send is free. */
  readonly reservation: Reservation | Posting | undefined
  readonly limits: HardLimits
  /** Nonce of a solved challenge, spent with this request; a second use is refused. */
  readonly challengeNonce: string | undefined
}

export type Resent =
  | { readonly kind: 'resent'; readonly verification: Verification }
  | { readonly kind: 'missing' }
  | { readonly kind: 'closed'; readonly status: VerificationStatus }
  | { readonly kind: 'sends_exhausted' }
  | Refusal

/** One spent attempt: what the code is derived from, and which attempt it is (from 1). */
export type Claim =
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'closed'
      readonly verification: Verification
      readonly status: VerificationStatus
    }
  | { readonly kind: 'open'; readonly verification: Verification; readonly attempt: number }

export type VerificationFilter = {
  readonly phone?: string
  readonly status?: VerificationStatus
  readonly outcome?: Outcome
  readonly serviceId?: ServiceId
  readonly fromMs?: number
  readonly toMs?: number
}

/** Each verb is one atomic step. Nobody outside storage reads, thinks and writes back. */
export interface VerificationStore {
  /** Verification, outbox row, reservation, budgets and caps in one write: all or nothing. */
  open(opening: Opening): Promise<Opened>
  /** Stores a blocked or challenged request with its decision. Nothing is sent and nothing is charged. */
  refuse(verification: Verification): Promise<void>
  /** The next generation of an open verification: same guards as `open`; attempts are not refilled. */
  resend(key: VerificationKey, opening: Omit<Opening, 'verification'>): Promise<Resent>
  /** Spends one attempt first, then tells: two racers can never share an attempt. */
  claimAttempt(key: VerificationKey, nowMs: number): Promise<Claim>
  /** True for exactly one caller, ever. */
  approve(key: VerificationKey, nowMs: number): Promise<boolean>
  /** True for exactly one caller; false when it was not open. */
  cancel(key: VerificationKey, nowMs: number): Promise<boolean>
  find(key: VerificationKey): Promise<Verification | undefined>
  /** Newest first, at most `limit`, older than `before` when given. */
  list(
    accountId: AccountId,
    filter: VerificationFilter,
    page: Page,
  ): Promise<readonly Verification[]>
  /**
   * Marks up to `limit` verifications sent before `sentBeforeMs` as matured and returns those, each exactly once ever.
   * Its state then tells whether the code was used.
   */
  takeMatured(sentBeforeMs: number, limit: number): Promise<readonly Verification[]>
  /**
   * Requests of all accounts whose id comes after `after`, oldest first, at most `limit`: what counters are rebuilt from.
   * Ids sort by the millisecond they were made in, see `newId`.
   */
  since(after: VerificationId, limit: number): Promise<readonly Verification[]>
}

/** `nowMs` is what `status` is read against. */
export type Page = {
  readonly limit: number
  readonly before: VerificationId | undefined
  readonly nowMs: number
}
