import type { AccountId, SendId, ServiceId } from '../domain/ids.ts'
import type { Verification } from '../domain/verification.ts'
import type { FailedTry, FoundSend, UnsentReason } from './outbox-store.ts'

/** A message that ended in the outbox, surely not sent, and not for a fault of its number. */
export type DeadLetter = FoundSend & {
  readonly reason: UnsentReason
  /** Everybody who was asked, the first one first. */
  readonly tried: readonly FailedTry[]
  readonly endedAtMs: number
  /** What its code belongs to, as it stands now; undefined for a message of a batch. */
  readonly verification: DeadVerification | undefined
}
export type DeadVerification = Pick<
  Verification,
  'state' | 'attempts' | 'attemptsMax' | 'expiresAtMs' | 'sends' | 'sendsMax'
>

export type DeadLetterFilter = {
  /** As `parsePhone` gives it. */
  readonly phone?: string
  readonly serviceId?: ServiceId
  readonly reason?: UnsentReason
  /** Ended at or after this instant. */
  readonly fromMs?: number
  /** Ended before this instant. */
  readonly toMs?: number
}
export type DeadLetterPage = { readonly limit: number; readonly before: SendId | undefined }

export interface DeadLetterStore {
  /** Newest send first. */
  list(
    accountId: AccountId,
    filter: DeadLetterFilter,
    page: DeadLetterPage,
  ): Promise<readonly DeadLetter[]>
  find(accountId: AccountId, id: SendId): Promise<DeadLetter | undefined>
}
