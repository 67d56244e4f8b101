import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { currency, micros } from '../../../src/domain/money.ts'
import type { DeliveryStatus, Send } from '../../../src/domain/send.ts'
import { sendError } from '../../../src/domain/send-error.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  closeOnDelivery,
  HOUR,
  keyOf,
  MINUTE,
  type OpenStores,
  openingFor,
  openPaid,
  release,
  roomFor,
  type StoreSet,
  sendOf,
  settle,
  T0,
  topUp,
  UNLIMITED,
} from './examples.ts'

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

const receipt = (send: Send, status: DeliveryStatus = 'delivered') =>
  aReceipt({
    providerMessageId: `m-${send.id}`,
    status,
    error: status === 'delivered' ? undefined : sendError('unreachable', '30005'),
  })

/** What every OutboxStore does, together with the stores that share its books. */
export function outboxStoreSuite(name: string, open: OpenStores): void {
  describe(`outbox in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
      await stores.ledger.post(topUp(1_000_000))
    })
    afterEach(() => stores.close())

    const balance = async () => {
      const { available, held, spent } = await stores.ledger.balance(ALICE)
      return { available, held, spent }
    }

    test('a leased row comes with its verification and belongs to nobody else until its lease ends', async () => {
      const { of, send } = await openPaid(stores)
      const [job, ...more] = await stores.outbox.lease(
        { nowMs: T0, leaseUntilMs: T0 + 1000 },
        roomFor(10),
      )
      expect(more).toEqual([])
      expect(job).toEqual({
        send: { ...send, status: 'sending' },
        subject: { kind: 'code', verification: of },
        tries: 1,
        rounds: 0,
        providerId: undefined,
      })
      expect(
        await stores.outbox.lease({ nowMs: T0 + 999, leaseUntilMs: T0 + 2000 }, roomFor(10)),
      ).toEqual([])
      expect(
        await stores.outbox.leaseThese([{ id: send.id, providerId: undefined }], {
          nowMs: T0 + 999,
          leaseUntilMs: T0 + 2000,
        }),
      ).toEqual([])
      expect(
        await stores.outbox.lease({ nowMs: T0 + 1000, leaseUntilMs: T0 + 2000 }, roomFor(10)),
      ).toMatchObject([{ tries: 2 }])
    })

    test('the providers of a verification are told once they have it, and only then', async () => {
      const { of, send } = await openPaid(stores)
      expect(await stores.outbox.carriersOf([])).toEqual(new Map())
      expect(await stores.outbox.carriersOf([of.id])).toEqual(new Map())
      await stores.outbox.lease({ nowMs: T0, leaseUntilMs: T0 + 1000 }, roomFor(10))
      const taken = accepted(send.id, { tries: 1 })
      await stores.outbox.finish([taken], closeOnDelivery)
      expect(await stores.outbox.carriersOf([of.id])).toEqual(
        new Map([[of.id, [{ providerId: taken.providerId, status: 'sent' }]]]),
      )
    })

    test('how the latest sends fared is told, and whether their codes were typed', async () => {
      const { of, send } = await openPaid(stores)
      await stores.outbox.lease({ nowMs: T0, leaseUntilMs: T0 + 1000 }, roomFor(10))
      const taken = accepted(send.id, { tries: 1 })
      await stores.outbox.finish([taken], closeOnDelivery)
      const { id, verificationId, channel, rate, createdAtMs } = send
      const whose = { id, verificationId, channel, country: rate.country, createdAtMs }
      const asked = { providerId: taken.providerId, status: 'sent', askedAtMs: undefined }
      const fate = { ...whose, ...asked, phone: undefined, isTyped: false }
      const span = { sinceMs: T0, untilMs: createdAtMs, limit: 10 }
      const [told] = await stores.outbox.fates({ ...span, after: undefined })
      expect(told).toEqual({ ...fate, place: told?.place })
      await stores.verifications.approve(of, createdAtMs)
      const later = { ...fate, place: told?.place, phone: send.phone, isTyped: true }
      expect(await stores.outbox.fates({ ...span, after: 0 })).toEqual([later])
      expect(await stores.outbox.fates({ ...span, after: told?.place })).toEqual([])
      const before = { ...span, untilMs: createdAtMs - 1, after: undefined }
      expect(await stores.outbox.fates(before)).toEqual([])
      const after = { ...span, sinceMs: createdAtMs + 1, untilMs: createdAtMs + 1 }
      expect(await stores.outbox.fates({ ...after, after: undefined })).toEqual([])
    })

    test('of many sends the latest are told, each once', async () => {
      const made: Send[] = []
      for (const index of range(6)) {
        made.push((await openPaid(stores, { createdAtMs: T0 + index })).send)
      }
      await stores.outbox.lease({ nowMs: T0 + 9, leaseUntilMs: T0 + 1000 }, roomFor(10))
      const all = made.map(({ id }) => accepted(id, { tries: 1, providerMessageId: id }))
      await stores.outbox.finish(all, closeOnDelivery)
      const span = { sinceMs: T0, limit: 4 }
      const first = await stores.outbox.fates({ ...span, after: undefined, untilMs: T0 + 3 })
      const rest = { ...span, limit: 9, after: first.at(-1)?.place }
      const then = await stores.outbox.fates({ ...rest, untilMs: T0 + 4 })
      const last = await stores.outbox.fates({
        ...rest,
        after: then.at(-1)?.place,
        untilMs: T0 + 9,
      })
      const idsOf = (fates: typeof first) => fates.map(({ id }) => id)
      const ids = made.map(({ id }) => id)
      expect(idsOf(first)).toEqual(ids.slice(2, 4))
      expect(idsOf(then)).toEqual([ids[4]])
      expect(idsOf(last)).toEqual([ids[5]])
    })

    test('parallel dispatchers share the rows without overlap, the oldest first', async () => {
      const made: Send[] = []
      for (const index of range(20)) {
        made.push((await openPaid(stores, { createdAtMs: T0 + index })).send)
      }
      const leases = await Promise.all(
        range(5).map((index) =>
          stores.outbox.lease({ nowMs: T0 + MINUTE, leaseUntilMs: T0 + HOUR + index }, roomFor(4)),
        ),
      )
      const ids = leases.flat().map(({ send }) => send.id)
      expect(ids).toEqual(made.map(({ id }) => id))
    })

    test('naming rows leases only those, and each for one dispatcher', async () => {
      const { send } = await openPaid(stores)
      await openPaid(stores)
      const leases = await Promise.all(
        range(5).map(() =>
          stores.outbox.leaseThese([{ id: send.id, providerId: undefined }], {
            nowMs: T0,
            leaseUntilMs: T0 + 1000,
          }),
        ),
      )
      expect(leases.flat().map((job) => job.send.id)).toEqual([send.id])
    })

    test('a row given back waits for its time', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.lease({ nowMs: T0, leaseUntilMs: T0 + HOUR }, roomFor(1))
      await stores.outbox.giveBack([
        { sendId: send.id, tries: 1, notBeforeMs: T0 + 500, rounds: 1 },
      ])
      expect((await stores.outbox.find(send.id))?.status).toBe('queued')
      expect(
        await stores.outbox.lease({ nowMs: T0 + 499, leaseUntilMs: T0 + HOUR }, roomFor(1)),
      ).toEqual([])
      expect(
        await stores.outbox.lease({ nowMs: T0 + 500, leaseUntilMs: T0 + HOUR }, roomFor(1)),
      ).toMatchObject([{ tries: 2 }])
    })

    test('an accepted send settles once and leaves the outbox', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.lease({ nowMs: T0, leaseUntilMs: T0 + 1000 }, roomFor(1))
      const sent = accepted(send.id, { tries: 1, posting: settle(send) })
      await stores.outbox.finish([sent], closeOnDelivery)
      await stores.outbox.finish([sent], closeOnDelivery)
      expect(await stores.outbox.find(send.id)).toMatchObject({
        status: 'sent',
        outcome: { providerId: 'cheap' },
      })
      expect(await balance()).toEqual({ available: 960_000, held: 0, spent: 40_000 })
      expect(
        await stores.outbox.lease({ nowMs: T0 + HOUR, leaseUntilMs: T0 + 2 * HOUR }, roomFor(10)),
      ).toEqual([])
    })

    test('a failed send gives its money back, and a later answer takes none', async () => {
      const { send } = await openPaid(stores)
      const failed = accepted(send.id, {
        status: 'failed',
        providerMessageId: undefined,
        posting: release(send),
      })
      await stores.outbox.finish([failed], closeOnDelivery)
      await stores.outbox.finish([accepted(send.id, { posting: settle(send) })], closeOnDelivery)
      expect((await stores.outbox.find(send.id))?.status).toBe('failed')
      expect(await balance()).toEqual({ available: 1_000_000, held: 0, spent: 0 })
    })

    test('an unknown outcome holds its money until a better answer comes', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.finish(
        [accepted(send.id, { status: 'unknown', providerMessageId: undefined })],
        closeOnDelivery,
      )
      expect(await balance()).toEqual({ available: 960_000, held: 40_000, spent: 0 })
      await stores.outbox.finish([accepted(send.id)], closeOnDelivery)
      expect((await stores.outbox.find(send.id))?.status).toBe('sent')
    })

    test('a receipt closes the money once, however often and in whatever words it comes', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.finish([accepted(send.id)], closeOnDelivery)
      const at = T0 + MINUTE
      expect(await stores.outbox.recordDelivery(receipt(send), at, closeOnDelivery)).toEqual({
        kind: 'recorded',
        send: { ...send, status: 'sent' },
        status: 'delivered',
      })
      for (const status of ['delivered', 'undelivered', 'failed'] as const) {
        const again = await stores.outbox.recordDelivery(receipt(send, status), at, closeOnDelivery)
        expect(again.kind).toBe('repeated')
      }
      expect((await stores.outbox.find(send.id))?.status).toBe('delivered')
      expect(await balance()).toEqual({ available: 960_000, held: 0, spent: 40_000 })
    })

    test('of contradicting receipts that race delivered stays, and the money is closed once', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.finish([accepted(send.id)], closeOnDelivery)
      const answers = await Promise.all(
        range(20).map((index) =>
          stores.outbox.recordDelivery(
            receipt(send, index % 2 === 0 ? 'undelivered' : 'delivered'),
            T0 + MINUTE,
            closeOnDelivery,
          ),
        ),
      )
      const changes = answers.filter(({ kind }) => kind === 'recorded').length
      expect([1, 2]).toContain(changes)
      expect((await stores.outbox.find(send.id))?.status).toBe('delivered')
      expect([
        { available: 960_000, held: 0, spent: 40_000 },
        { available: 1_000_000, held: 0, spent: 0 },
      ]).toContainEqual(await balance())
    })

    test('what was given up and paid back may still turn out delivered, and stays free', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.finish([accepted(send.id)], closeOnDelivery)
      const record = (status: DeliveryStatus) =>
        stores.outbox.recordDelivery(receipt(send, status), T0 + MINUTE, closeOnDelivery)
      expect((await record('undelivered')).kind).toBe('recorded')
      expect(await balance()).toEqual({ available: 1_000_000, held: 0, spent: 0 })
      expect((await record('failed')).kind).toBe('repeated')
      expect((await record('delivered')).kind).toBe('recorded')
      expect((await record('undelivered')).kind).toBe('repeated')
      expect((await stores.outbox.find(send.id))?.status).toBe('delivered')
      expect(await balance()).toEqual({ available: 1_000_000, held: 0, spent: 0 })
    })

    test('news from the way changes a send only where nobody knew whether it had left', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.finish([accepted(send.id, { status: 'unknown' })], closeOnDelivery)
      const record = (status: DeliveryStatus) =>
        stores.outbox.recordDelivery(receipt(send, status), T0 + MINUTE, settle)
      expect(await record('queued')).toMatchObject({ kind: 'recorded', status: 'sent' })
      expect((await record('sent')).kind).toBe('repeated')
      expect((await stores.outbox.find(send.id))?.status).toBe('sent')
      expect(await balance()).toEqual({ available: 960_000, held: 0, spent: 40_000 })
    })

    test('our reference names a send whose answer was lost, and brings its id along', async () => {
      const { send } = await openPaid(stores)
      const lost = { status: 'unknown', providerMessageId: undefined } as const
      await stores.outbox.finish([accepted(send.id, lost)], closeOnDelivery)
      const named = { reference: send.id, providerMessageId: 'late-id' }
      const record = (change: Parameters<typeof aReceipt>[0]) =>
        stores.outbox.recordDelivery(aReceipt(change), T0 + MINUTE, closeOnDelivery)
      const stranger = await record({ ...named, providerId: 'another', status: 'failed' })
      expect(stranger.kind).toBe('unmatched')
      expect((await record({ ...named, status: 'sent' })).kind).toBe('recorded')
      expect((await record({ providerMessageId: 'late-id' })).kind).toBe('recorded')
      expect((await stores.outbox.find(send.id))?.status).toBe('delivered')
    })

    test('a receipt by our reference may come before the answer is lost', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.lease({ nowMs: T0, leaseUntilMs: T0 + 1000 }, roomFor(1))
      const early = aReceipt({ reference: send.id, providerMessageId: 'm-9' })
      expect((await stores.outbox.recordDelivery(early, T0 + 10, closeOnDelivery)).kind).toBe(
        'unmatched',
      )
      const lost = { status: 'unknown', tries: 1, providerMessageId: undefined } as const
      await stores.outbox.finish([accepted(send.id, lost)], closeOnDelivery)
      expect((await stores.outbox.find(send.id))?.status).toBe('delivered')
      expect(await balance()).toEqual({ available: 960_000, held: 0, spent: 40_000 })
    })

    test('what a vendor reports is kept with the send, whenever it is told', async () => {
      const { send } = await openPaid(stores)
      const error = sendError('unknown', 'timeout')
      const unknown = accepted(send.id, { status: 'unknown', error })
      await stores.outbox.finish([unknown], closeOnDelivery)
      const of = async () => (await stores.outbox.find(send.id))?.outcome
      expect(await of()).toEqual({
        providerId: 'cheap',
        providerMessageId: `m-${send.id}`,
        segments: 1,
        cost: undefined,
        error,
        askedAtMs: undefined,
      })
      const told = sendError('unreachable', 'X-7', 'absent subscriber')
      const failure = { ...receipt(send, 'undelivered'), error: told, segments: 2 }
      await stores.outbox.recordDelivery(failure, T0 + MINUTE, closeOnDelivery)
      expect(await of()).toMatchObject({ segments: 2, error: told })
      const cost = { micros: micros(33_300), currency: currency('EUR') }
      const again = { ...receipt(send, 'failed'), cost }
      await stores.outbox.recordDelivery(again, T0 + MINUTE, closeOnDelivery)
      expect(await of()).toMatchObject({ cost, error: told })
      await stores.outbox.recordDelivery(receipt(send), T0 + MINUTE, closeOnDelivery)
      expect(await of()).toMatchObject({ segments: 2, cost, error: undefined })
    })

    test('a receipt before the answer is kept, and applied with its money when the answer comes', async () => {
      const { send } = await openPaid(stores)
      const early = await stores.outbox.recordDelivery(receipt(send), T0 + 10, closeOnDelivery)
      expect(early).toEqual({ kind: 'unmatched' })
      await stores.outbox.recordDelivery(receipt(send, 'failed'), T0 + 20, closeOnDelivery)
      await stores.outbox.finish([accepted(send.id)], closeOnDelivery)
      expect((await stores.outbox.find(send.id))?.status).toBe('delivered')
      expect(await balance()).toEqual({ available: 960_000, held: 0, spent: 40_000 })
    })

    test('a message id given twice stays with the first send, and the second still ends', async () => {
      const first = (await openPaid(stores)).send
      const second = (await openPaid(stores)).send
      const same = { providerMessageId: 'same' }
      await stores.outbox.finish(
        [accepted(first.id, same), accepted(second.id, same)],
        closeOnDelivery,
      )
      const delivery = aReceipt({ providerMessageId: 'same' })
      await stores.outbox.recordDelivery(delivery, T0 + MINUTE, closeOnDelivery)
      expect((await stores.outbox.find(first.id))?.status).toBe('delivered')
      expect((await stores.outbox.find(second.id))?.status).toBe('sent')
    })

    test('the latest send is told for each verification', async () => {
      const one = await openPaid(stores)
      const two = openingFor({})
      await stores.verifications.open(two)
      const again = sendOf(one.of, { createdAtMs: T0 + MINUTE, generation: 2 })
      await stores.verifications.resend(keyOf(one.of), {
        send: again,
        reservation: undefined,
        limits: UNLIMITED,
        challengeNonce: undefined,
      })
      const latest = await stores.outbox.latestOf([one.of.id, two.verification.id])
      expect(latest).toEqual(
        new Map([
          [one.of.id, again],
          [two.verification.id, two.send],
        ]),
      )
      expect(await stores.outbox.latestOf([])).toEqual(new Map())
    })
  })
}
