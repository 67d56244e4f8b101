import type { AccountId, EntryId, PostingId, SendId, VerificationId } from '../domain/ids.ts'
import type { Currency, Micros } from '../domain/money.ts'
import type { AnyPosting, LedgerAccount } from '../domain/posting.ts'

export type LedgerEntry = {
  readonly id: EntryId
  readonly postingId: PostingId
  readonly postingKey: string
  readonly account: LedgerAccount
  readonly amount: Micros
  readonly currency: Currency
  readonly atMs: number
  readonly verificationId: VerificationId | undefined
  readonly sendId: SendId | undefined
  readonly note: string | undefined
}

export type Balance = {
  readonly currency: Currency
  /** Free to spend. */
  readonly available: Micros
  /** Set aside for sends whose outcome is not known. */
  readonly held: Micros
  /** Spent so far. */
  readonly spent: Micros
}

export interface LedgerStore {
  /**
   * All entries or none. `duplicate` when its key was posted before, or when it closes what was never reserved; `short` when
   * a prepaid account would fall below zero.
   */
  post(posting: AnyPosting): Promise<'posted' | 'duplicate' | 'short'>
  balance(accountId: AccountId): Promise<Balance>
  /** Newest first. */
  entries(
    accountId: AccountId,
    page: { limit: number; before: EntryId | undefined },
  ): Promise<readonly LedgerEntry[]>
  /** Sum of every entry ever posted, per currency and unit; zero, or the books are broken. */
  trialBalance(): Promise<ReadonlyMap<Currency, Micros>>
}
