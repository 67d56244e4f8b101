import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Dispatched, FailedTry, UnsentReason } from '../../../src/channels/outbox-store.ts'
import type { Send } from '../../../src/domain/send.ts'
import { sendError } from '../../../src/domain/send-error.ts'
import {
  ALICE,
  accepted,
  BOB,
  closeOnDelivery,
  keyOf,
  type OpenStores,
  opening,
  openPaid,
  PHONE,
  release,
  reserve,
  roomFor,
  type StoreSet,
  sendOf,
  T0,
  topUp,
  UNLIMITED,
  verification,
} from './examples.ts'

const tryOf = (providerId: string, code: string, atMs: number): FailedTry => ({
  providerId,
  kind: 'provider_down',
  code,
  atMs,
})
const failedAs = (send: Send, change: Partial<Dispatched>): Dispatched =>
  accepted(send.id, {
    tries: 1,
    status: 'failed',
    providerId: undefined,
    providerMessageId: undefined,
    error: sendError('provider_down', 'http_503'),
    posting: release(send),
    ...change,
  })
const page = { limit: 10, before: undefined }

/** What every DeadLetterStore does, together with the outbox that fills it. */
export function deadLetterSuite(name: string, open: OpenStores): void {
  describe(`dead letters in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
      await stores.ledger.post(topUp(1_000_000))
    })
    afterEach(() => stores.close())

    const lease = (nowMs: number) =>
      stores.outbox.lease({ nowMs, leaseUntilMs: nowMs + 1 }, roomFor(10))
    const bury = async (
      reason: UnsentReason | undefined,
      change: Parameters<typeof verification>[0] = {},
      rest: Partial<Dispatched> = {},
    ) => {
      const paid = await openPaid(stores, change)
      await lease(paid.send.createdAtMs)
      const atMs = paid.send.createdAtMs + 500
      await stores.outbox.finish(
        [failedAs(paid.send, { unsent: reason, atMs, ...rest })],
        closeOnDelivery,
      )
      return paid
    }

    test('a message that ended unsent is found with its reason and everybody who was asked', async () => {
      const { of, send } = await openPaid(stores)
      await lease(T0)
      const first = tryOf('cheap', '30001', T0 + 1)
      const back = { sendId: send.id, tries: 1, notBeforeMs: T0 + 10, rounds: 1, tried: [first] }
      await stores.outbox.giveBack([back])
      await lease(T0 + 10)
      const more = [tryOf('cheap', 'http_503', T0 + 11), tryOf('dear', 'busy', T0 + 12)]
      const over = failedAs(send, { tries: 2, tried: more, unsent: 'exhausted', atMs: T0 + 20 })
      await stores.outbox.finish([over], closeOnDelivery)
      const letter = await stores.deadLetters.find(ALICE, send.id)
      expect(letter).toEqual({
        ...send,
        status: 'failed',
        outcome: {
          providerId: undefined,
          providerMessageId: undefined,
          segments: 1,
          cost: undefined,
          error: sendError('provider_down', 'http_503'),
          askedAtMs: letter?.outcome.askedAtMs,
        },
        reason: 'exhausted',
        tried: [first, ...more],
        endedAtMs: T0 + 20,
        verification: {
          state: 'open',
          attempts: 0,
          attemptsMax: of.attemptsMax,
          expiresAtMs: of.expiresAtMs,
          sends: 1,
          sendsMax: of.sendsMax,
        },
      })
      expect(await stores.deadLetters.find(BOB, send.id)).toBeUndefined()
    })

    test('what was sent, what waits, and what failed by its number are no dead letters', async () => {
      await openPaid(stores, { createdAtMs: T0 + 5 })
      const { send } = await openPaid(stores)
      await lease(T0)
      await stores.outbox.finish([accepted(send.id, { tries: 1 })], closeOnDelivery)
      const { send: wrong } = await bury(undefined, { createdAtMs: T0 + 1 })
      expect(await stores.deadLetters.list(ALICE, {}, page)).toEqual([])
      expect(await stores.deadLetters.find(ALICE, wrong.id)).toBeUndefined()
    })

    test('they are listed newest first, in pages, by number, service, reason and time', async () => {
      const ids: string[] = []
      for (const [index, reason] of (['refused', 'no_route', 'expired'] as const).entries()) {
        ids.unshift((await bury(reason, { createdAtMs: T0 + index * 1_000 })).send.id)
      }
      const list = async (filter: Parameters<StoreSet['deadLetters']['list']>[1]) =>
        (await stores.deadLetters.list(ALICE, filter, page)).map(({ id }) => ids.indexOf(id))
      expect(await list({})).toEqual([0, 1, 2])
      const second = await stores.deadLetters.list(ALICE, {}, { limit: 1, before: ids[0] as never })
      expect(second.map(({ id }) => id)).toEqual([ids[1]])
      expect(await list({ reason: 'no_route' })).toEqual([1])
      expect(await list({ fromMs: T0 + 1_500, toMs: T0 + 2_500 })).toEqual([1])
      expect(await list({ phone: PHONE })).toEqual([0, 1, 2])
      expect(await list({ phone: '+447700900124' })).toEqual([])
      expect(await list({ serviceId: `VA${'2'.repeat(32)}` as never })).toEqual([])
      expect(await stores.deadLetters.list(BOB, {}, page)).toEqual([])
    })

    test('one does not count in the minute of its number, and by itself in full in the hour', async () => {
      const limits = { ...UNLIMITED, phoneMinute: 1, phoneHour: 2 }
      const next = async (atMs: number) => {
        const of = verification({ createdAtMs: atMs })
        return (await stores.verifications.open(opening({ verification: of, limits }))).kind
      }
      await bury('exhausted')
      expect(await next(T0 + 1_000)).toBe('opened')
      const of = verification({ createdAtMs: T0 + 2_000 })
      expect(await stores.verifications.open(opening({ verification: of, limits }))).toMatchObject({
        stop: 'phone_hour_cap',
      })
      const minute = { ...limits, phoneHour: 9 }
      expect(
        await stores.verifications.open(opening({ verification: of, limits: minute })),
      ).toMatchObject({ stop: 'phone_minute_cap', retryAtMs: T0 + 61_000 })
    })

    test('one that another channel may take over is taken by one caller, and again when that one dies', async () => {
      const { send } = await bury('refused', {}, { isFallen: true })
      const letters = () => stores.deadLetters.list(ALICE, {}, page)
      expect(await letters()).toEqual([])
      const take = (nowMs: number) =>
        stores.outbox.takeFallen({ nowMs, againAtMs: nowMs + 30_000, limit: 10 })
      const taken = await Promise.all([1_000, 1_000, 1_001].map((ms) => take(T0 + ms)))
      expect(taken.flat()).toEqual([{ ...send, status: 'failed' }])
      expect(await take(T0 + 30_999)).toEqual([])
      expect(await take(T0 + 31_001)).toHaveLength(1)
      await stores.outbox.closeFallen(send.id, undefined)
      expect(await take(T0 + 99_999)).toEqual([])
      expect(await letters()).toMatchObject([{ id: send.id }])
      await stores.outbox.closeFallen(send.id, 'whatsapp')
      expect(await letters()).toEqual([])
    })

    test('the next message tells which channel took over, if whoever sent it died, and nobody unsays it', async () => {
      const { of, send } = await bury('refused', {}, { isFallen: true })
      const next = sendOf({ ...of, channel: 'voice' }, { generation: 2, createdAtMs: T0 + 1_000 })
      await stores.verifications.resend(keyOf(of), {
        send: next,
        reservation: reserve(next),
        limits: UNLIMITED,
        challengeNonce: undefined,
      })
      const letters = () => stores.deadLetters.list(ALICE, {}, page)
      await stores.outbox.closeFallen(send.id, undefined)
      expect(await letters()).toEqual([])
      await stores.outbox.closeFallen(send.id, 'voice')
      await stores.outbox.closeFallen(send.id, undefined)
      expect(await letters()).toEqual([])
    })

    test('where no channel took over, a number that is to blame makes no dead letter and counts in the minute', async () => {
      const error = sendError('unreachable', '21614')
      const { send } = await bury('refused', {}, { isFallen: true, error })
      const ask = async () => {
        const of = verification({ createdAtMs: T0 + 1_000 })
        const limits = { ...UNLIMITED, phoneMinute: 1 }
        return stores.verifications.open(opening({ verification: of, limits }))
      }
      await stores.outbox.closeFallen(send.id, undefined)
      expect(await stores.deadLetters.list(ALICE, {}, page)).toEqual([])
      expect(await ask()).toMatchObject({ stop: 'phone_minute_cap' })
    })

    test('of ten that send it again at once one does, and money is held once', async () => {
      const { of, send } = await bury('exhausted')
      const again = Array.from({ length: 10 }, () =>
        sendOf(of, { generation: send.generation + 1, createdAtMs: T0 + 1_000 }),
      )
      const tried = await Promise.all(
        again.map((next) =>
          stores.verifications.resend(keyOf(of), {
            send: next,
            reservation: reserve(next),
            limits: { ...UNLIMITED, phoneMinute: 1 },
            challengeNonce: undefined,
          }),
        ),
      )
      expect(tried.filter(({ kind }) => kind === 'resent')).toHaveLength(1)
      const { available, held, spent } = await stores.ledger.balance(ALICE)
      expect([available, held, spent]).toEqual([960_000, 40_000, 0])
    })
  })
}
