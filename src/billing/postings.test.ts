import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type AccountId,
  newId,
  type PackageId,
  type SendId,
  type VerificationId,
} from '../domain/ids.ts'
import { currency, micros } from '../domain/money.ts'
import type { AnyPosting, Posting } from '../domain/posting.ts'
import type { BillOn } from '../domain/rate.ts'
import { SEND_STATUSES, type SendStatus } from '../domain/send.ts'
import { seededDice } from '../platform/virtual.ts'
import type { Package, PackageLeft } from './packages.ts'
import {
  adjust,
  balanced,
  type Charge,
  closingPosting,
  release,
  reserve,
  settle,
  topUp,
} from './postings.ts'
import { spellOutClosing, spellOutReservation } from './spell-out.ts'

const AT_MS = 1_767_225_600_000
const dice = seededDice(1)
const source = { nowMs: () => AT_MS, randomBytes: dice.bytes }
const accountId: AccountId = newId('AC', source)
const id: SendId = newId('VL', source)
const verificationId: VerificationId = newId('VE', source)
const USD = currency('USD')

type Change = { status?: SendStatus; segments?: number; billOn?: BillOn }
const charge = (
  price: number,
  { status = 'sending', segments = 1, billOn = 'accepted' }: Change = {},
): Charge => ({
  id,
  accountId,
  verificationId,
  price: micros(price * segments),
  currency: USD,
  status,
  channel: 'sms',
  rate: {
    market: 'international',
    kind: 'otp',
    country: 'GB',
    segments,
    unitPrice: micros(price),
    billOn,
    tiers: undefined,
  },
})

let packagesMade = 0
const packageOf = (left: number, change: Partial<Package> = {}): PackageLeft => {
  packagesMade += 1
  const packageId = `PK${String(packagesMade).padStart(32, '0')}` as PackageId
  return {
    left,
    package: {
      id: packageId,
      accountId,
      market: 'international',
      kind: undefined,
      countries: undefined,
      segments: left,
      validFromMs: 0,
      expiresAtMs: AT_MS + 1000,
      grantedAtMs: 0,
      reference: packageId,
      price: micros(0),
      currency: USD,
      ...change,
    },
  }
}

/** As a ledger would, with these packages at hand. */
function spellOut(posting: AnyPosting | undefined, packages: readonly PackageLeft[] = []) {
  if (posting === undefined) return undefined
  if ('entries' in posting) return posting
  if (posting.kind === 'reserve') return spellOutReservation(posting, packages)
  throw new Error('a closing needs its reservation')
}
const closed = (
  sent: Charge,
  kind: 'settle' | 'release',
  packages: readonly PackageLeft[] = [],
) => {
  const reserved = spellOut(reserve(sent, AT_MS), packages)
  const closing = (kind === 'settle' ? settle : release)(sent, AT_MS)
  if (reserved === undefined || closing === undefined) throw new Error('a free send')
  const hasExpired = (which: PackageId) =>
    packages.some((one) => one.package.id === which && one.package.expiresAtMs <= AT_MS)
  return [reserved, spellOutClosing(closing, reserved, hasExpired)]
}

const amountsOf = (postings: readonly (Posting | undefined)[]) => {
  const totals: Record<string, number> = {}
  for (const posting of postings) {
    for (const entry of posting?.entries ?? []) {
      const place = entry.account.split(':')[0] ?? ''
      totals[place] = (totals[place] ?? 0) + entry.amount
    }
  }
  return totals
}

test('every posting sums to zero in each currency and unit, whatever pays', () => {
  const anyPackages = fc.array(
    fc.record({ left: fc.integer({ min: 0, max: 9 }), expired: fc.boolean() }),
    { maxLength: 4 },
  )
  const prices = fc.integer({ min: 1, max: 1_000_000_000 })
  void fc.assert(
    fc.property(prices, fc.integer({ min: 1, max: 20 }), anyPackages, (price, segments, made) => {
      const packages = made.map(({ left }) => packageOf(left))
      const sent = charge(price, { segments })
      const lapsed = packages.map((one, index) => ({
        ...one,
        package: { ...one.package, expiresAtMs: made[index]?.expired ? AT_MS : AT_MS + 1 },
      }))
      for (const kind of ['settle', 'release'] as const) {
        for (const posting of [...closed(sent, kind, packages), ...closed(sent, kind, lapsed)]) {
          expect(() => balanced(posting)).not.toThrow()
        }
      }
    }),
  )
})

test('packages that expire first pay first, then the oldest, and the balance pays the rest', () => {
  const late = packageOf(5, { expiresAtMs: AT_MS + 2000 })
  const young = packageOf(2, { grantedAtMs: 9 })
  const old = packageOf(1, { grantedAtMs: 3 })
  const sent = charge(10, { segments: 4 })
  const reserved = spellOut(reserve(sent, AT_MS), [late, young, old])
  expect(reserved?.entries).toEqual([
    { account: `package:${old.package.id}`, amount: -1_000_000, currency: 'SEG' },
    { account: `reserved:${old.package.id}`, amount: 1_000_000, currency: 'SEG' },
    { account: `package:${young.package.id}`, amount: -2_000_000, currency: 'SEG' },
    { account: `reserved:${young.package.id}`, amount: 2_000_000, currency: 'SEG' },
    { account: `package:${late.package.id}`, amount: -1_000_000, currency: 'SEG' },
    { account: `reserved:${late.package.id}`, amount: 1_000_000, currency: 'SEG' },
  ])
  expect(amountsOf([spellOut(reserve(charge(10, { segments: 9 }), AT_MS), [old])])).toEqual({
    package: -1_000_000,
    reserved: 1_000_000,
    prepaid: -80,
    held: 80,
  })
})

test('a package pays only for what it is for, and only while it is valid', () => {
  const sent = charge(10)
  const pays = (change: Partial<Package>) => {
    const { entries } = spellOut(reserve(sent, AT_MS), [packageOf(1, change)]) ?? { entries: [] }
    return entries.some(({ account }) => account.startsWith('package:'))
  }
  expect(pays({})).toBe(true)
  expect(pays({ kind: 'otp', countries: ['FR', 'GB'] })).toBe(true)
  expect(pays({ kind: 'bulk' })).toBe(false)
  expect(pays({ countries: ['FR'] })).toBe(false)
  expect(pays({ market: 'domestic' })).toBe(false)
  expect(pays({ expiresAtMs: AT_MS })).toBe(false)
  expect(pays({ validFromMs: AT_MS + 1 })).toBe(false)
  const call = reserve({ ...sent, channel: 'voice' }, AT_MS)
  expect(amountsOf([spellOut(call, [packageOf(1)])])).toEqual({ prepaid: -10, held: 10 })
})

test('segments of a package are used or go back, and lapse where it has expired meanwhile', () => {
  const live = packageOf(1)
  const sent = charge(10, { segments: 2 })
  expect(amountsOf(closed(sent, 'settle', [live]))).toEqual({
    package: -1_000_000,
    reserved: 0,
    used: 1_000_000,
    prepaid: -10,
    held: 0,
    revenue: 10,
  })
  expect(amountsOf(closed(sent, 'release', [live]))).toEqual({
    package: 0,
    reserved: 0,
    prepaid: 0,
    held: 0,
  })
  const reserved = spellOut(reserve(sent, AT_MS), [live])
  const closing = release(sent, AT_MS + 1000)
  if (reserved === undefined || closing === undefined) throw new Error('a free send')
  const after = spellOutClosing(closing, reserved, () => true)
  expect(amountsOf([reserved, after])).toMatchObject({ lapsed: 1_000_000, package: -1_000_000 })
})

test('settle and release of one send share a key, so that only one of them can happen', () => {
  expect(settle(charge(5), AT_MS)?.key).toBe(`close:${id}`)
  expect(release(charge(5), AT_MS)?.key).toBe(`close:${id}`)
  expect(reserve(charge(5), AT_MS)?.key).toBe(`reserve:${id}`)
})

const payment = { accountId, currency: USD, reference: 'invoice 1', atMs: AT_MS }

test('a top-up moves money in and is known by its reference', () => {
  const posting = topUp({ ...payment, amount: micros(7) })
  expect(posting.key).toBe(`topup:${accountId}:invoice 1`)
  expect(amountsOf([posting])).toEqual({ cash: -7, prepaid: 7 })
})

test('an adjustment gives back what was earned, or takes more, and says why', () => {
  const refund = { ...payment, amount: micros(7), note: 'never arrived', sendId: id }
  expect(amountsOf([adjust(refund)])).toEqual({ revenue: -7, prepaid: 7 })
  expect(amountsOf([adjust({ ...refund, amount: micros(-7) })])).toEqual({
    revenue: 7,
    prepaid: -7,
  })
  expect(adjust(refund)).toMatchObject({
    key: `adjust:${accountId}:invoice 1`,
    note: 'never arrived',
    sendId: id,
  })
})

test('money held for a send ends as revenue or comes back whole', () => {
  const sent = charge(40_000)
  expect(amountsOf([spellOut(reserve(sent, AT_MS))])).toEqual({ prepaid: -40_000, held: 40_000 })
  expect(amountsOf(closed(sent, 'settle'))).toEqual({ prepaid: -40_000, held: 0, revenue: 40_000 })
  expect(amountsOf(closed(sent, 'release'))).toEqual({ prepaid: 0, held: 0 })
})

test('a free send moves nothing', () => {
  expect(reserve(charge(0), AT_MS)).toBeUndefined()
  for (const outcome of SEND_STATUSES) {
    expect(closingPosting(charge(0), outcome, AT_MS)).toBeUndefined()
  }
})

test.each([
  ['accepted', 'sending', 'sent', 'settle'],
  ['accepted', 'sending', 'delivered', 'settle'],
  ['accepted', 'sending', 'failed', 'release'],
  ['accepted', 'sending', 'unknown', undefined],
  ['accepted', 'unknown', 'delivered', 'settle'],
  ['accepted', 'unknown', 'undelivered', 'release'],
  ['accepted', 'unknown', 'failed', 'release'],
  ['accepted', 'sent', 'delivered', undefined],
  ['accepted', 'sent', 'undelivered', undefined],
  ['accepted', 'sent', 'failed', undefined],
  ['accepted', 'queued', 'sending', undefined],
  ['delivered', 'sending', 'sent', undefined],
  ['delivered', 'sending', 'failed', 'release'],
  ['delivered', 'sending', 'unknown', undefined],
  ['delivered', 'sent', 'delivered', 'settle'],
  ['delivered', 'sent', 'undelivered', 'release'],
  ['delivered', 'sent', 'failed', 'release'],
  ['delivered', 'unknown', 'delivered', 'settle'],
] as const)('billed when %s, a %s send that becomes %s: %s', (billOn, status, outcome, kind) => {
  expect(closingPosting(charge(9, { status, billOn }), outcome, AT_MS)?.kind).toBe(kind)
})

test('nothing in or out, and a negative price, are bugs of ours', () => {
  const nothing = { ...payment, amount: micros(0) }
  expect(() => topUp(nothing)).toThrow('a top-up is more than nothing')
  expect(() => adjust({ ...nothing, note: '', sendId: undefined })).toThrow('is not nothing')
  expect(() => reserve(charge(-1), AT_MS)).toThrow('a price is never negative')
  const other = { ...charge(1), price: micros(2) }
  expect(() => reserve(other, AT_MS)).toThrow('a price is that of its segments')
})
