import type { Batch, FoundBatch, MessageRefusal, MessageStatus } from '../domain/batch.ts'
import type { AccountId, BatchId, SendId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'
import type { Phone } from '../domain/phone.ts'
import type { Rate } from '../domain/rate.ts'
import type { Short, Stopped } from '../domain/refusal.ts'
import type { SendError } from '../domain/send-error.ts'

/** A message as it comes in. Ids ascend in the order of the request. */
export type DraftMessage = {
  readonly id: SendId
  readonly phone: Phone
  readonly country: string
  readonly variables: Readonly<Record<string, string>>
  readonly body: string
  readonly segments: number
  readonly reference: string | undefined
  /** What is known before anything is written; undefined: it is to be sent if its number has not had enough. */
  readonly withheld: MessageRefusal | 'test' | undefined
}

export type BatchLimits = {
  /** Messages of this kind to one number by the account within 24 h. */
  readonly phoneDay: number
  /** Calendar (UTC) hour and day of the service; undefined means no limit. */
  readonly serviceHour: Micros | undefined
  readonly serviceDay: Micros | undefined
  /** Whether the account has budgets, which are then looked up and counted in the same write. */
  readonly budgets: boolean
}

export type BatchOpening = {
  readonly batch: Batch
  readonly messages: readonly DraftMessage[]
  /** Of one segment, one for each country of the messages. */
  readonly rates: readonly Omit<Rate, 'segments'>[]
  readonly limits: BatchLimits
}

export type BatchOpened =
  | { readonly kind: 'opened'; readonly batch: FoundBatch }
  /** The account has a batch of that reference. */
  | { readonly kind: 'reference_taken' }
  | Stopped
  | Short

export type BatchMessage = {
  readonly id: SendId
  readonly phone: Phone
  readonly reference: string | undefined
  readonly status: MessageStatus
  /** Of a refused one. */
  readonly refusal: MessageRefusal | undefined
  readonly error: SendError | undefined
  readonly country: string
  readonly segments: number
  /** At the price of the list; nothing for what is not sent. */
  readonly price: Micros
  /** When nothing more was waited for. */
  readonly endedAtMs: number | undefined
}

export type BatchPage = { readonly limit: number; readonly before: BatchId | undefined }
export type MessagePage = {
  readonly limit: number
  readonly after: SendId | undefined
  readonly status: MessageStatus | undefined
}
export type BatchKey = { readonly accountId: AccountId; readonly id: BatchId }

/** Each verb is one atomic step. */
export interface BatchStore {
  /**
   * Batch, messages, outbox rows, reservations and budgets in one write: all or nothing. What a number's cap keeps back is refused
   * by itself and neither reserved nor counted. A batch that was made within a day by the same `once` is answered as it is.
   */
  open(opening: BatchOpening): Promise<BatchOpened>
  find(key: BatchKey): Promise<FoundBatch | undefined>
  /** Newest first. */
  list(accountId: AccountId, page: BatchPage): Promise<readonly FoundBatch[]>
  /** In the order in which they came in. */
  messages(id: BatchId, page: MessagePage): Promise<readonly BatchMessage[]>
  /** Makes what still waits due, so that the outbox lets go of it. True for exactly one caller; false when it was over. */
  cancel(key: BatchKey, nowMs: number): Promise<boolean>
  /** Ends messages that were sent before `sentBeforeMs` and whose receipt nobody brought; answers how many. */
  endUnheard(sentBeforeMs: number, atMs: number, limit: number): Promise<number>
}
