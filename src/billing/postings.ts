import { assert, unreachable } from '../domain/assert.ts'
import type { AccountId } from '../domain/ids.ts'
import { type Currency, type Micros, negate, plus, ZERO } from '../domain/money.ts'
import type { LedgerAccount, Posting, PostingEntry } from '../domain/posting.ts'
import type { Send, SendStatus } from '../domain/send.ts'

/** What a send's price is posted from. */
export type Charge = Pick<
  Send,
  'id' | 'accountId' | 'verificationId' | 'price' | 'currency' | 'status'
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

/** Sets the price aside before anything leaves. Undefined when the send is free. */
export const reserve = (charge: Charge, atMs: number): Posting | undefined =>
  chargePosting(charge, atMs, {
    key: `reserve:${charge.id}`,
    from: `prepaid:${charge.accountId}`,
    to: `held:${charge.accountId}`,
  })

/** The held price is earned. Shares its key with `release`: a send is closed once, one way or the other. */
export const settle = (charge: Charge, atMs: number): Posting | undefined =>
  chargePosting(charge, atMs, {
    key: `close:${charge.id}`,
    from: `held:${charge.accountId}`,
    to: `revenue:${charge.accountId}`,
  })

/** The held price goes back to the tenant. */
export const release = (charge: Charge, atMs: number): Posting | undefined =>
  chargePosting(charge, atMs, {
    key: `close:${charge.id}`,
    from: `held:${charge.accountId}`,
    to: `prepaid:${charge.accountId}`,
  })

/**
 * What becomes of the held price when a send reaches `outcome`. A price is due when a provider accepted the message and stays
 * due if it is then not delivered, since the provider bills us for it too. What was surely not sent costs nothing.
 * A send that may have been sent keeps its money held until a receipt tells. Undefined: nothing to post now.
 */
export function closingPosting(
  charge: Charge,
  outcome: SendStatus,
  atMs: number,
): Posting | undefined {
  switch (outcome) {
    case 'queued':
    case 'sending':
    case 'unknown':
      return undefined
    case 'sent':
      return settle(charge, atMs)
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
const isSettled = (charge: Charge): boolean => charge.status === 'sent'

type Movement = {
  readonly key: string
  readonly from: LedgerAccount
  readonly to: LedgerAccount
}

function chargePosting(
  { id, accountId, verificationId, price, currency }: Charge,
  atMs: number,
  { key, from, to }: Movement,
): Posting | undefined {
  assert(price >= 0, 'a price is never negative')
  if (price === 0) return undefined
  const entries = move(price, from, to)
  return balanced({ key, accountId, currency, atMs, verificationId, sendId: id, entries })
}

const move = (amount: Micros, from: LedgerAccount, to: LedgerAccount): readonly PostingEntry[] => [
  { account: from, amount: negate(amount) },
  { account: to, amount },
]

function balanced(posting: Posting): Posting {
  const sum = posting.entries.reduce((total, entry) => plus(total, entry.amount), ZERO)
  assert(sum === ZERO, `the entries of ${posting.key} sum to zero`)
  return posting
}
