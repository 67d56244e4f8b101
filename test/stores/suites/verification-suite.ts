import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Phone } from '../../../src/domain/phone.ts'
import type { Verification } from '../../../src/domain/verification.ts'
import {
  ALICE,
  BOB,
  DAY,
  decision,
  keyOf,
  LOGIN,
  MINUTE,
  type OpenStores,
  opening,
  openingFor,
  reserve,
  type StoreSet,
  sendOf,
  T0,
  UNLIMITED,
  verification,
} from './examples.ts'
import { verificationLimitsSuite } from './verification-limits-suite.ts'

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

/** What every VerificationStore does, whatever it is made of. */
export function verificationStoreSuite(name: string, open: OpenStores): void {
  verificationLimitsSuite(name, open)

  describe(`verifications in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
    })
    afterEach(() => stores.close())

    const opened = async (change: Partial<Verification> = {}): Promise<Verification> => {
      const command = openingFor(change)
      expect(await stores.verifications.open(command)).toEqual({ kind: 'opened' })
      return command.verification
    }

    test('what was opened is found again, whole', async () => {
      const of = verification({
        locale: 'de',
        amount: '12.50 EUR',
        payee: 'Corner Shop',
        metadata: { order: '17' },
        decision: decision({ reasons: [{ code: 'new_phone', detail: 'First time.' }] }),
      })
      await stores.verifications.open(opening({ verification: of }))
      expect(await stores.verifications.find(keyOf(of))).toEqual(of)
    })

    test('another account finds nothing', async () => {
      const of = await opened()
      const foreign = { accountId: BOB, id: of.id }
      expect(await stores.verifications.find(foreign)).toBeUndefined()
      expect(await stores.verifications.claimAttempt(foreign, T0)).toEqual({ kind: 'missing' })
      expect(await stores.verifications.approve(foreign, T0)).toBe(false)
      expect(await stores.verifications.cancel(foreign, T0)).toBe(false)
    })

    test('of a thousand parallel guesses only as many are open as there are attempts', async () => {
      const of = await opened()
      const claims = await Promise.all(
        range(1000).map(() => stores.verifications.claimAttempt(keyOf(of), T0 + 1000)),
      )
      const open = claims.filter((claim) => claim.kind === 'open')
      expect(open.map(({ attempt }) => attempt).sort()).toEqual([1, 2, 3, 4, 5])
      const closed = claims.filter((claim) => claim.kind === 'closed')
      expect(closed).toHaveLength(995)
      expect(new Set(closed.map(({ status }) => status))).toEqual(new Set(['max_attempts_reached']))
    })

    test('of twenty parallel approvals exactly one is told yes', async () => {
      const of = await opened()
      const answers = await Promise.all(
        range(20).map(() => stores.verifications.approve(keyOf(of), T0 + 1000)),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
      const found = await stores.verifications.find(keyOf(of))
      expect(found).toMatchObject({ state: 'approved', closedAtMs: T0 + 1000 })
      expect(await stores.verifications.cancel(keyOf(of), T0 + 1000)).toBe(false)
    })

    test('the last attempt can still be approved', async () => {
      const of = await opened({ attemptsMax: 1 })
      await stores.verifications.claimAttempt(keyOf(of), T0)
      expect(await stores.verifications.approve(keyOf(of), T0)).toBe(true)
    })

    test('an expired verification takes no attempt, no approval and no cancellation', async () => {
      const of = await opened()
      const claim = await stores.verifications.claimAttempt(keyOf(of), of.expiresAtMs)
      expect(claim).toMatchObject({ kind: 'closed', status: 'expired' })
      expect(await stores.verifications.approve(keyOf(of), of.expiresAtMs)).toBe(false)
      expect(await stores.verifications.cancel(keyOf(of), of.expiresAtMs)).toBe(false)
    })

    test('one of many cancellations wins, and then nothing is approved', async () => {
      const of = await opened()
      const answers = await Promise.all(
        range(10).map(() => stores.verifications.cancel(keyOf(of), T0 + 5)),
      )
      expect(answers.filter(Boolean)).toHaveLength(1)
      expect(await stores.verifications.approve(keyOf(of), T0 + 6)).toBe(false)
      expect(await stores.verifications.claimAttempt(keyOf(of), T0 + 6)).toMatchObject({
        kind: 'closed',
        status: 'canceled',
      })
    })

    test('a refused request is stored with its decision and takes no attempt', async () => {
      const of = verification({
        state: 'blocked',
        sends: 0,
        matured: true,
        decision: decision({
          outcome: 'block',
          reasons: [{ code: 'range_surge', detail: 'Too many.' }],
          stop: 'phone_day_cap',
        }),
      })
      await stores.verifications.refuse(of)
      expect(await stores.verifications.find(keyOf(of))).toEqual(of)
      expect(await stores.verifications.claimAttempt(keyOf(of), T0)).toMatchObject({
        kind: 'closed',
        status: 'blocked',
      })
      expect(await stores.verifications.takeMatured(T0 + DAY, 10)).toEqual([])
    })

    test('resending keeps the attempts, counts the send and puts it into the outbox', async () => {
      const of = await opened()
      await stores.verifications.claimAttempt(keyOf(of), T0)
      const send = sendOf(of, { createdAtMs: T0 + MINUTE, generation: 2 })
      const answer = await stores.verifications.resend(keyOf(of), {
        send,
        reservation: undefined,
        limits: UNLIMITED,
        challengeNonce: undefined,
      })
      expect(answer).toMatchObject({ kind: 'resent', verification: { sends: 2, attempts: 1 } })
      expect((await stores.outbox.latestOf([of.id])).get(of.id)).toEqual(send)
    })

    test('resends that race for one generation have one winner, and the others may try again', async () => {
      const of = await opened()
      const answers = await Promise.all(
        range(10).map(() =>
          stores.verifications.resend(keyOf(of), {
            send: sendOf(of, { createdAtMs: T0 + MINUTE, generation: 2 }),
            reservation: undefined,
            limits: UNLIMITED,
            challengeNonce: undefined,
          }),
        ),
      )
      expect(answers.filter(({ kind }) => kind === 'resent')).toHaveLength(1)
      expect(answers.filter(({ kind }) => kind === 'stopped')).toHaveLength(9)
      expect((await stores.verifications.find(keyOf(of)))?.sends).toBe(2)
    })

    test('a resend says why not: missing, closed, exhausted, capped or too dear', async () => {
      const of = await opened({ sendsMax: 2 })
      const again = (change: Parameters<typeof sendOf>[1] = {}, limits = UNLIMITED) => {
        const send = sendOf(of, { createdAtMs: T0 + 1, generation: 2, ...change })
        return {
          send,
          reservation: undefined,
          limits,
          challengeNonce: undefined as string | undefined,
        }
      }
      const { verifications } = stores
      const capped = again({}, { ...UNLIMITED, phoneMinute: 1 })
      expect(await verifications.resend({ ...keyOf(of), accountId: BOB }, again())).toEqual({
        kind: 'missing',
      })
      expect(await verifications.resend(keyOf(of), capped)).toEqual({
        kind: 'stopped',
        stop: 'phone_minute_cap',
        retryAtMs: T0 + MINUTE,
      })
      const dear = again()
      expect(
        await verifications.resend(keyOf(of), { ...dear, reservation: reserve(dear.send) }),
      ).toEqual({ kind: 'short' })
      const solved = { ...again(), challengeNonce: 'solved' }
      expect(await verifications.resend(keyOf(of), solved)).toMatchObject({ kind: 'resent' })
      expect(await verifications.resend(keyOf(of), again({ generation: 3 }))).toEqual({
        kind: 'sends_exhausted',
      })
      expect(await verifications.resend(keyOf(of), again({ createdAtMs: of.expiresAtMs }))).toEqual(
        { kind: 'closed', status: 'expired' },
      )
    })

    test('a challenge that was solved for one send does not open another', async () => {
      const of = await opened()
      const command = {
        send: sendOf(of, { generation: 2 }),
        reservation: undefined,
        limits: UNLIMITED,
      }
      await stores.verifications.open(opening({ challengeNonce: 'solved' }))
      expect(
        await stores.verifications.resend(keyOf(of), { ...command, challengeNonce: 'solved' }),
      ).toEqual({ kind: 'challenge_spent' })
    })

    test('what matured is handed out exactly once, the oldest first', async () => {
      const made: Verification[] = []
      for (const minute of range(6)) made.push(await opened({ createdAtMs: T0 + minute * MINUTE }))
      await stores.verifications.approve(keyOf(made[1]!), T0 + 2 * MINUTE)
      const before = T0 + 5 * MINUTE
      const takes = await Promise.all(
        range(4).map(() => stores.verifications.takeMatured(before, 2)),
      )
      expect(takes.flat().map(({ id }) => id)).toEqual(made.slice(0, 5).map(({ id }) => id))
      expect(takes.flat()[1]).toMatchObject({ state: 'approved', matured: true })
      expect((await stores.verifications.find(keyOf(made[0]!)))?.matured).toBe(true)
      expect((await stores.verifications.find(keyOf(made[5]!)))?.matured).toBe(false)
    })

    test('a list is newest first, goes on where it stopped and stays inside the account', async () => {
      const made: Verification[] = []
      for (const minute of range(5)) made.push(await opened({ createdAtMs: T0 + minute * MINUTE }))
      await opened({ accountId: BOB })
      const page = { limit: 3, before: undefined, nowMs: T0 }
      const first = await stores.verifications.list(ALICE, {}, page)
      const before = first.at(-1)!.id
      const second = await stores.verifications.list(ALICE, {}, { ...page, before })
      expect([...first, ...second].map(({ id }) => id)).toEqual(made.map(({ id }) => id).reverse())
    })

    test('what came since an id is told for all accounts, the oldest first', async () => {
      const made: Verification[] = []
      for (const minute of range(4)) {
        const accountId = minute % 2 === 0 ? ALICE : BOB
        made.push(await opened({ createdAtMs: T0 + minute * MINUTE, accountId }))
      }
      const ids = (rows: readonly Verification[]) => rows.map(({ id }) => id)
      expect(ids(await stores.verifications.since(made[0]!.id, 2))).toEqual(ids(made.slice(1, 3)))
      expect(ids(await stores.verifications.since(made[2]!.id, 2))).toEqual(ids(made.slice(3)))
    })

    test('every filter of a list holds', async () => {
      const other = '+33612345678' as Phone
      const pending = await opened({ createdAtMs: T0 })
      const approved = await opened({ createdAtMs: T0 + 1, phone: other })
      await stores.verifications.approve(keyOf(approved), T0 + 2)
      const spent = await opened({ createdAtMs: T0 + 2, attemptsMax: 1 })
      await stores.verifications.claimAttempt(keyOf(spent), T0 + 3)
      const expired = await opened({ createdAtMs: T0 + 3, expiresAtMs: T0 + 4 })
      const canceled = await opened({ createdAtMs: T0 + 4 })
      await stores.verifications.cancel(keyOf(canceled), T0 + 5)
      const blocked = verification({
        createdAtMs: T0 + 5,
        state: 'blocked',
        decision: decision({ outcome: 'block' }),
      })
      await stores.verifications.refuse(blocked)
      const challenged = verification({
        createdAtMs: T0 + 6,
        state: 'challenged',
        decision: decision({ outcome: 'challenge' }),
      })
      await stores.verifications.refuse(challenged)

      const page = { limit: 100, before: undefined, nowMs: T0 + MINUTE }
      const ids = async (filter: Parameters<StoreSet['verifications']['list']>[1]) =>
        (await stores.verifications.list(ALICE, filter, page)).map(({ id }) => id)
      expect(await ids({ status: 'pending' })).toEqual([pending.id])
      expect(await ids({ status: 'approved' })).toEqual([approved.id])
      expect(await ids({ status: 'max_attempts_reached' })).toEqual([spent.id])
      expect(await ids({ status: 'expired' })).toEqual([expired.id])
      expect(await ids({ status: 'canceled' })).toEqual([canceled.id])
      expect(await ids({ status: 'blocked' })).toEqual([blocked.id])
      expect(await ids({ status: 'challenge_required' })).toEqual([challenged.id])
      expect(await ids({ outcome: 'challenge' })).toEqual([challenged.id])
      expect(await ids({ phone: other })).toEqual([approved.id])
      expect(await ids({ serviceId: LOGIN, fromMs: T0 + 1, toMs: T0 + 3 })).toEqual([
        spent.id,
        approved.id,
      ])
    })
  })
}
