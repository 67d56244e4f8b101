import type { AccountId } from '../domain/ids.ts'

export const CLAIM_TTL_MS = 60_000
export const ANSWER_TTL_MS = 24 * 60 * 60 * 1_000

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
  /**
   * Claims the key for this request, or tells what became of the first. A claim without an answer lapses after 60 s, but only
   * for the same request: another one stays a conflict for the 24 h, so a late answer can never land under the wrong request.
   */
  begin(accountId: AccountId, key: string, requestHash: string, nowMs: number): Promise<Begun>
  /** The first answer wins; a later one changes nothing. */
  finish(accountId: AccountId, key: string, answer: StoredAnswer): Promise<void>
  /** The request failed on our side: forget the claim, so that a retry is a first try. */
  abandon(accountId: AccountId, key: string): Promise<void>
  /** Deletes at most `limit` records that are over 24 h old; tells how many it did. */
  purge(nowMs: number, limit: number): Promise<number>
}
