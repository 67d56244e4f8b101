import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Places } from '../../../src/channels/places.ts'
import type { MessageKind } from '../../../src/domain/message-kind.ts'
import type { Send } from '../../../src/domain/send.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  closeOnDelivery,
  HOUR,
  MINUTE,
  type OpenStores,
  openingFor,
  openPaid,
  rateOf,
  release,
  roomFor,
  type StoreSet,
  sendOf,
  settle,
  T0,
  topUp,
  verification,
} from './examples.ts'

const SECOND = 1000
const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)
const span = (nowMs: number, lastsMs = 30 * SECOND) => ({ nowMs, leaseUntilMs: nowMs + lastsMs })
const pace = (nowMs: number) => ({ nowMs, leastMs: 30 * SECOND, mostMs: HOUR, limit: 10 })

/** Who may have a message, and when who is asked about it: what every OutboxStore does. */
export function leaseSuite(name: string, open: OpenStores): void {
  describe(`leases of the outbox in ${name}`, () => {
    let stores: StoreSet
    beforeEach(async () => {
      stores = await open()
      await stores.ledger.post(topUp(1_000_000))
    })
    afterEach(() => stores.close())

    const leased = async (nowMs: number, places: Places = roomFor(10)) =>
      (await stores.outbox.lease(span(nowMs), places)).map(({ send }) => send.id)
    const statusOf = async ({ id }: Send) => (await stores.outbox.find(id))?.status
    const named = ({ id }: Send, nowMs = T0) =>
      stores.outbox.leaseThese([{ id, providerId: 'cheap' }], span(nowMs))
    const openOf = async (kind: MessageKind, createdAtMs: number) => {
      const of = verification({ createdAtMs })
      const send = sendOf(of, { rate: rateOf(of, { kind }) })
      await stores.verifications.open(openingFor({}, { verification: of, send }))
      return send.id
    }

    test('nobody else gets a message that somebody may have been asked to carry', async () => {
      const { send } = await openPaid(stores)
      expect(await named(send)).toMatchObject([{ providerId: 'cheap', tries: 1 }])
      expect(await leased(T0 + 29 * SECOND)).toEqual([])
      expect(await leased(T0 + 30 * SECOND)).toEqual([])
      expect(await statusOf(send)).toBe('unknown')
      expect((await stores.outbox.find(send.id))?.outcome).toMatchObject({
        providerId: 'cheap',
        askedAtMs: T0,
        error: { code: 'dispatcher_gone' },
      })
      expect((await stores.ledger.balance(ALICE)).held).toBe(40_000)
      expect(await stores.outbox.takeUnheard(pace(T0 + 30 * SECOND))).toMatchObject([
        { id: send.id, tries: 1, outcome: { providerId: 'cheap' } },
      ])
    })

    test('a message that nobody was asked to carry goes to the next when its lease runs out', async () => {
      const { send } = await openPaid(stores)
      expect(await leased(T0)).toEqual([send.id])
      expect(await leased(T0 + 30 * SECOND)).toEqual([send.id])
    })

    test('only the holder of the latest lease may name whom to ask', async () => {
      const { send } = await openPaid(stores)
      await leased(T0)
      await leased(T0 + 30 * SECOND)
      const ask = (tries: number) =>
        stores.outbox.ask({ sendId: send.id, tries }, 'cheap', T0 + 31 * SECOND)
      expect(await ask(1)).toBe(false)
      expect(await ask(2)).toBe(true)
      await stores.outbox.finish([accepted(send.id, { tries: 2 })], closeOnDelivery)
      expect(await ask(2)).toBe(false)
    })

    test('what an old lease brought counts only if a provider accepted', async () => {
      const { send } = await openPaid(stores)
      await leased(T0)
      await leased(T0 + 30 * SECOND)
      const old = { tries: 1, providerMessageId: undefined }
      const failed = accepted(send.id, { ...old, status: 'failed', posting: release(send) })
      await stores.outbox.finish([failed], closeOnDelivery)
      await stores.outbox.giveBack([{ sendId: send.id, tries: 1, notBeforeMs: T0, rounds: 1 }])
      expect(await statusOf(send)).toBe('sending')
      const late = accepted(send.id, { ...old, posting: settle(send) })
      await stores.outbox.finish([late], closeOnDelivery)
      expect(await statusOf(send)).toBe('sent')
      expect(await stores.ledger.balance(ALICE)).toMatchObject({ held: 0, spent: 40_000 })
    })

    test('codes go before notices and notices before bulk, the oldest of each first', async () => {
      const bulk = await openOf('bulk', T0)
      const notice = await openOf('notice', T0 + 1)
      const codes = [await openOf('otp', T0 + 2), await openOf('otp', T0 + 3)]
      expect(await leased(T0 + MINUTE, roomFor(3))).toEqual([...codes, notice])
      expect(await leased(T0 + MINUTE, roomFor(3))).toEqual([bulk])
    })

    test('kept places go to the lower kinds first, and places that they do not need to codes', async () => {
      const codes = await Promise.all(range(4).map((index) => openOf('otp', T0 + index)))
      const bulk = [await openOf('bulk', T0), await openOf('bulk', T0 + 1)]
      const keeping = { ...roomFor(3), kept: { notice: 1, bulk: 1 } }
      expect(await leased(T0 + MINUTE, keeping)).toEqual([codes[0], codes[1], bulk[0]])
      expect(await leased(T0 + MINUTE, { ...roomFor(3), most: { notice: 3, bulk: 0 } })).toEqual([
        codes[2],
        codes[3],
      ])
      expect(await leased(T0 + MINUTE, keeping)).toEqual([bulk[1]])
    })

    test('an unknown send is asked about by one at a time, less often the older it is', async () => {
      const { send } = await openPaid(stores)
      await named(send)
      const unknown = { tries: 1, status: 'unknown', providerMessageId: undefined } as const
      const queryAtMs = T0 + 30 * SECOND
      await stores.outbox.finish([accepted(send.id, { ...unknown, queryAtMs })], closeOnDelivery)
      const taken = async (nowMs: number) =>
        (await Promise.all(range(3).map(() => stores.outbox.takeUnheard(pace(nowMs))))).flat()
      expect(await taken(queryAtMs - 1)).toEqual([])
      expect(await taken(queryAtMs)).toHaveLength(1)
      expect(await taken(T0 + MINUTE - 1)).toEqual([])
      expect(await taken(T0 + 10 * MINUTE)).toHaveLength(1)
      expect(await taken(T0 + 20 * MINUTE - 1)).toEqual([])
      expect(await taken(T0 + 20 * MINUTE)).toHaveLength(1)
    })

    test('a receipt ends the questions, but an accepted send that is paid on delivery goes on', async () => {
      const { send } = await openPaid(stores)
      const of = verification()
      const later = sendOf(of, { rate: rateOf(of, { billOn: 'delivered' }) })
      await stores.verifications.open(openingFor({}, { verification: of, send: later }))
      const unknown = { status: 'unknown', queryAtMs: T0, providerMessageId: undefined } as const
      for (const one of [send, later]) {
        await stores.outbox.finish([accepted(one.id, unknown)], closeOnDelivery)
        const onItsWay = aReceipt({ reference: one.id, status: 'sent' })
        await stores.outbox.recordDelivery(onItsWay, T0, closeOnDelivery)
      }
      const asked = await stores.outbox.takeUnheard(pace(T0 + HOUR))
      expect(asked.map(({ id }) => id)).toEqual([later.id])
      const arrived = aReceipt({ reference: later.id })
      await stores.outbox.recordDelivery(arrived, T0, closeOnDelivery)
      expect(await stores.outbox.takeUnheard(pace(T0 + 5 * HOUR))).toEqual([])
    })

    test('what was never sent is queued again once, unless somebody told otherwise', async () => {
      const { send } = await openPaid(stores)
      await named(send)
      await leased(T0 + MINUTE)
      const lease = { sendId: send.id, tries: 1 }
      const again = () => stores.outbox.sendAgain(lease, T0 + MINUTE)
      const answers = await Promise.all(range(5).map(again))
      expect(answers.filter((answer) => answer)).toHaveLength(1)
      const [job] = await stores.outbox.lease(span(T0 + MINUTE), roomFor(1))
      expect(job).toMatchObject({ tries: 2, rounds: 1, providerId: undefined })
      await stores.outbox.finish([accepted(send.id, { tries: 2 })], closeOnDelivery)
      expect(await stores.outbox.sendAgain({ ...lease, tries: 2 }, T0 + MINUTE)).toBe(false)
    })

    test('a receipt that names a message which is being sent waits for the answer, or for its loss', async () => {
      const { send } = await openPaid(stores)
      await named(send)
      const early = aReceipt({ reference: send.id, providerMessageId: 'm-1' })
      expect(await stores.outbox.recordDelivery(early, T0 + 1, closeOnDelivery)).toEqual({
        kind: 'unmatched',
      })
      await leased(T0 + MINUTE)
      await stores.outbox.applyEarly(T0 + MINUTE, closeOnDelivery)
      expect(await statusOf(send)).toBe('delivered')
      expect(await stores.ledger.balance(ALICE)).toMatchObject({ held: 0, spent: 40_000 })
    })
  })
}
