import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Delivery, Send } from '../../../src/domain/send.ts'
import {
  ALICE,
  accepted,
  closeOnDelivery,
  HOUR,
  keyOf,
  MINUTE,
  type OpenStores,
  openingFor,
  openPaid,
  release,
  type StoreSet,
  sendOf,
  settle,
  T0,
  topUp,
  UNLIMITED,
} from './examples.ts'

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

const receipt = (send: Send, status: Delivery['status'] = 'delivered'): Delivery => ({
  providerId: 'cheap',
  providerMessageId: `m-${send.id}`,
  status,
  error: status === 'delivered' ? undefined : '30005',
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
      const [job, ...more] = await stores.outbox.lease(T0, T0 + 1000, 10)
      expect(more).toEqual([])
      expect(job).toEqual({ send: { ...send, status: 'sending' }, verification: of, tries: 1 })
      expect(await stores.outbox.lease(T0 + 999, T0 + 2000, 10)).toEqual([])
      expect(await stores.outbox.leaseThese([send.id], T0 + 999, T0 + 2000)).toEqual([])
      expect(await stores.outbox.lease(T0 + 1000, T0 + 2000, 10)).toMatchObject([{ tries: 2 }])
    })

    test('parallel dispatchers share the rows without overlap, the oldest first', async () => {
      const made: Send[] = []
      for (const index of range(20)) {
        made.push((await openPaid(stores, { createdAtMs: T0 + index })).send)
      }
      const leases = await Promise.all(
        range(5).map((index) => stores.outbox.lease(T0 + MINUTE, T0 + HOUR + index, 4)),
      )
      const ids = leases.flat().map(({ send }) => send.id)
      expect(ids).toEqual(made.map(({ id }) => id))
    })

    test('naming rows leases only those, and each for one dispatcher', async () => {
      const { send } = await openPaid(stores)
      await openPaid(stores)
      const leases = await Promise.all(
        range(5).map(() => stores.outbox.leaseThese([send.id], T0, T0 + 1000)),
      )
      expect(leases.flat().map((job) => job.send.id)).toEqual([send.id])
    })

    test('a row given back waits for its time', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.lease(T0, T0 + HOUR, 1)
      await stores.outbox.retryLater(send.id, T0 + 500)
      expect((await stores.outbox.find(send.id))?.status).toBe('queued')
      expect(await stores.outbox.lease(T0 + 499, T0 + HOUR, 1)).toEqual([])
      expect(await stores.outbox.lease(T0 + 500, T0 + HOUR, 1)).toMatchObject([{ tries: 2 }])
    })

    test('an accepted send settles once and leaves the outbox', async () => {
      const { send } = await openPaid(stores)
      await stores.outbox.lease(T0, T0 + 1000, 1)
      const sent = accepted(send.id, { posting: settle(send) })
      await stores.outbox.finish([sent], closeOnDelivery)
      await stores.outbox.finish([sent], closeOnDelivery)
      expect(await stores.outbox.find(send.id)).toMatchObject({
        status: 'sent',
        providerId: 'cheap',
      })
      expect(await balance()).toEqual({ available: 960_000, held: 0, spent: 40_000 })
      expect(await stores.outbox.lease(T0 + HOUR, T0 + 2 * HOUR, 10)).toEqual([])
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

    test('of contradicting receipts that race one counts, and the money follows that one', async () => {
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
      expect(answers.filter(({ kind }) => kind === 'recorded')).toHaveLength(1)
      const delivered = (await stores.outbox.find(send.id))?.status === 'delivered'
      expect(await balance()).toEqual(
        delivered
          ? { available: 960_000, held: 0, spent: 40_000 }
          : { available: 1_000_000, held: 0, spent: 0 },
      )
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
      const delivery = { ...receipt(first), providerMessageId: 'same' }
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
