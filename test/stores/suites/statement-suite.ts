import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  MARGIN_WORDS,
  type MarginWord,
  marginOfRow,
  marginTotals,
} from '../../../src/billing/margins.ts'
import type { Package } from '../../../src/billing/packages.ts'
import { adjust, closingPosting, reserve, topUp } from '../../../src/billing/postings.ts'
import { totalOf } from '../../../src/billing/statement.ts'
import { newId } from '../../../src/domain/ids.ts'
import { currency, micros, ZERO } from '../../../src/domain/money.ts'
import type { Rate } from '../../../src/domain/rate.ts'
import type { Send } from '../../../src/domain/send.ts'
import { openMonthBook } from '../../../src/flows/month-book.ts'
import { monthMargins } from '../../../src/flows/month-margins.ts'
import { monthStatement } from '../../../src/flows/month-statement.ts'
import { rerateMonths } from '../../../src/flows/rerate-months.ts'
import { accounts } from '../../../src/storage/schema/tenancy.ts'
import { SqlStatementStore } from '../../../src/storage/sql/statement-store.ts'
import type { Account } from '../../../src/tenancy/tenancy.ts'
import type { OpenDatabase } from './database-suite.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  BOB,
  DAY,
  decision,
  idSource,
  LOGIN,
  opening,
  rateOf,
  type StoreSet,
  sendOf,
  USD,
  verification,
} from './examples.ts'
import { sqlStores } from './stores.ts'

const PRICE = micros(10_000)
const FIRST = Date.UTC(2026, 0, 1)
const FEBRUARY = Date.UTC(2026, 1, 1)
const TIERS = [
  { fromSegments: 0, price: PRICE },
  { fromSegments: 3, price: micros(8_000) },
]

const account: Account = {
  id: ALICE,
  name: 'Corner Shop',
  currency: USD,
  defaultServiceId: LOGIN,
  createdAtMs: FIRST,
}

type Answer = 'sent' | 'delivered' | 'failed' | 'undelivered'
type Made = Partial<Rate> & { readonly price?: number }

/** Statements over a database: that they tell what was, and that they agree with the ledger, tried with so many histories. */
export function statementSuite(name: string, open: OpenDatabase, histories = 15): void {
  describe(`statements in ${name}`, () => {
    let stores: StoreSet
    let statements: SqlStatementStore
    beforeEach(async () => {
      const { db, vault, close } = await open()
      stores = sqlStores(db, vault, close)
      statements = new SqlStatementStore(db.driver)
      await db.orm.insert(accounts).values([account, { ...account, id: BOB, name: 'Bakery' }])
    })
    afterEach(() => stores.close())

    const read = (month: string, nowMs = Date.UTC(2026, 5, 1)) => {
      const platform = { nowMs: () => nowMs }
      const tenancy = { account: async () => account }
      return monthStatement({ platform, tenancy, statements }, { accountId: ALICE, month })
    }
    const margins = async (month: string, by: readonly MarginWord[] = MARGIN_WORDS) => {
      const platform = { nowMs: () => Date.UTC(2026, 6, 1) }
      return (await monthMargins({ platform, statements }, { month, by })).rows
    }
    let references = 0
    const payIn = (amount: number, atMs: number, accountId = ALICE) => {
      references += 1
      const reference = `${references}`
      return stores.ledger.post(
        topUp({ accountId, amount: micros(amount), currency: USD, reference, atMs }),
      )
    }
    const make = async (atMs: number, { price: unit = PRICE, ...rate }: Made = {}) => {
      const segments = rate.segments ?? 1
      const unitPrice = micros(unit)
      const price = micros(unit * segments)
      const of = verification({ price, createdAtMs: atMs })
      const send = sendOf(of, { rate: rateOf(of, { unitPrice, segments, ...rate }) })
      const reservation = reserve(send, atMs)
      await stores.verifications.open(opening({ verification: of, send, reservation }))
      return send
    }
    const answer = async (send: Send, status: Answer, atMs: number) => {
      const closing = (closed: Send, became: Answer) => closingPosting(closed, became, atMs)
      const first = status === 'failed' ? 'failed' : 'sent'
      const told = accepted(send.id, { status: first, atMs, posting: closing(send, first) })
      await stores.outbox.finish([told], (closed, became) => closingPosting(closed, became, atMs))
      if (status !== 'delivered' && status !== 'undelivered') return
      const receipt = aReceipt({ providerMessageId: `m-${send.id}`, status })
      await stores.outbox.recordDelivery(receipt, atMs, (closed, became) =>
        closingPosting(closed, became, atMs),
      )
    }
    const grant = (segments: number, price: number, change: Partial<Package> = {}) =>
      stores.packages.grant({
        id: newId('PK', idSource(FIRST)),
        accountId: ALICE,
        market: 'international',
        kind: undefined,
        countries: undefined,
        segments,
        validFromMs: FIRST,
        expiresAtMs: FIRST + 400 * DAY,
        grantedAtMs: FIRST + 1000,
        reference: 'ORDER-1',
        price: micros(price),
        currency: USD,
        ...change,
      })

    test('a month is told by day, destination and provider, with its packages, postings and refusals', async () => {
      await payIn(1_000_000, FIRST)
      await payIn(999_999, FIRST, BOB)
      await grant(2, 15_000)
      const [mixed, plain, lost] = [
        await make(FIRST + DAY, { segments: 3 }),
        await make(FIRST + DAY, { country: 'FR' }),
        await make(FIRST + DAY),
      ]
      await answer(mixed, 'delivered', FIRST + 2 * DAY)
      await answer(plain, 'sent', FIRST + 2 * DAY)
      await answer(lost, 'failed', FIRST + 3 * DAY)
      await stores.ledger.post(
        adjust({
          accountId: ALICE,
          amount: micros(6_000),
          currency: USD,
          reference: 'T-1',
          atMs: FIRST + 4 * DAY,
          note: 'Never arrived',
          sendId: plain.id,
        }),
      )
      for (const state of ['blocked', 'challenged'] as const) {
        const outcome = state === 'blocked' ? 'block' : 'challenge'
        await stores.verifications.refuse(
          verification({
            state,
            sends: 0,
            createdAtMs: FIRST + DAY,
            decision: decision({ outcome }),
          }),
        )
      }
      const statement = await read('2026-01')
      const line = { kind: 'otp', channel: 'sms', costCurrency: undefined, packageSegments: 0 }
      const billed = { ...line, provider: 'cheap', unbilled: 0, cost: 20_000, day: '2026-01-03' }
      expect(statement.lines).toEqual([
        { ...billed, country: 'FR', sends: 1, delivered: 0, segments: 1, price: PRICE },
        {
          ...billed,
          country: 'GB',
          sends: 1,
          delivered: 1,
          segments: 3,
          packageSegments: 2,
          price: PRICE,
        },
        {
          ...line,
          day: '2026-01-04',
          country: 'GB',
          provider: 'cheap',
          sends: 0,
          unbilled: 1,
          delivered: 0,
          segments: 0,
          price: 0,
          cost: 0,
        },
      ])
      expect(statement).toMatchObject({
        isComplete: true,
        balances: { opening: { available: 0, held: 0 }, closing: { available: 971_000, held: 0 } },
        changes: {
          top_ups: 1_000_000,
          sends: -20_000,
          packages: -15_000,
          rerating: 0,
          adjustments: 6_000,
          others: 0,
        },
        difference: 0,
        segments: { granted: 2, used: 2, lapsed: 0 },
        packages: [{ reference: 'ORDER-1', segments: 2 }],
        refused: [{ day: '2026-01-02', country: 'GB', blocked: 1, challenged: 1, saved: 80_000 }],
      })
      expect(statement.bookings.map(({ amount, note }) => [amount, note])).toEqual([
        [1_000_000, undefined],
        [-15_000, 'ORDER-1'],
        [6_000, 'Never arrived'],
      ])
    })

    test('what is billed in another month than it was made in belongs to that one', async () => {
      await payIn(100_000, FIRST)
      const late = await make(FEBRUARY - 1000, { billOn: 'delivered' })
      await answer(late, 'delivered', FEBRUARY + 1000)
      const [january, february] = [await read('2026-01'), await read('2026-02')]
      expect(january.lines).toEqual([])
      expect(january.balances.closing).toEqual({ available: 90_000, held: PRICE })
      expect(february.balances.opening).toEqual(january.balances.closing)
      expect(february.balances.closing).toEqual({ available: 90_000, held: 0 })
      expect(february.lines).toMatchObject([{ day: '2026-02-01', sends: 1, price: PRICE }])
      expect([january.difference, february.difference]).toEqual([0, 0])
    })

    test('a month that is over is added up once, until a late receipt, cost or posting changes it', async () => {
      await payIn(100_000, FIRST)
      const send = await make(FIRST)
      await answer(send, 'sent', FIRST)
      const days: number[] = []
      const { sent } = SqlStatementStore.prototype
      statements.sent = (span) => {
        days.push(span.fromMs)
        return sent.call(statements, span)
      }
      const again = async (month = '2026-01', nowMs?: number) => {
        days.length = 0
        const statement = await read(month, nowMs)
        return { statement, days: days.length }
      }
      expect((await again('2026-01', FEBRUARY + 3_599_999)).days).toBe(31)
      const first = await again()
      expect(first.days).toBe(31)
      const kept = await again()
      expect(kept.days).toBe(0)
      expect(kept.statement).toEqual(first.statement)
      expect((await again('2026-02')).days).toBe(28)

      const later = Date.UTC(2026, 2, 3)
      await answer(await make(later), 'sent', later)
      expect([(await again()).days, (await again('2026-02')).days]).toEqual([0, 0])

      const closing = () => undefined
      const receipt = { providerMessageId: `m-${send.id}` }
      await stores.outbox.recordDelivery(
        aReceipt({ ...receipt, status: 'delivered' }),
        later,
        closing,
      )
      const delivered = await again()
      expect(delivered.days).toBe(31)
      expect(delivered.statement.lines).toMatchObject([{ sends: 1, delivered: 1, cost: 20_000 }])
      expect((await again('2026-02')).days).toBe(28)

      const cost = { micros: micros(7_000), currency: USD }
      const told = aReceipt({ ...receipt, status: 'delivered', cost })
      await stores.outbox.recordDelivery(told, later, closing)
      expect((await again()).statement.lines).toMatchObject([{ cost: 7_000 }])
      await again('2026-02')

      await payIn(5_000, FEBRUARY - 1)
      const paid = await again()
      expect(paid.days).toBe(31)
      expect(paid.statement.balances.closing.available).toBe(95_000)
      expect((await again('2026-02')).statement.balances.opening.available).toBe(95_000)
      await payIn(1_000, FEBRUARY, BOB)
      expect([(await again()).days, (await again('2026-02')).days]).toEqual([0, 0])
    })

    test('what changes while a month is added up is in the statement that is kept, and in no other', async () => {
      await payIn(100_000, FIRST)
      const { sent } = SqlStatementStore.prototype
      let isFirst = true
      statements.sent = async (span) => {
        const lines = await sent.call(statements, span)
        if (isFirst) await payIn(5_000, FIRST + 1)
        isFirst = false
        return lines
      }
      await read('2026-01')
      expect((await read('2026-01')).changes.top_ups).toBe(105_000)
      expect((await read('2026-01')).changes.top_ups).toBe(105_000)
    })

    test('whoever died over a month keeps nobody from it, and another release adds it up anew', async () => {
      const key = { accountId: ALICE, month: '2026-01' }
      const nowMs = Date.UTC(2026, 5, 1)
      const left = await statements.beginKeeping(key, 1, nowMs)
      expect(await statements.beginKeeping(key, 1, nowMs + 599_999)).toBeUndefined()
      const taken = await statements.beginKeeping(key, 1, nowMs + 600_000)
      await statements.keep(left ?? { id: -1 }, { by: 'left' })
      expect(await statements.kept(key, 1)).toBeUndefined()
      await statements.keep(taken ?? { id: -1 }, { by: 'taken' })
      expect(await statements.kept(key, 1)).toEqual({ by: 'taken' })
      expect(await statements.kept(key, 2)).toBeUndefined()
      expect(await statements.beginKeeping(key, 2, nowMs)).toBeDefined()
    })

    test('a re-rated month says what went back', async () => {
      await payIn(100_000, FIRST)
      for (const _ of [1, 2, 3]) await answer(await make(FIRST, { tiers: TIERS }), 'sent', FIRST)
      const platform = { nowMs: () => FIRST + DAY }
      const months = openMonthBook(stores.months)
      await rerateMonths({ platform: platform as never, ledger: stores.ledger, months })
      const { changes, bookings, difference } = await read('2026-01')
      expect(changes).toMatchObject({ sends: -30_000, rerating: 6_000 })
      expect(bookings.at(-1)?.note).toBe('2026-01 sms:GB:otp at the price of 3 segments')
      expect(difference).toBe(0)
    })

    test('a free message counts when it was made, and costs in other currencies stand apart', async () => {
      const euro = currency('EUR')
      const free = await make(FIRST, { price: 0 })
      const cost = { micros: micros(7_000), currency: euro }
      const closing = () => undefined
      await stores.outbox.finish([accepted(free.id, { cost, atMs: FIRST })], closing)
      const { lines } = await read('2026-01')
      expect(lines).toMatchObject([{ sends: 1, segments: 1, price: 0, costCurrency: euro }])
      const total = totalOf(lines, USD)
      expect([total.cost, [...total.foreignCosts]]).toEqual([0, [[euro, 7_000]]])
    })

    test('margins tell by whatever words what was earned, given back and paid to providers', async () => {
      await payIn(100_000, FIRST)
      await payIn(100_000, FIRST, BOB)
      await grant(2, 15_000)
      await answer(await make(FIRST, { segments: 3 }), 'sent', FIRST)
      await answer(await make(FIRST + DAY, { country: 'FR' }), 'failed', FIRST + DAY)
      for (const _ of [1, 2, 3])
        await answer(await make(FIRST, { tiers: TIERS, country: 'DE' }), 'sent', FIRST)
      const platform = { nowMs: () => FIRST + DAY }
      const months = openMonthBook(stores.months)
      await rerateMonths({ platform: platform as never, ledger: stores.ledger, months })
      const about = { accountId: BOB, currency: USD, atMs: FIRST, sendId: undefined }
      await stores.ledger.post(
        adjust({ ...about, amount: micros(4_000), reference: 'T-2', note: 'Late' }),
      )
      const shown = (await margins('2026-01', ['account', 'country'])).map((row) => [
        row.words,
        row.sends,
        [row.price, row.rerating, row.packages, row.adjustments, row.cost],
        marginOfRow(row),
      ])
      const cost = 20_000
      expect(shown).toEqual([
        [{ account: ALICE }, 0, [0, 0, 15_000, 0, 0], 15_000],
        [
          { account: ALICE, country: 'DE' },
          3,
          [30_000, -6_000, 0, 0, 3 * cost],
          30_000 - 6_000 - 3 * cost,
        ],
        [{ account: ALICE, country: 'FR' }, 0, [0, 0, 0, 0, 0], 0],
        [{ account: ALICE, country: 'GB' }, 1, [10_000, 0, 0, 0, cost], 10_000 - cost],
        [{ account: BOB }, 0, [0, 0, 0, -4_000, 0], -4_000],
      ])
      const byDay = await margins('2026-01', ['provider', 'day'])
      expect(byDay.map(({ words }) => words)).toEqual([
        { day: '2026-01-01' },
        { day: '2026-01-02' },
        { day: '2026-01-01', provider: 'cheap' },
        { day: '2026-01-02', provider: 'cheap' },
      ])
      expect(marginTotals(byDay)).toEqual(marginTotals(await margins('2026-01')))
    })

    test('a cost in another currency than the price is a row of its own', async () => {
      const euro = currency('EUR')
      await payIn(100_000, FIRST)
      const send = await make(FIRST)
      const cost = { micros: micros(7_000), currency: euro }
      const posting = closingPosting(send, 'sent', FIRST)
      const told = accepted(send.id, { status: 'sent', cost, atMs: FIRST, posting })
      await stores.outbox.finish([told], () => undefined)
      const rows = await margins('2026-01', ['country'])
      expect(rows.map((row) => [row.currency, row.sends, marginOfRow(row)])).toEqual([
        ['EUR', 0, -7_000],
        ['USD', 1, 10_000],
      ])
    })

    test('a month that has not begun is none, and one that is running says so', async () => {
      await expect(read('2026-06', FEBRUARY)).rejects.toMatchObject({ code: 'not_found' })
      await expect(read('2026-13')).rejects.toMatchObject({ code: 'not_found' })
      expect(await read('2026-02', FEBRUARY)).toMatchObject({ isComplete: false, lines: [] })
    })

    test('whatever happens in three months, their statements agree with the ledger to the micro', async () => {
      const day = fc.integer({ min: 0, max: 88 })
      const step = fc.record({
        day,
        days: fc.integer({ min: 0, max: 40 }),
        what: fc.constantFrom('send', 'pay', 'refund', 'charge', 'package'),
        ends: fc.constantFrom<Answer | undefined>(
          'sent',
          'delivered',
          'failed',
          'undelivered',
          undefined,
        ),
        amount: fc.integer({ min: 1, max: 50_000 }),
        segments: fc.integer({ min: 1, max: 4 }),
        billOn: fc.constantFrom('accepted' as const, 'delivered' as const),
        tiers: fc.constantFrom(undefined, TIERS),
      })
      await payIn(10_000_000, FIRST)
      const steps = fc.array(step, { minLength: 1, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(steps, async (happened) => {
          for (const one of happened) await happen(one)
          await expectAgreement()
        }),
        { numRuns: histories },
      )
    })

    async function happen(one: {
      day: number
      days: number
      what: string
      ends: Answer | undefined
      amount: number
      segments: number
      billOn: Rate['billOn']
      tiers: Rate['tiers']
    }) {
      const atMs = FIRST + one.day * DAY
      if (one.what === 'pay') return payIn(one.amount, atMs)
      if (one.what === 'package')
        return grant(one.segments, one.amount, {
          grantedAtMs: atMs,
          reference: newId('PK', idSource(atMs)),
        })
      if (one.what === 'refund' || one.what === 'charge') {
        references += 1
        const amount = micros(one.what === 'refund' ? one.amount : -one.amount)
        const about = { accountId: ALICE, currency: USD, note: 'n', sendId: undefined }
        return stores.ledger.post(adjust({ ...about, amount, atMs, reference: `${references}` }))
      }
      const { segments, billOn, tiers, ends } = one
      const send = await make(atMs, { segments, billOn, tiers })
      if (ends !== undefined) await answer(send, ends, atMs + one.days * DAY)
      return undefined
    }

    /** Each month begins with what the one before left, and the last one ends with what the ledger has now. */
    async function expectAgreement() {
      const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05']
      let before = { available: ZERO, held: ZERO }
      for (const month of months) {
        const statement = await read(month, Date.UTC(2026, 6, 1))
        expect(statement.difference).toBe(0)
        expect(statement.balances.opening).toEqual(before)
        expect(totalOf(statement.lines, USD).price).toBe(Math.abs(statement.changes.sends))
        before = statement.balances.closing
      }
      const { available, held, spent } = await stores.ledger.balance(ALICE)
      expect(before).toEqual({ available, held })
      const rows = (await Promise.all(months.map((month) => margins(month)))).flat()
      const earned = rows.reduce((sum, row) => sum + marginOfRow(row) + row.cost, 0)
      expect(earned).toBe(spent)
    }
  })
}
