import type { AccountId, BatchId, ServiceId } from './ids.ts'
import type { MessageKind } from './message-kind.ts'
import type { Currency, Micros } from './money.ts'
import type { SendStatus } from './send.ts'

/** What batches are for; codes have a door of their own. */
export const BATCH_KINDS = ['notice', 'bulk'] as const satisfies readonly MessageKind[]
export type BatchKind = (typeof BATCH_KINDS)[number]

/** Texts of one template to many numbers, taken or refused together. */
export type Batch = {
  readonly id: BatchId
  readonly accountId: AccountId
  readonly serviceId: ServiceId
  readonly kind: BatchKind
  /** The name of the service's template. */
  readonly template: string
  /** Of the texts that were chosen. */
  readonly locale: string
  /** The caller's own name of it, which the account uses once. */
  readonly reference: string | undefined
  /** A digest of the request and its Idempotency-Key, so that a day's retries find what the first try made; undefined without a key. */
  readonly once: string | undefined
  readonly currency: Currency
  readonly createdAtMs: number
  /** Nothing leaves before it. */
  readonly sendAtMs: number
  /** Nothing leaves after it. */
  readonly expiresAtMs: number
  readonly canceledAtMs: number | undefined
  /** When its last message had ended. */
  readonly finishedAtMs: number | undefined
}

/** Why a message of a batch is not sent although its batch is. */
export const MESSAGE_REFUSALS = ['country_not_allowed', 'on_block_list', 'phone_day_cap'] as const
export type MessageRefusal = (typeof MESSAGE_REFUSALS)[number]

/** refused: never sent; test: for a test number, never sent either; canceled: its batch was, before it left. */
export const MESSAGE_STATUSES = [
  'queued',
  'sending',
  'sent',
  'unknown',
  'delivered',
  'undelivered',
  'failed',
  'refused',
  'canceled',
  'test',
] as const satisfies readonly (SendStatus | 'refused' | 'canceled' | 'test')[]
export type MessageStatus = (typeof MESSAGE_STATUSES)[number]

/** What a message of a batch says. */
export type BatchText = {
  /** The template's name, for vendors that registered one. */
  readonly template: string
  readonly locale: string
  readonly variables: Readonly<Record<string, string>>
  /** As it was priced, signature included. */
  readonly body: string
  readonly isCanceled: boolean
}

/** The error code of a message that was held back because its batch was canceled. */
export const CANCELED_CODE = 'batch_canceled'

/** canceled: nothing more leaves, though what had left may still be told of. */
export const BATCH_STATUSES = ['scheduled', 'sending', 'finished', 'canceled'] as const
export type BatchStatus = (typeof BATCH_STATUSES)[number]

export function batchStatusOf(
  {
    canceledAtMs,
    finishedAtMs,
    sendAtMs,
  }: Pick<Batch, 'canceledAtMs' | 'finishedAtMs' | 'sendAtMs'>,
  nowMs: number,
): BatchStatus {
  if (canceledAtMs !== undefined) return 'canceled'
  if (finishedAtMs !== undefined) return 'finished'
  return sendAtMs > nowMs ? 'scheduled' : 'sending'
}

export type FoundBatch = Batch & { readonly totals: BatchTotals }

/** What a batch comes to. */
export type BatchTotals = {
  readonly messages: number
  readonly statuses: Readonly<Partial<Record<MessageStatus, number>>>
  /** Of all messages that were taken, at the price of the list, whoever pays them. */
  readonly price: Micros
  /** Set aside now, from the balance and of packages. */
  readonly held: Micros
  readonly heldSegments: number
  /** Paid for so far. */
  readonly settled: Micros
  readonly settledSegments: number
}
