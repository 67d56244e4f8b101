import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BUDGETS_MAX } from '../../../src/billing/budget-store.ts'
import { countedOf, covers } from '../../../src/billing/budgets.ts'
import { closingPosting, reserve } from '../../../src/billing/postings.ts'
import type { Dispatched } from '../../../src/channels/outbox-store.ts'
import { BUDGET_PERIODS, type Budget, budgetWindow } from '../../../src/domain/budget.ts'
import { newId, type ServiceId } from '../../../src/domain/ids.ts'
import { micros } from '../../../src/domain/money.ts'
import type { CodeSend } from '../../../src/domain/send.ts'
import {
  ALICE,
  accepted,
  BOB,
  DAY,
  HOUR,
  idSource,
  keyOf,
  LOGIN,
  MINUTE,
  type OpenStores,
  opening,
  rateOf,
  type StoreSet,
  sendOf,
  T0,
  topUp,
  UNLIMITED,
  verification,
} from './examples.ts'

const PRICE = micros(40_000)
const LIMITS = { ...UNLIMITED, budgets: true }
const SIGN_UP = `VA${'2'.repeat(32)}` as ServiceId
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

function budgetOf(change: Partial<Budget> = {}): Budget {
  return {
    id: newId('BG', idSource(T0)),
    accountId: ALICE,
    serviceId: undefined,
    country: undefined,
    period: 'hour',
    kind: 'hard',
    unit: 'sends',
    limit: 3,
    alerts: [],
    createdAtMs: T0,
    updatedAtMs: T0,
    ...change,
  }
}

/** Budgets with the sends that count against them. */
export function budgetSuite(name: string, open: OpenStores): void {
  describe(`budgets in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
      await stores.ledger.post(topUp(100_000_000))
    })
    afterEach(() => stores.close())

    const put = async (change: Partial<Budget> = {}): Promise<Budget> => {
      const kept = await stores.budgets.put(budgetOf(change))
      if (kept === 'full') throw new Error('there is room')
      return kept
    }
    const drafted = (change: Partial<CodeSend> & { readonly country?: string } = {}): CodeSend => {
      const { country = 'GB', ...rest } = change
      const price = rest.price ?? PRICE
      const of = verification({
        price,
        traffic: { country, range: '+44', asn: undefined },
        ...(rest.createdAtMs === undefined ? {} : { createdAtMs: rest.createdAtMs }),
      })
      return sendOf(of, { ...rest, rate: { ...rateOf(of), ...rest.rate } })
    }
    /** As a login flow does it. */
    const send = async (draft: CodeSend = drafted()) => {
      const { verificationId: id, serviceId, createdAtMs, price, accountId } = draft
      const of = verification({ id, serviceId, createdAtMs, price, accountId })
      const reservation = reserve(draft, createdAtMs)
      return stores.verifications.open(
        opening({ verification: of, send: draft, reservation, limits: LIMITS }),
      )
    }
    const finish = (one: CodeSend, status: Dispatched['status'], atMs = T0 + 1000) =>
      stores.outbox.finish(
        [accepted(one.id, { status, atMs, posting: closingPosting(one, status, atMs) })],
        (closed, became) => closingPosting(closed, became, atMs),
      )
    const use = async ({ accountId, id }: Budget, nowMs = T0) => {
      const found = await stores.budgets.find(accountId, id, nowMs)
      return [found?.used, found?.reached]
    }

    test.each([
      ['sends', { unit: 'sends', limit: 50 }],
      ['money', { unit: 'money', limit: 50 * PRICE }],
    ] as const)(
      'a hard budget of fifty lets exactly fifty of two hundred through, by %s',
      async (_, limit) => {
        const budget = await put({ ...limit, alerts: [100] })
        const answers = await Promise.all(range(200).map(() => send()))
        expect(answers.filter(({ kind }) => kind === 'opened')).toHaveLength(50)
        expect(answers.filter(({ kind }) => kind === 'stopped')).toHaveLength(150)
        expect(await use(budget)).toEqual([limit.limit, 100])
        expect(await stores.ledger.balance(ALICE)).toMatchObject({ held: 50 * PRICE })
      },
    )

    test.each([
      ['account', {}],
      ['service', { serviceId: LOGIN }],
      ['country', { country: 'GB' }],
      ['country', { country: 'GB', serviceId: LOGIN }],
    ] as const)(
      'one of %s and each period names itself and when it starts anew',
      async (scope, of) => {
        for (const period of BUDGET_PERIODS) {
          const budget = await put({ ...of, period, limit: 1 })
          const { endsAtMs } = budgetWindow(period, T0)
          expect(await send()).toEqual({ kind: 'opened' })
          const refused = { kind: 'stopped', stop: `${scope}_${period}_budget`, budget }
          expect(await send()).toEqual({ ...refused, retryAtMs: endsAtMs })
          const late = drafted({ createdAtMs: endsAtMs - 1 })
          expect(await send(late)).toEqual({ ...refused, retryAtMs: endsAtMs })
          expect(await send(drafted({ createdAtMs: endsAtMs }))).toEqual({ kind: 'opened' })
          await stores.budgets.remove(ALICE, budget.id)
        }
      },
    )

    test('what is sent for another account, service or country does not count', async () => {
      await stores.ledger.post(topUp(1_000_000, { accountId: BOB }))
      const budgets = [
        await put({ limit: 9 }),
        await put({ serviceId: LOGIN }),
        await put({ country: 'GB' }),
        await put({ country: 'FR', serviceId: LOGIN }),
      ]
      await send(drafted({ accountId: BOB }))
      await send(drafted({ serviceId: SIGN_UP, country: 'FR' }))
      await send(drafted({ country: 'FR' }))
      await send(drafted({ serviceId: SIGN_UP }))
      const used = await Promise.all(budgets.map(async (budget) => (await use(budget))[0]))
      expect(used).toEqual([3, 1, 1, 1])
    })

    test('of several that are full the one with the longest wait is named', async () => {
      for (const period of BUDGET_PERIODS) await put({ period, limit: 1 })
      await send()
      expect(await send()).toMatchObject({ stop: 'account_month_budget' })
    })

    test('a soft budget lets through what goes over it, and alerts are reached one after the other', async () => {
      const soft = await put({ kind: 'soft', limit: 4, alerts: [50, 80, 100] })
      const seen = []
      for (const _ of range(6)) {
        await send()
        seen.push(await use(soft))
      }
      expect(seen).toEqual([
        [1, 0],
        [2, 50],
        [3, 50],
        [4, 100],
        [5, 100],
        [6, 100],
      ])
      expect(await use(soft, T0 + HOUR)).toEqual([0, 0])
    })

    test('a send that is released is taken off the period in which it was counted, once', async () => {
      const hour = await put({ limit: 2 })
      const money = await put({ unit: 'money', period: 'month', limit: 10 * PRICE })
      const [first, second] = [drafted(), drafted()]
      await send(first)
      await send(second)
      expect((await send()).kind).toBe('stopped')
      await finish(first, 'failed')
      await finish(first, 'failed')
      await finish(second, 'sent')
      expect([await use(hour), await use(money)]).toEqual([
        [1, 0],
        [PRICE, 0],
      ])
      expect((await send()).kind).toBe('opened')
    })

    test('a free send counts as one, and a failed one is taken off as well', async () => {
      const budget = await put({ limit: 2 })
      const [lost, got] = [drafted({ price: micros(0) }), drafted({ price: micros(0) })]
      await send(lost)
      await send(got)
      await finish(lost, 'failed')
      await finish(got, 'sent')
      expect(await use(budget)).toEqual([1, 0])
    })

    test('a send from before a budget gives nothing back to it', async () => {
      const early = drafted()
      await send(early)
      const budget = await put()
      await send()
      await finish(early, 'failed')
      expect(await use(budget)).toEqual([1, 0])
    })

    test('a refused send counts nowhere, whatever refused it', async () => {
      const wide = await put({ period: 'day', limit: 10 })
      await put({ limit: 1 })
      await send()
      await send()
      const dear = drafted({ price: micros(1_000_000_000), createdAtMs: T0 + HOUR })
      expect(await send(dear)).toEqual({ kind: 'short' })
      expect(await use(wide)).toEqual([1, 0])
    })

    test('a resend counts like a first send', async () => {
      const budget = await put({ limit: 2 })
      const first = drafted()
      const of = verification({ id: first.verificationId })
      await send(first)
      const resend = (generation: number) => {
        const again = sendOf(of, { generation, createdAtMs: T0 + generation * MINUTE })
        return stores.verifications.resend(keyOf(of), {
          send: again,
          reservation: reserve(again, again.createdAtMs),
          limits: LIMITS,
          challengeNonce: undefined,
        })
      }
      expect((await resend(2)).kind).toBe('resent')
      expect(await resend(3)).toMatchObject({ stop: 'account_hour_budget', budget })
    })

    test('a second put changes the limit of the first and keeps what it counted', async () => {
      const first = await put({ limit: 1 })
      await send()
      const changed = await put({
        limit: 2,
        alerts: [50],
        updatedAtMs: T0 + 5,
        createdAtMs: T0 + 5,
      })
      expect(changed).toEqual({ ...first, limit: 2, alerts: [50], updatedAtMs: T0 + 5 })
      expect(await use(changed)).toEqual([1, 0])
      await send()
      expect(await use(changed)).toEqual([2, 50])
      await put({ limit: 1 })
      expect((await send()).kind).toBe('stopped')
      expect(await stores.budgets.hasAny(ALICE)).toBe(true)
    })

    test('budgets are listed newest first and are nobody else’s', async () => {
      const made = [await put(), await put({ period: 'day' }), await put({ kind: 'soft' })]
      const page = { limit: 2, before: undefined, nowMs: T0 }
      const [newest, second] = await stores.budgets.list(ALICE, page)
      expect([newest?.budget, second?.budget]).toEqual([made[2], made[1]])
      const rest = await stores.budgets.list(ALICE, { ...page, before: second?.budget.id })
      expect(rest.map(({ budget }) => budget)).toEqual([made[0]])
      expect(await stores.budgets.list(BOB, page)).toEqual([])
      const id = made[0]!.id
      expect(await stores.budgets.find(BOB, id, T0)).toBeUndefined()
      expect(await stores.budgets.remove(BOB, id)).toBe(false)
      expect([
        await stores.budgets.remove(ALICE, id),
        await stores.budgets.remove(ALICE, id),
      ]).toEqual([true, false])
      expect(await stores.budgets.hasAny(BOB)).toBe(false)
    })

    test('an account has so many budgets and no more, but can still change them', async () => {
      const country = (index: number) => `C${index}`
      await Promise.all(range(BUDGETS_MAX).map((index) => put({ country: country(index) })))
      expect(await stores.budgets.put(budgetOf({ country: 'GB' }))).toBe('full')
      expect(await put({ country: country(7), limit: 9 })).toMatchObject({ limit: 9 })
    })

    test('whatever is sent, fails and is given back, used is what still counts, and no hard limit is passed', async () => {
      const change = fc.record({
        serviceId: fc.constantFrom(undefined, LOGIN, SIGN_UP),
        country: fc.constantFrom(undefined, 'GB', 'FR'),
        period: fc.constantFrom(...BUDGET_PERIODS),
        kind: fc.constantFrom('hard' as const, 'soft' as const),
        unit: fc.constantFrom('sends' as const, 'money' as const),
        limit: fc.integer({ min: 1, max: 6 }),
      })
      const step = fc.record({
        serviceId: fc.constantFrom(LOGIN, SIGN_UP),
        country: fc.constantFrom('GB', 'FR'),
        hours: fc.integer({ min: 0, max: 22 }),
        ends: fc.constantFrom('sent' as const, 'failed' as const, undefined),
      })
      let month = 0
      const world = fc.tuple(
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.array(step, { maxLength: 14 }),
      )
      await fc.assert(
        fc.asyncProperty(world, async ([changes, steps]) => {
          month += 1
          const startMs = Date.UTC(2030, month, 10)
          const budgets = []
          for (const one of changes) {
            const limit = one.unit === 'money' ? one.limit * PRICE : one.limit
            budgets.push(await put({ ...one, limit }))
          }
          const counting: CodeSend[] = []
          for (const { hours, ends, ...of } of steps) {
            const draft = drafted({ ...of, createdAtMs: startMs + hours * HOUR })
            if ((await send(draft)).kind !== 'opened') continue
            if (ends !== undefined) await finish(draft, ends, draft.createdAtMs + 1000)
            if (ends !== 'failed') counting.push(draft)
          }
          for (const { id } of budgets) await expectUse(id, counting, startMs)
          for (const { id } of budgets) await stores.budgets.remove(ALICE, id)
        }),
        { numRuns: 25 },
      )
    })

    async function expectUse(id: Budget['id'], counting: readonly CodeSend[], startMs: number) {
      for (const hours of [0, 5, 22]) {
        const nowMs = startMs + hours * HOUR
        const found = await stores.budgets.find(ALICE, id, nowMs)
        if (found === undefined) throw new Error('it is there')
        const { budget, used } = found
        const { startMs: from, endsAtMs } = budgetWindow(budget.period, nowMs)
        const expected = counting
          .filter((one) => covers(budget, one))
          .filter(({ createdAtMs }) => createdAtMs >= from && createdAtMs < endsAtMs)
          .reduce((sum, one) => sum + countedOf(budget, one), 0)
        expect(used).toBe(expected)
        if (budget.kind === 'hard') expect(used).toBeLessThanOrEqual(budget.limit)
      }
    }

    test('however requests, ends, repeats and changes of the limit fall together, used is what counts and no limit is passed', async () => {
      const change = fc.oneof(
        { weight: 5, arbitrary: fc.constant('send' as const) },
        { weight: 2, arbitrary: fc.constant('end' as const) },
        { weight: 1, arbitrary: fc.constant('fail twice' as const) },
        { weight: 1, arbitrary: fc.constant('raise' as const) },
      )
      const rounds = fc.array(fc.array(change, { minLength: 1, maxLength: 12 }), { maxLength: 4 })
      let hour = 0
      await fc.assert(
        fc.asyncProperty(rounds, async (plan) => {
          hour += 1
          const atMs = T0 + hour * HOUR
          let budget = await put({ limit: 4, createdAtMs: atMs })
          const open: CodeSend[] = []
          let counting = 0
          const act = {
            send: async () => {
              const draft = drafted({ createdAtMs: atMs })
              if ((await send(draft)).kind !== 'opened') return
              open.push(draft)
              counting += 1
            },
            end: async () => {
              const one = open.pop()
              if (one !== undefined) await finish(one, 'sent', atMs)
            },
            'fail twice': async () => {
              const one = open.pop()
              if (one === undefined) return
              counting -= 1
              await Promise.all([finish(one, 'failed', atMs), finish(one, 'failed', atMs)])
            },
            raise: async () => {
              budget = await put({ limit: budget.limit + 1 })
            },
          }
          for (const round of plan) {
            await Promise.all(round.map((name) => act[name]()))
            expect((await use(budget, atMs))[0]).toBe(counting)
            expect(counting).toBeLessThanOrEqual(budget.limit)
          }
          await stores.budgets.remove(ALICE, budget.id)
        }),
        { numRuns: 20 },
      )
    })

    test('a released segment of a package that has ended frees the budget as well', async () => {
      const budget = await put()
      await stores.packages.grant({
        id: newId('PK', idSource(T0)),
        accountId: ALICE,
        market: 'international',
        kind: undefined,
        countries: undefined,
        segments: 5,
        validFromMs: T0 - DAY,
        expiresAtMs: T0 + MINUTE,
        grantedAtMs: T0 - DAY,
        reference: 'P',
        price: micros(0),
        currency: topUp(1).currency,
      })
      const [one, other] = [drafted(), drafted()]
      await send(one)
      await send(other)
      await finish(one, 'failed', T0 + 1000)
      await finish(other, 'failed', T0 + HOUR / 2)
      expect(await use(budget)).toEqual([0, 0])
    })
  })
}
