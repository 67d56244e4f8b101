import { assert, unreachable } from '../domain/assert.ts'
import type { AccountId, SendId } from '../domain/ids.ts'
import { type Currency, type Micros, negate, plus, times, ZERO } from '../domain/money.ts'
import type {
  LedgerAccount,
  Posting,
  PostingEntry,
  Reservation,
  SendClosing,
} from '../domain/posting.ts'
import type { Send, SendStatus } from '../domain/send.ts'

/** What a send's price is posted from. */
export type Charge = Pick<
  Send,
  'id' | 'accountId' | 'verificationId' | 'price' | 'currency' | 'status' | 'channel' | 'rate'
>

export type TopUp = {
  readonly accountId: AccountId
  readonly amount: Micros
  readonly currency: Currency
  /** The caller's name for the payment; the same reference is booked once. */
  readonly reference: string
  readonly atMs: number
}

/** Money from outside becomes the tenant's balance. */
export function topUp({ accountId, amount, currency, reference, atMs }: TopUp): Posting {
  assert(amount > 0, 'a top-up is more than nothing')
  return balanced({
    key: `topup:${accountId}:${reference}`,
    accountId,
    currency,
    atMs,
    verificationId: undefined,
    sendId: undefined,
    entries: move(amount, `cash:${accountId}`, `prepaid:${accountId}`),
  })
}

export type Adjustment = TopUp & {
  /** Why, in the words of who books it. */
  readonly note: string
  /** What it is about, if it is about one send. */
  readonly sendId: SendId | undefined
}

/** A correction or refund: a positive amount goes back from what was earned to the balance, a negative one the other way. */
export function adjust(adjustment: Adjustment): Posting {
  const { accountId, amount, currency, reference, atMs, note, sendId } = adjustment
  assert(amount !== 0, 'an adjustment is not nothing')
  return balanced({
    key: `adjust:${accountId}:${reference}`,
    accountId,
    currency,
    atMs,
    verificationId: undefined,
    sendId,
    entries: move(amount, `revenue:${accountId}`, `prepaid:${accountId}`),
    note,
  })
}

/** Sets the price aside before anything leaves, from packages first. Undefined when the send is free. */
export function reserve(charge: Charge, atMs: number): Reservation | undefined {
  const { id, accountId, verificationId, price, currency, channel, rate } = charge
  const { segments, unitPrice, market, kind, country } = rate
  assert(price >= 0, 'a price is never negative')
  assert(price === times(unitPrice, segments), 'a price is that of its segments')
  if (price === 0) return undefined
  return {
    kind: 'reserve',
    key: `reserve:${id}`,
    accountId,
    currency,
    atMs,
    verificationId,
    sendId: id,
    segments,
    unitPrice,
    cover: channel === 'sms' ? { market, kind, country } : undefined,
  }
}

/** What was held is earned. Shares its key with `release`: a send is closed once, one way or the other. */
export const settle = (charge: Charge, atMs: number): SendClosing | undefined =>
  closing(charge, 'settle', atMs)

/** What was held goes back to where it came from. */
export const release = (charge: Charge, atMs: number): SendClosing | undefined =>
  closing(charge, 'release', atMs)

function closing(
  { id, accountId, verificationId, price }: Charge,
  kind: SendClosing['kind'],
  atMs: number,
): SendClosing | undefined {
  if (price === 0) return undefined
  return { kind, key: `close:${id}`, accountId, atMs, verificationId, sendId: id }
}

/**
 * What becomes of what is held when a send reaches `outcome`. A price that is billed on acceptance is due then and stays due if the
 * message is not delivered, since the provider bills us for it too; one that is billed on delivery waits for the receipt. What
 * was surely not sent costs nothing. A send that may have been sent keeps its money held until a receipt tells. Undefined:
 * nothing to post now.
 */
export function closingPosting(
  charge: Charge,
  outcome: SendStatus,
  atMs: number,
): SendClosing | undefined {
  switch (outcome) {
    case 'queued':
    case 'sending':
    case 'unknown':
      return undefined
    case 'sent':
      return charge.rate.billOn === 'accepted' ? settle(charge, atMs) : undefined
    case 'delivered':
      return isSettled(charge) ? undefined : settle(charge, atMs)
    case 'undelivered':
    case 'failed':
      return isSettled(charge) ? undefined : release(charge, atMs)
    default:
      return unreachable(outcome)
  }
}

/** Acceptance was the moment of payment; a receipt that follows changes no money. */
const isSettled = (charge: Charge): boolean =>
  charge.status === 'sent' && charge.rate.billOn === 'accepted'

const move = (amount: Micros, from: LedgerAccount, to: LedgerAccount): readonly PostingEntry[] => [
  { account: from, amount: negate(amount) },
  { account: to, amount },
]

/** Throws unless the entries of each currency and unit sum to zero. */
export function balanced(posting: Posting): Posting {
  const sums = new Map<Currency, Micros>()
  for (const { amount, currency = posting.currency } of posting.entries) {
    sums.set(currency, plus(sums.get(currency) ?? ZERO, amount))
  }
  for (const sum of sums.values()) {
    assert(sum === ZERO, `the entries of ${posting.key} sum to zero`)
  }
  return posting
}
