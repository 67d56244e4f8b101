import type { AccountId, ListEntryId } from '../domain/ids.ts'

export const LIST_NAMES = ['allow', 'block'] as const
export type ListName = (typeof LIST_NAMES)[number]

/** range: E.164 digits with `+`, matches every number that starts with it; cidr: v4 or v6; asn: decimal digits; country: of the phone number. */
export const LIST_KINDS = ['phone', 'range', 'ip', 'cidr', 'asn', 'country', 'device'] as const
export type ListKind = (typeof LIST_KINDS)[number]

export type ListEntry = {
  readonly id: ListEntryId
  /** undefined: from the operator's rules/lists, for every account. */
  readonly accountId: AccountId | undefined
  readonly list: ListName
  readonly kind: ListKind
  /** Canonical text of its kind. */
  readonly value: string
  readonly note: string | undefined
  readonly author: string
  readonly createdAtMs: number
  readonly expiresAtMs: number | undefined
}

export interface ListStore {
  /** Adds or, for the same list, kind and value, replaces. */
  put(entry: ListEntry): Promise<ListEntry>
  remove(accountId: AccountId, list: ListName, id: ListEntryId): Promise<boolean>
  list(
    accountId: AccountId,
    list: ListName,
    page: { limit: number; before: ListEntryId | undefined },
  ): Promise<readonly ListEntry[]>
  /** Everything of one account that has not expired, for the in-memory matcher. */
  active(accountId: AccountId, nowMs: number): Promise<readonly ListEntry[]>
  /** Changes whenever an entry of the account changes; cheap enough to ask on every request. */
  version(accountId: AccountId): Promise<number>
}
