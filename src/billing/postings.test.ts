import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AccountId, newId, type SendId, type VerificationId } from '../domain/ids.ts'
import { currency, micros } from '../domain/money.ts'
import type { Posting } from '../domain/posting.ts'
import { SEND_STATUSES, type SendStatus } from '../domain/send.ts'
import { seededDice } from '../platform/virtual.ts'
import { type Charge, closingPosting, release, reserve, settle, topUp } from './postings.ts'

const AT_MS = 1_767_225_600_000
const dice = seededDice(1)
const source = { nowMs: () => AT_MS, randomBytes: dice.bytes }
const accountId: AccountId = newId('AC', source)
const id: SendId = newId('VL', source)
const verificationId: VerificationId = newId('VE', source)

const charge = (price: number, status: SendStatus = 'sending'): Charge => ({
  id,
  accountId,
  verificationId,
  price: micros(price),
  currency: currency('USD'),
  status,
})
const prices = fc.integer({ min: 1, max: 1_000_000_000_000 })
const sumOf = (posting: Posting | undefined) =>
  posting?.entries.reduce((sum, entry) => sum + entry.amount, 0)
const amountsOf = (postings: readonly (Posting | undefined)[]) => {
  const totals: Record<string, number> = {}
  for (const entry of postings.flatMap((posting) => posting?.entries ?? [])) {
    const place = entry.account.split(':')[0] ?? ''
    totals[place] = (totals[place] ?? 0) + entry.amount
  }
  return totals
}

test('every posting sums to zero', () => {
  void fc.assert(
    fc.property(prices, (price) => {
      const sent = charge(price)
      const paid = topUp({
        accountId,
        amount: micros(price),
        currency: currency('USD'),
        reference: 'r',
        atMs: AT_MS,
      })
      for (const posting of [
        paid,
        reserve(sent, AT_MS),
        settle(sent, AT_MS),
        release(sent, AT_MS),
      ]) {
        expect(sumOf(posting)).toBe(0)
      }
    }),
  )
})

test('settle and release of one send share a key, so that only one of them can happen', () => {
  expect(settle(charge(5), AT_MS)?.key).toBe(`close:${id}`)
  expect(release(charge(5), AT_MS)?.key).toBe(`close:${id}`)
  expect(reserve(charge(5), AT_MS)?.key).toBe(`reserve:${id}`)
})

test('a top-up moves money in and is known by its reference', () => {
  const posting = topUp({
    accountId,
    amount: micros(7),
    currency: currency('EUR'),
    reference: 'invoice 1',
    atMs: AT_MS,
  })
  expect(posting.key).toBe(`topup:${accountId}:invoice 1`)
  expect(amountsOf([posting])).toEqual({ cash: -7, prepaid: 7 })
})

test('money held for a send ends as revenue or comes back whole', () => {
  const sent = charge(40_000)
  const held = reserve(sent, AT_MS)
  expect(amountsOf([held])).toEqual({ prepaid: -40_000, held: 40_000 })
  expect(amountsOf([held, settle(sent, AT_MS)])).toEqual({
    prepaid: -40_000,
    held: 0,
    revenue: 40_000,
  })
  expect(amountsOf([held, release(sent, AT_MS)])).toEqual({ prepaid: 0, held: 0 })
})

test('a free send moves nothing', () => {
  expect(reserve(charge(0), AT_MS)).toBeUndefined()
  for (const outcome of SEND_STATUSES) {
    expect(closingPosting(charge(0), outcome, AT_MS)).toBeUndefined()
  }
})

test.each([
  ['sending', 'sent', 'revenue'],
  ['sending', 'delivered', 'revenue'],
  ['sending', 'failed', 'prepaid'],
  ['sending', 'unknown', undefined],
  ['unknown', 'delivered', 'revenue'],
  ['unknown', 'undelivered', 'prepaid'],
  ['unknown', 'failed', 'prepaid'],
  ['sent', 'delivered', undefined],
  ['sent', 'undelivered', undefined],
  ['sent', 'failed', undefined],
  ['queued', 'sending', undefined],
] as const)('a %s send that becomes %s moves its price to %s', (status, outcome, place) => {
  const posting = closingPosting(charge(9, status), outcome, AT_MS)
  expect(posting?.entries.find((entry) => entry.amount > 0)?.account.split(':')[0]).toBe(place)
})

test('a top-up of nothing and a negative price are bugs of ours', () => {
  const nothing = {
    accountId,
    amount: micros(0),
    currency: currency('USD'),
    reference: 'r',
    atMs: 0,
  }
  expect(() => topUp(nothing)).toThrow('a top-up is more than nothing')
  expect(() => reserve(charge(-1), AT_MS)).toThrow('a price is never negative')
})
