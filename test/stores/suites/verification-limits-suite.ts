import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { micros } from '../../../src/domain/money.ts'
import {
  ALICE,
  BOB,
  DAY,
  HOUR,
  keyOf,
  MINUTE,
  type OpenStores,
  opening,
  openingFor,
  openPaid,
  reserve,
  type StoreSet,
  sendOf,
  T0,
  topUp,
  UNLIMITED,
  verification,
} from './examples.ts'

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

/** Balance, caps, budgets and challenges: they hold under any concurrency, and a refusal costs nothing. */
export function verificationLimitsSuite(name: string, open: OpenStores): void {
  describe(`limits of verifications in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
    })
    afterEach(() => stores.close())

    test('a balance of fifty sends opens exactly fifty of two hundred', async () => {
      await stores.ledger.post(topUp(50 * 40_000))
      const answers = await Promise.all(range(200).map(() => openPaid(stores)))
      const kinds = answers.map(({ answer }) => answer.kind)
      expect(kinds.filter((kind) => kind === 'opened')).toHaveLength(50)
      expect(kinds.filter((kind) => kind === 'short')).toHaveLength(150)
      expect(await stores.ledger.balance(ALICE)).toMatchObject({ available: 0, held: 2_000_000 })
      const refused = answers.find(({ answer }) => answer.kind === 'short')
      expect(await stores.verifications.find(keyOf(refused!.of))).toBeUndefined()
      expect(await stores.outbox.find(refused!.send.id)).toBeUndefined()
    })

    test.each([
      ['phone_minute_cap', { phoneMinute: 3 }, MINUTE],
      ['phone_hour_cap', { phoneHour: 3 }, HOUR],
      ['phone_day_cap', { phoneDay: 3 }, DAY],
      ['phone_day_cap_all_accounts', { phoneDayAllAccounts: 3 }, DAY],
    ] as const)(
      '%s holds for a parallel burst and lifts when its oldest send leaves',
      async (stop, limit, window) => {
        const limits = { ...UNLIMITED, ...limit }
        const at = (createdAtMs: number) => openingFor({ createdAtMs }, { limits })
        expect(await stores.verifications.open(at(T0 - 10))).toEqual({ kind: 'opened' })
        const answers = await Promise.all(range(30).map(() => stores.verifications.open(at(T0))))
        expect(answers.filter(({ kind }) => kind === 'opened')).toHaveLength(2)
        const refusal = { kind: 'stopped', stop, retryAtMs: T0 - 10 + window }
        expect(answers.at(-1)).toEqual(refusal)
        expect(await stores.verifications.open(at(T0 - 11 + window))).toEqual(refusal)
        expect(await stores.verifications.open(at(T0 - 10 + window))).toEqual({ kind: 'opened' })
      },
    )

    test('caps of one account do not count what another account sent', async () => {
      const limits = { ...UNLIMITED, phoneMinute: 1, phoneHour: 1, phoneDay: 1 }
      const first = openingFor({ accountId: BOB }, { limits })
      expect(await stores.verifications.open(first)).toEqual({ kind: 'opened' })
      expect(await stores.verifications.open(openingFor({}, { limits }))).toEqual({
        kind: 'opened',
      })
    })

    test('the longest broken window is the one that is named', async () => {
      const limits = { ...UNLIMITED, phoneMinute: 1, phoneHour: 1, phoneDay: 1 }
      await stores.verifications.open(openingFor({}, { limits }))
      expect(await stores.verifications.open(openingFor({}, { limits }))).toEqual({
        kind: 'stopped',
        stop: 'phone_day_cap',
        retryAtMs: T0 + DAY,
      })
    })

    test('a limit of nothing lets nothing through', async () => {
      const limits = { ...UNLIMITED, phoneHour: 0 }
      expect(await stores.verifications.open(openingFor({}, { limits }))).toEqual({
        kind: 'stopped',
        stop: 'phone_hour_cap',
        retryAtMs: T0 + HOUR,
      })
    })

    test.each([
      ['service_hour_budget', { serviceHour: micros(130_000) }, Date.UTC(2026, 0, 15, 11)],
      ['service_day_budget', { serviceDay: micros(130_000) }, Date.UTC(2026, 0, 16)],
    ] as const)(
      '%s holds for a parallel burst and starts anew with its window',
      async (stop, budget, next) => {
        const limits = { ...UNLIMITED, ...budget }
        const at = (createdAtMs: number) =>
          stores.verifications.open(openingFor({ createdAtMs }, { limits }))
        const answers = await Promise.all(range(40).map(() => at(T0)))
        expect(answers.filter(({ kind }) => kind === 'opened')).toHaveLength(3)
        expect(answers.at(-1)).toEqual({ kind: 'stopped', stop, retryAtMs: next })
        expect(await at(next - 1)).toEqual({ kind: 'stopped', stop, retryAtMs: next })
        expect(await at(next)).toEqual({ kind: 'opened' })
      },
    )

    test('a refused open spends nothing: no balance, no budget, no cap, no challenge', async () => {
      const limits = { ...UNLIMITED, phoneMinute: 1, serviceHour: micros(40_000) }
      const of = verification()
      const send = sendOf(of)
      const free = opening({ verification: of, send, limits, challengeNonce: 'nonce-1' })
      const dear = { ...free, reservation: reserve(send) }
      expect(await stores.verifications.open(dear)).toEqual({ kind: 'short' })
      expect(await stores.verifications.open(free)).toEqual({ kind: 'opened' })
    })

    test('a solved challenge opens once, however many race for it', async () => {
      const answers = await Promise.all(
        range(20).map(() => stores.verifications.open(opening({ challengeNonce: 'solved' }))),
      )
      expect(answers.filter(({ kind }) => kind === 'opened')).toHaveLength(1)
      expect(answers.filter(({ kind }) => kind === 'challenge_spent')).toHaveLength(19)
    })
  })
}
