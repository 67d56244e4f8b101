import type { AccountId, PackageId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import { type Currency, type Micros, negate } from '../domain/money.ts'
import {
  type Cover,
  microsOfSegments,
  type Posting,
  type PostingEntry,
  SEGMENT_UNIT,
} from '../domain/posting.ts'
import type { Market } from '../domain/rate.ts'

/** Prepaid segments. How many are left is told by the ledger, see `package:PK…`. */
export type Package = {
  readonly id: PackageId
  readonly accountId: AccountId
  readonly market: Market
  /** Undefined: good for every kind. */
  readonly kind: MessageKind | undefined
  /** Undefined: good for every country of its market. */
  readonly countries: readonly string[] | undefined
  readonly segments: number
  readonly validFromMs: number
  /** From this instant on nothing is taken from it. */
  readonly expiresAtMs: number
  readonly grantedAtMs: number
  /** The caller's name for the grant; the same reference is granted once. */
  readonly reference: string
  /** Taken from the balance for it; 0 where it was paid elsewhere or given. */
  readonly price: Micros
  readonly currency: Currency
}

export type PackageLeft = { readonly package: Package; readonly left: number }

/** Whether a package may pay for such a send at this instant. */
export const fits = (one: Package, cover: Cover, atMs: number): boolean =>
  one.market === cover.market &&
  (one.kind === undefined || one.kind === cover.kind) &&
  (one.countries === undefined || one.countries.includes(cover.country)) &&
  one.validFromMs <= atMs &&
  one.expiresAtMs > atMs

export type Split = {
  readonly parts: readonly { readonly packageId: PackageId; readonly segments: number }[]
  /** What no package pays. */
  readonly rest: number
}

/** Takes segments from packages, the one that expires first before the others, then the oldest; each is emptied before the next. */
export function splitSegments(segments: number, packages: readonly PackageLeft[]): Split {
  const parts: { packageId: PackageId; segments: number }[] = []
  let rest = segments
  for (const one of packages.toSorted(byUse)) {
    const taken = Math.min(one.left, rest)
    if (taken > 0) parts.push({ packageId: one.package.id, segments: taken })
    rest -= taken
  }
  return { parts, rest }
}

const byUse = ({ package: left }: PackageLeft, { package: right }: PackageLeft): number =>
  left.expiresAtMs - right.expiresAtMs ||
  left.grantedAtMs - right.grantedAtMs ||
  (left.id < right.id ? -1 : 1)

/** Segments come into being in the package, and its price is earned at once. */
export function grantPosting(one: Package): Posting {
  const { accountId, id, price } = one
  const amount = microsOfSegments(one.segments)
  const units: readonly PostingEntry[] = [
    { account: `granted:${accountId}`, amount: negate(amount), currency: SEGMENT_UNIT },
    { account: `package:${id}`, amount, currency: SEGMENT_UNIT },
  ]
  const money: readonly PostingEntry[] = [
    { account: `prepaid:${accountId}`, amount: negate(price) },
    { account: `revenue:${accountId}`, amount: price },
  ]
  return {
    key: `grant:${id}`,
    accountId,
    currency: one.currency,
    atMs: one.grantedAtMs,
    verificationId: undefined,
    sendId: undefined,
    entries: price > 0 ? [...units, ...money] : units,
    note: one.reference,
  }
}
