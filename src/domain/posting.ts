import type { AccountId, SendId, VerificationId } from './ids.ts'
import type { Currency, Micros } from './money.ts'

/** Where value can stand. A tenant pays in, we hold while a message flies, we earn when it lands. */
export type LedgerAccount =
  | `prepaid:${AccountId}`
  | `held:${AccountId}`
  | `revenue:${AccountId}`
  | `cash:${AccountId}`

export type PostingEntry = { readonly account: LedgerAccount; readonly amount: Micros }

/** One indivisible posting; its entries sum to zero. `key` makes it happen at most once, however often it is retried. */
export type Posting = {
  readonly key: string
  readonly accountId: AccountId
  readonly currency: Currency
  readonly atMs: number
  readonly verificationId: VerificationId | undefined
  readonly sendId: SendId | undefined
  readonly entries: readonly PostingEntry[]
}
