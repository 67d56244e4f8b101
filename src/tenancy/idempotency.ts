import type { AccountId } from '../domain/ids.ts'

export type StoredAnswer = {
  readonly status: number
  readonly body: string
  readonly contentType: string
}

export type Begun =
  | { readonly kind: 'first' }
  | { readonly kind: 'again'; readonly answer: StoredAnswer }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'in_flight' }

/** First answers by Idempotency-Key, kept 24 h. Bodies may hold personal data, so implementations seal them. */
export interface IdempotencyStore {
  /** Claims the key for this request, or tells what became of the first. A claim without an answer lapses after 60 s. */
  begin(accountId: AccountId, key: string, requestHash: string, nowMs: number): Promise<Begun>
  finish(accountId: AccountId, key: string, answer: StoredAnswer): Promise<void>
  /** The request failed on our side: forget the claim, so that a retry is a first try. */
  abandon(accountId: AccountId, key: string): Promise<void>
}
