import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { monthCharged, monthCost, reratingOf } from '../../../src/billing/months.ts'
import type { Package } from '../../../src/billing/packages.ts'
import { closingPosting, release, reserve, settle } from '../../../src/billing/postings.ts'
import { newId } from '../../../src/domain/ids.ts'
import { micros, times, ZERO } from '../../../src/domain/money.ts'
import type { Rate, Tier } from '../../../src/domain/rate.ts'
import type { CodeSend } from '../../../src/domain/send.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  BOB,
  DAY,
  HOUR,
  idSource,
  MINUTE,
  type OpenStores,
  opening,
  rateOf,
  type StoreSet,
  sendOf,
  T0,
  topUp,
  USD,
  verification,
} from './examples.ts'

const PRICE = micros(10_000)
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

function packageOf(segments: number, change: Partial<Package> = {}): Package {
  const id = newId('PK', idSource(T0))
  return {
    id,
    accountId: ALICE,
    market: 'international',
    kind: undefined,
    countries: undefined,
    segments,
    validFromMs: T0 - DAY,
    expiresAtMs: T0 + DAY,
    grantedAtMs: T0 - DAY,
    reference: id,
    price: ZERO,
    currency: USD,
    ...change,
  }
}

function drafted(
  segments: number,
  rate: Partial<Rate> = {},
  change: Partial<CodeSend> = {},
): CodeSend {
  const of = verification({ price: times(rate.unitPrice ?? PRICE, segments) })
  return sendOf(of, { rate: rateOf(of, { unitPrice: PRICE, segments, ...rate }), ...change })
}

/** Packages and tiers with the ledger and the outbox that they share their books with. */
export function billingSuite(name: string, open: OpenStores): void {
  describe(`billing in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
      await stores.ledger.post(topUp(10_000_000))
    })
    afterEach(() => stores.close())

    const balance = async () => {
      const { available, held, spent } = await stores.ledger.balance(ALICE)
      return { available, held, spent }
    }
    const left = async (...packages: readonly Package[]) => {
      const found = await stores.packages.list(ALICE, { limit: 100, before: undefined })
      return packages.map((one) => {
        const state = found.find((each) => each.package.id === one.id)
        return [state?.left, state?.reserved]
      })
    }
    const post = (posting: Parameters<StoreSet['ledger']['post']>[0] | undefined) =>
      posting === undefined ? Promise.resolve('free' as const) : stores.ledger.post(posting)
    /** As a login flow and its dispatcher do it: reserved with the send, closed with its answer. */
    const put = async (send: CodeSend) => {
      const of = verification({ id: send.verificationId, createdAtMs: send.createdAtMs })
      const reservation = reserve(send, send.createdAtMs)
      return stores.verifications.open(opening({ verification: of, send, reservation }))
    }
    const answer = (send: CodeSend, status: 'sent' | 'failed' | 'unknown', atMs = T0 + 1000) =>
      stores.outbox.finish(
        [accepted(send.id, { status, atMs, posting: closingPosting(send, status, atMs) })],
        (closed, became) => closingPosting(closed, became, atMs),
      )
    const expectZero = async () => {
      for (const total of (await stores.ledger.trialBalance()).values()) expect(total).toBe(0)
    }

    test('a package is granted once under its reference, and is listed with what is left', async () => {
      const one = packageOf(5, { kind: 'otp', countries: ['GB', 'FR'], reference: 'order 1' })
      expect(await stores.packages.grant(one)).toBe('granted')
      const again = packageOf(7, { reference: 'order 1' })
      expect(await stores.packages.grant(again)).toBe('duplicate')
      expect(await stores.packages.grant(packageOf(7, { accountId: BOB }))).toBe('granted')
      const listed = await stores.packages.list(ALICE, { limit: 10, before: undefined })
      expect(listed).toEqual([{ package: one, left: 5, reserved: 0 }])
      expect(await stores.packages.list(ALICE, { limit: 10, before: one.id })).toEqual([])
      await expectZero()
    })

    test('a package that costs something is paid from the balance, or not granted at all', async () => {
      expect(await stores.packages.grant(packageOf(5, { price: micros(400) }))).toBe('granted')
      expect(await balance()).toEqual({ available: 9_999_600, held: 0, spent: 400 })
      expect(await stores.packages.grant(packageOf(5, { price: micros(9_999_601) }))).toBe('short')
      expect(await stores.packages.list(ALICE, { limit: 10, before: undefined })).toHaveLength(1)
    })

    test('a send that fits partly takes from packages in their order and the rest from the balance', async () => {
      const soon = packageOf(2, { expiresAtMs: T0 + HOUR })
      const old = packageOf(1, { grantedAtMs: T0 - 2 * DAY })
      const young = packageOf(1)
      const foreign = packageOf(9, { market: 'domestic' })
      for (const one of [young, foreign, old, soon]) await stores.packages.grant(one)
      const first = drafted(3)
      expect((await put(first)).kind).toBe('opened')
      expect(await left(soon, old, young, foreign)).toEqual([
        [0, 2],
        [0, 1],
        [1, 0],
        [9, 0],
      ])
      const second = drafted(3)
      await put(second)
      expect(await left(young)).toEqual([[0, 1]])
      expect(await balance()).toEqual({ available: 9_980_000, held: 20_000, spent: 0 })
      await answer(second, 'sent')
      await answer(first, 'failed')
      expect(await left(soon, old, young)).toEqual([
        [2, 0],
        [1, 0],
        [0, 0],
      ])
      expect(await balance()).toEqual({ available: 9_980_000, held: 0, spent: 20_000 })
      await expectZero()
    })

    test('a package is never taken below nothing, however many ask at the same moment', async () => {
      const packages = [packageOf(7), packageOf(6)]
      for (const one of packages) await stores.packages.grant(one)
      const sends = range(20).map(() => drafted(2))
      const answers = await Promise.all(sends.map((send) => post(reserve(send, T0))))
      expect(new Set(answers)).toEqual(new Set(['posted']))
      expect(await left(...packages)).toEqual([
        [0, 7],
        [0, 6],
      ])
      expect((await balance()).held).toBe(27 * PRICE)
      const ends = await Promise.all(
        sends.flatMap((send) => [post(settle(send, T0)), post(release(send, T0))]),
      )
      expect(ends.filter((end) => end === 'posted')).toHaveLength(20)
      expect((await balance()).held).toBe(0)
      await expectZero()
    })

    test('where balance and packages do not cover a send, neither is touched', async () => {
      const one = packageOf(1)
      await stores.packages.grant(one)
      const dear = drafted(2, { unitPrice: micros(10_000_001) })
      expect((await put(dear)).kind).toBe('short')
      expect(await left(one)).toEqual([[1, 0]])
    })

    test('segments released after their package expired lapse, and so does what is left in it', async () => {
      const one = packageOf(5)
      await stores.packages.grant(one)
      const send = drafted(2)
      await post(reserve(send, T0))
      expect(await stores.packages.lapse(T0 + DAY - 1, 10)).toBe(0)
      expect(await stores.packages.lapse(T0 + DAY, 10)).toBe(1)
      expect(await stores.packages.lapse(T0 + DAY, 10)).toBe(0)
      expect(await left(one)).toEqual([[0, 2]])
      await post(release(send, T0 + DAY))
      expect(await left(one)).toEqual([[0, 0]])
      const late = drafted(1)
      await post(reserve(late, T0 + DAY))
      expect((await balance()).held).toBe(10_000)
      await expectZero()
    })

    test('a repeated reservation takes nothing, and a closing without one moves nothing', async () => {
      const one = packageOf(5)
      await stores.packages.grant(one)
      const send = drafted(2)
      expect(await post(settle(send, T0))).toBe('duplicate')
      expect(await post(reserve(send, T0))).toBe('posted')
      expect(await post(reserve(send, T0))).toBe('duplicate')
      expect(await left(one)).toEqual([[3, 2]])
      const entries = await stores.ledger.entries(ALICE, { limit: 100, before: undefined })
      const reserved = entries.filter(({ postingKey }) => postingKey === `reserve:${send.id}`)
      expect(reserved.map(({ account, amount, currency }) => [account, amount, currency])).toEqual([
        [`reserved:${one.id}`, 2_000_000, 'SEG'],
        [`package:${one.id}`, -2_000_000, 'SEG'],
      ])
    })

    test('whatever is reserved and closed in whatever order, no package goes below nothing and the books sum to zero', async () => {
      const step = fc.record({
        segments: fc.integer({ min: 1, max: 5 }),
        end: fc.constantFrom('settle', 'release', 'settle twice', 'both', 'open'),
        grant: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      })
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
          let stillHeld: number = (await balance()).held
          for (const { segments, end, grant } of steps) {
            if (grant !== undefined) await stores.packages.grant(packageOf(grant))
            const send = drafted(segments)
            const heldBefore = (await balance()).held
            await post(reserve(send, T0))
            const took = (await balance()).held - heldBefore
            if (end === 'open') stillHeld += took
            if (end === 'settle' || end === 'settle twice') await post(settle(send, T0))
            if (end === 'settle twice') await post(settle(send, T0))
            if (end === 'release' || end === 'both') await post(release(send, T0))
            if (end === 'both') await post(settle(send, T0))
          }
          const { available, held, spent } = await balance()
          expect(held).toBe(stillHeld)
          expect(available + held + spent).toBe(10_000_000)
          for (const one of await stores.packages.list(ALICE, { limit: 1000, before: undefined })) {
            expect(one.left).toBeGreaterThanOrEqual(0)
            expect(one.reserved).toBeGreaterThanOrEqual(0)
            expect(one.left + one.reserved).toBeLessThanOrEqual(one.package.segments)
          }
          await expectZero()
        }),
        { numRuns: 15 },
      )
    })

    test('whatever answers and receipts come in whatever order, a send is closed at most once and by its last word at most', async () => {
      const happening = fc.constantFrom(
        'answer sent',
        'answer failed',
        'answer unknown',
        'receipt sent',
        'receipt delivered',
        'receipt undelivered',
        'receipt failed',
        'sweep',
      )
      const billOn = fc.constantFrom('accepted' as const, 'delivered' as const)
      await fc.assert(
        fc.asyncProperty(billOn, fc.array(happening, { maxLength: 7 }), async (moment, all) => {
          const send = drafted(3, { billOn: moment })
          await stores.packages.grant(packageOf(1))
          await put(send)
          const atMs = T0 + MINUTE
          for (const one of all) {
            const [what, word] = one.split(' ')
            if (what === 'sweep') await stores.holds.releaseUnheard(T0 + 1, atMs, 100)
            if (what === 'answer') await answer(send, word as 'sent' | 'failed' | 'unknown')
            if (what === 'receipt') {
              const status = word as 'sent' | 'delivered' | 'undelivered' | 'failed'
              const delivery = aReceipt({ providerMessageId: `m-${send.id}`, status })
              await stores.outbox.recordDelivery(delivery, atMs, (closed, became) =>
                closingPosting(closed, became, atMs),
              )
            }
          }
          const entries = await stores.ledger.entries(ALICE, { limit: 1000, before: undefined })
          const closings = entries.filter((entry) => entry.postingKey === `close:${send.id}`)
          expect(new Set(closings.map(({ postingId }) => postingId)).size).toBeLessThanOrEqual(1)
          const status = (await stores.outbox.find(send.id))?.status
          const { available, held, spent } = await balance()
          if (status === 'delivered' || status === 'undelivered' || status === 'failed') {
            const places = entries.filter(
              ({ sendId, account }) => sendId === send.id && /^(held|reserved):/.test(account),
            )
            expect(places.reduce((sum, { amount }) => sum + amount, 0)).toBe(0)
          }
          expect(available + held + spent).toBe(10_000_000)
          await expectZero()
        }),
        { numRuns: 40 },
      )
    })

    const TIERS: readonly Tier[] = [
      { fromSegments: 0, price: PRICE },
      { fromSegments: 10, price: micros(8_000) },
    ]
    const TIERED: Partial<Rate> = { market: 'domestic', country: 'CN', tiers: TIERS }
    const MONTH = { accountId: ALICE, currency: USD, month: '2026-01', meter: 'sms:CN:otp' }

    /** What the sweep does, as often as there is something to do. */
    const rerate = async () => {
      for (const reading of await stores.months.stale(10)) {
        const posting = reratingOf(reading, T0 + DAY)
        if (posting !== undefined) expect(await post(posting)).toBe('posted')
        await stores.months.markRerated(reading)
      }
    }

    test('what the balance paid counts towards the tiers of its month, what packages paid does not', async () => {
      const one = packageOf(3, { market: 'domestic' })
      await stores.packages.grant(one)
      for (const segments of [2, 2, 1]) {
        const send = drafted(segments, TIERED)
        await put(send)
        await answer(send, 'sent')
      }
      const untiered = drafted(5)
      await put(untiered)
      await answer(untiered, 'sent')
      const lost = drafted(5, TIERED)
      await put(lost)
      await answer(lost, 'failed')
      expect(await stores.months.volume(MONTH)).toBe(2)
      expect(await stores.months.volume({ ...MONTH, month: '2026-02' })).toBe(0)
    })

    test('a crossed tier gives back what the whole month is too dear, once, whatever comes later', async () => {
      const sends = range(6).map(() => drafted(2, TIERED))
      for (const send of sends) await put(send)
      for (const send of sends.slice(0, 4)) await answer(send, 'sent')
      await rerate()
      expect((await balance()).spent).toBe(8 * PRICE)
      for (const send of sends.slice(4)) await answer(send, 'sent')
      await rerate()
      await rerate()
      expect((await balance()).spent).toBe(12 * 8_000)
      expect(await stores.months.stale(10)).toEqual([])
      const more = drafted(3, { ...TIERED, unitPrice: micros(8_000) })
      await put(more)
      await answer(more, 'sent')
      await rerate()
      expect((await balance()).spent).toBe(15 * 8_000)
      await expectZero()
    })

    test('of two who re-rate the same month at the same time, one does it', async () => {
      for (const send of range(6).map(() => drafted(2, TIERED))) {
        await put(send)
        await answer(send, 'sent')
      }
      const [reading] = await stores.months.stale(10)
      if (reading === undefined) throw new Error('nothing is stale')
      expect(monthCharged(reading) - monthCost(reading.lines)).toBe(12 * 2_000)
      const posting = reratingOf(reading, T0 + DAY)
      const answers = await Promise.all(range(5).map(() => post(posting)))
      expect(answers.filter((each) => each === 'posted')).toHaveLength(1)
      expect((await balance()).spent).toBe(12 * 8_000)
      const [after] = await stores.months.stale(10)
      if (after === undefined) throw new Error('nobody marked it')
      expect(reratingOf(after, T0 + DAY)).toBeUndefined()
    })

    test('a price billed on delivery waits for the receipt, and goes back when none comes in time', async () => {
      const heard = drafted(1, { billOn: 'delivered' })
      const unheard = drafted(1, { billOn: 'delivered' })
      const soon = drafted(1, { billOn: 'accepted' })
      for (const send of [heard, unheard, soon]) {
        await put(send)
        await answer(send, 'sent')
      }
      expect(await balance()).toEqual({ available: 9_970_000, held: 20_000, spent: 10_000 })
      const receipt = (send: CodeSend, status: 'delivered' | 'undelivered', atMs: number) =>
        stores.outbox.recordDelivery(
          aReceipt({ providerMessageId: `m-${send.id}`, status }),
          atMs,
          (closed, became) => closingPosting(closed, became, atMs),
        )
      await receipt(heard, 'delivered', T0 + MINUTE)
      expect(await balance()).toEqual({ available: 9_970_000, held: 10_000, spent: 20_000 })
      expect(await stores.holds.releaseUnheard(T0, T0 + DAY, 10)).toBe(0)
      expect(await stores.holds.releaseUnheard(T0 + 1, T0 + DAY, 10)).toBe(1)
      expect(await stores.holds.releaseUnheard(T0 + 1, T0 + DAY, 10)).toBe(0)
      await receipt(unheard, 'delivered', T0 + 2 * DAY)
      expect((await stores.outbox.find(unheard.id))?.status).toBe('delivered')
      expect(await balance()).toEqual({ available: 9_980_000, held: 0, spent: 20_000 })
    })
  })
}
