import { assert } from '../domain/assert.ts'
import type { PackageId } from '../domain/ids.ts'
import { negate, plus, times, ZERO } from '../domain/money.ts'
import {
  type LedgerAccount,
  microsOfSegments,
  type Posting,
  type PostingEntry,
  type Reservation,
  SEGMENT_UNIT,
  type SendClosing,
} from '../domain/posting.ts'
import { fits, type PackageLeft, splitSegments } from './packages.ts'

/** What a reservation takes, given all packages of its account: each part from its package, the rest from the balance. */
export function spellOutReservation(
  reservation: Reservation,
  packages: readonly PackageLeft[],
): Posting {
  const { accountId, segments, unitPrice, cover, atMs } = reservation
  const usable = cover === undefined ? [] : packages.filter((one) => fits(one.package, cover, atMs))
  const { parts, rest } = splitSegments(segments, usable)
  const units = parts.flatMap(({ packageId, segments: taken }): readonly PostingEntry[] => {
    const amount = microsOfSegments(taken)
    return [
      { account: `package:${packageId}`, amount: negate(amount), currency: SEGMENT_UNIT },
      { account: `reserved:${packageId}`, amount, currency: SEGMENT_UNIT },
    ]
  })
  const price = times(unitPrice, rest)
  const money: readonly PostingEntry[] = [
    { account: `prepaid:${accountId}`, amount: negate(price) },
    { account: `held:${accountId}`, amount: price },
  ]
  const { key, currency, verificationId, sendId } = reservation
  const entries = rest > 0 ? [...units, ...money] : units
  return { key, accountId, currency, atMs, verificationId, sendId, entries }
}

/**
 * What a closing moves, given what its send's reservation came to: all that was held or reserved is earned or used, or goes back.
 * Segments of a package that has expired in the meantime do not go back: they lapse with it.
 */
export function spellOutClosing(
  closing: SendClosing,
  reserved: Posting,
  hasExpired: (id: PackageId) => boolean,
): Posting {
  const { key, accountId, atMs, verificationId, sendId } = closing
  const kept = reserved.entries.filter(({ amount }) => amount > 0)
  const targets = new Map<LedgerAccount, PostingEntry>()
  for (const entry of kept) {
    const account = targetOf(closing, entry.account, hasExpired)
    const amount = plus(targets.get(account)?.amount ?? ZERO, entry.amount)
    targets.set(account, { ...entry, account, amount })
  }
  const sources = kept.map((entry) => ({ ...entry, amount: negate(entry.amount) }))
  return {
    key,
    accountId,
    currency: reserved.currency,
    atMs,
    verificationId,
    sendId,
    entries: [...sources, ...targets.values()],
  }
}

function targetOf(
  { kind, accountId }: SendClosing,
  from: LedgerAccount,
  hasExpired: (id: PackageId) => boolean,
): LedgerAccount {
  const [place, id = ''] = from.split(':')
  assert(place === 'held' || place === 'reserved', 'a reservation holds or reserves')
  if (place === 'held') return kind === 'settle' ? `revenue:${accountId}` : `prepaid:${accountId}`
  if (kind === 'settle') return `used:${accountId}`
  const packageId = id as PackageId
  return hasExpired(packageId) ? `lapsed:${accountId}` : `package:${packageId}`
}
