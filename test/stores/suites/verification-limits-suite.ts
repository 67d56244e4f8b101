import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { HardLimits } from '../../../src/codes/verification-store.ts'
import type { SendId } from '../../../src/domain/ids.ts'
import { micros } from '../../../src/domain/money.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  BOB,
  closeOnDelivery,
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

async function receive(stores: StoreSet, id: SendId, status: 'delivered' | 'undelivered') {
  const receipt = aReceipt({ providerMessageId: `m-${id}`, status })
  await stores.outbox.recordDelivery(receipt, T0 + 1_000, closeOnDelivery)
}

/** A provider took it, and then a receipt said that it did not arrive. */
async function loseSend(stores: StoreSet, id: SendId) {
  await stores.outbox.finish([accepted(id)], closeOnDelivery)
  await receive(stores, id, 'undelivered')
}

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

    /** Opens at this instant; where it was lost a receipt said so at once. */
    const sendAt = async (createdAtMs: number, limits: HardLimits, isLost = true) => {
      const opened = openingFor({ createdAtMs }, { limits })
      const answer = await stores.verifications.open(opened)
      if (answer.kind === 'opened' && isLost) await loseSend(stores, opened.send.id)
      return answer
    }

    test.each([
      ['phone_hour_cap', { phoneHour: 3 }, HOUR],
      ['phone_day_cap', { phoneDay: 3 }, DAY],
    ] as const)(
      'of messages that did not arrive two count as one in %s, so that fewer than twice as many are sent',
      async (stop, limit, window) => {
        const limits = { ...UNLIMITED, ...limit }
        for (const at of range(5)) {
          expect(await sendAt(T0 + at, limits)).toEqual({ kind: 'opened' })
        }
        expect(await sendAt(T0 + 5, limits)).toEqual({
          kind: 'stopped',
          stop,
          retryAtMs: T0 + window,
        })
        expect(await sendAt(T0 + window, limits)).toEqual({ kind: 'opened' })
      },
    )

    test('a single message that did not arrive counts like all others, two make room for one', async () => {
      const limits = { ...UNLIMITED, phoneHour: 3 }
      await sendAt(T0, limits)
      await sendAt(T0 + 1, limits, false)
      await sendAt(T0 + 2, limits, false)
      const refusal = { kind: 'stopped', stop: 'phone_hour_cap' }
      expect(await sendAt(T0 + 3, limits)).toEqual({ ...refusal, retryAtMs: T0 + HOUR })
      const other = { ...limits, phoneHour: 4 }
      expect(await sendAt(T0 + 3, other)).toEqual({ kind: 'opened' })
      expect(await sendAt(T0 + 4, limits)).toEqual({ ...refusal, retryAtMs: T0 + 1 + HOUR })
      expect(await sendAt(T0 + 4, other)).toEqual({ kind: 'opened' })
    })

    test('all accounts together count what did not arrive in full', async () => {
      const limits = { ...UNLIMITED, phoneDayAllAccounts: 2 }
      await sendAt(T0, limits)
      await sendAt(T0 + 1, limits)
      expect(await sendAt(T0 + 2, limits)).toMatchObject({ stop: 'phone_day_cap_all_accounts' })
    })

    test('nobody waits a minute for a message that is known not to arrive', async () => {
      const limits = { ...UNLIMITED, phoneMinute: 1 }
      expect(await sendAt(T0, limits)).toEqual({ kind: 'opened' })
      expect(await sendAt(T0 + 45_000, limits, false)).toEqual({ kind: 'opened' })
      expect(await sendAt(T0 + 61_000, limits)).toEqual({
        kind: 'stopped',
        stop: 'phone_minute_cap',
        retryAtMs: T0 + 105_000,
      })
    })

    test('what arrived after it had been given up counts in full again', async () => {
      const limits = { ...UNLIMITED, phoneHour: 2 }
      const opened = openingFor({}, { limits })
      await stores.verifications.open(opened)
      await loseSend(stores, opened.send.id)
      await sendAt(T0 + 1, limits)
      await receive(stores, opened.send.id, 'delivered')
      expect(await sendAt(T0 + 2, limits)).toMatchObject({ stop: 'phone_hour_cap' })
    })

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
