declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

export type AccountId = Branded<'AccountId'>
export type KeyId = Branded<'KeyId'>
export type ServiceId = Branded<'ServiceId'>
export type VerificationId = Branded<'VerificationId'>
export type SendId = Branded<'SendId'>
export type BatchId = Branded<'BatchId'>
export type DecisionId = Branded<'DecisionId'>
export type PostingId = Branded<'PostingId'>
export type EntryId = Branded<'EntryId'>
export type PackageId = Branded<'PackageId'>
export type BudgetId = Branded<'BudgetId'>
export type ReportId = Branded<'ReportId'>
export type ListEntryId = Branded<'ListEntryId'>
export type RangeBlockId = Branded<'RangeBlockId'>
export type MessageId = Branded<'MessageId'>
export type WebhookId = Branded<'WebhookId'>
export type EventId = Branded<'EventId'>
export type AttemptId = Branded<'AttemptId'>
export type RequestId = Branded<'RequestId'>

type IdOf = {
  AC: AccountId
  SK: KeyId
  VA: ServiceId
  VE: VerificationId
  VL: SendId
  BA: BatchId
  DE: DecisionId
  LP: PostingId
  LE: EntryId
  PK: PackageId
  BG: BudgetId
  FR: ReportId
  LI: ListEntryId
  RB: RangeBlockId
  SM: MessageId
  WH: WebhookId
  EV: EventId
  WA: AttemptId
  RQ: RequestId
}
export type IdPrefix = keyof IdOf

/** What making an id needs of the platform. */
export type IdSource = {
  readonly nowMs: () => number
  readonly randomBytes: (length: number) => Uint8Array
}

const TIME_DIGITS = 12
const RANDOM_BYTES = 10

/**
 * A fresh id: prefix, 12 hex digits of Unix milliseconds, 20 hex digits of chance. Ids of one kind sort
 * by age, so an index grows at its end and a cursor is just the last id seen.
 */
export function newId<P extends IdPrefix>(prefix: P, source: IdSource): IdOf[P] {
  const time = source.nowMs().toString(16).padStart(TIME_DIGITS, '0')
  return `${prefix}${time}${toHex(source.randomBytes(RANDOM_BYTES))}` as IdOf[P]
}

/** The id that comes before every one of its kind made at or after `atMs`: where a walk through time begins. */
export const firstIdAt = <P extends IdPrefix>(prefix: P, atMs: number): IdOf[P] =>
  `${prefix}${Math.max(0, atMs).toString(16).padStart(TIME_DIGITS, '0')}${'0'.repeat(RANDOM_BYTES * 2)}` as IdOf[P]

/** Reads an id from outside; undefined when it has not the shape of its kind. */
export function parseId<P extends IdPrefix>(prefix: P, text: string): IdOf[P] | undefined {
  const shaped =
    text.length === 34 && text.startsWith(prefix) && /^[0-9a-f]{32}$/.test(text.slice(2))
  return shaped ? (text as IdOf[P]) : undefined
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}
