import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../../../src/domain/ids.ts'
import { micros } from '../../../src/domain/money.ts'
import type { Database } from '../../../src/storage/database.ts'
import { SqlEventStore } from '../../../src/storage/sql/event-store.ts'
import { SqlWebhookStore } from '../../../src/storage/sql/webhook-store.ts'
import type { EventPattern } from '../../../src/webhooks/event-types.ts'
import type { Attempt, DeliveryJob, RaisedEvent, Tried } from '../../../src/webhooks/stores.ts'
import { makeWebhook, type Webhook } from '../../../src/webhooks/webhook.ts'
import type { OpenDatabase } from './database-suite.ts'
import {
  ALICE,
  accepted,
  aReceipt,
  BOB,
  closeOnDelivery,
  HOUR,
  idSource,
  keyOf,
  openPaid,
  type StoreSet,
  T0,
  topUp,
  verification,
} from './examples.ts'
import { sqlStores } from './stores.ts'

const DAY = 24 * HOUR
const TABLES = ['webhook_events', 'webhook_deliveries', 'webhook_attempts', 'webhook_watches']
const HEALTHY = { gone: false, failingBeforeMs: 0, failuresMin: 12 }

/** Events, their way to webhooks, and the writes that they come from. */
export function eventSuite(name: string, open: OpenDatabase): void {
  describe(`events in ${name}`, () => {
    let db: Database
    let stores: StoreSet
    let webhooks: SqlWebhookStore
    let events: SqlEventStore
    beforeEach(async () => {
      const books = await open()
      db = books.db
      stores = sqlStores(db, books.vault, books.close)
      webhooks = new SqlWebhookStore(books)
      events = new SqlEventStore(books)
      await stores.ledger.post(topUp(1_000_000))
    })
    afterEach(() => stores.close())

    const rowsIn = async (table: string) =>
      (await db.driver.all({ sql: `SELECT * FROM ${table}`, args: [] })).length
    const told = async () => {
      const sql = 'SELECT type, at_ms FROM webhook_events ORDER BY id'
      return (await db.driver.all({ sql, args: [] })).map((row) => [row.type, row.at_ms])
    }
    const listen = async (types: readonly EventPattern[] = ['*'], accountId = ALICE) => {
      const settings = { url: 'https://example.com/url-word', description: undefined, types }
      const webhook = makeWebhook(idSource(T0), accountId, { ...settings, enabled: true })
      expect(await webhooks.add(webhook)).toBe(true)
      return webhook
    }
    const lease = async (webhook: Webhook, nowMs: number, leaseUntilMs = nowMs + 60_000) =>
      (await events.lease(webhook, { nowMs, leaseUntilMs, limit: 10 }))?.jobs ?? []
    const statusOf = async (webhook: Webhook) =>
      (await events.deliveries(webhook, { limit: 10, before: undefined, status: undefined })).map(
        ({ status }) => status,
      )

    test('for an account without webhooks nothing is written, whatever happens', async () => {
      await listen(['*'], BOB)
      const { of, send } = await openPaid(stores)
      await stores.outbox.finish([accepted(send.id)], closeOnDelivery)
      await stores.verifications.approve(keyOf(of), T0 + 1)
      await stores.verifications.refuse(verification({ state: 'blocked' }))
      for (const table of TABLES) expect(await rowsIn(table), table).toBe(0)
    })

    test('an event and the write that it tells of stand or fall together', async () => {
      await listen()
      await openPaid(stores)
      expect((await openPaid(stores, { price: micros(2_000_000) })).answer.kind).toBe('short')
      expect((await told()).map(([type]) => type)).toEqual(['verification.started'])
      expect(await rowsIn('webhook_watches')).toBe(1)
    })

    test('a message is told of at each step with its own time, the contradictions too', async () => {
      const webhook = await listen(['message.*'])
      const { send } = await openPaid(stores)
      await stores.outbox.finish([accepted(send.id, { atMs: T0 + 10 })], closeOnDelivery)
      const receipt = (status: 'undelivered' | 'delivered', atMs: number) =>
        stores.outbox.recordDelivery(
          aReceipt({ providerMessageId: `m-${send.id}`, status }),
          atMs,
          closeOnDelivery,
        )
      for (const atMs of [T0 + 20, T0 + 21]) await receipt('undelivered', atMs)
      await receipt('delivered', T0 + 30)
      expect(await told()).toEqual([
        ['message.sent', T0 + 10],
        ['message.undelivered', T0 + 20],
        ['message.delivered', T0 + 30],
      ])
      expect(await rowsIn('webhook_deliveries')).toBe(3)
      const [job] = await lease(webhook, T0 + 30)
      expect(job).toMatchObject({ event: { sendId: send.id }, tries: 1 })
    })

    test('of parallel approvals one is told, and of one happening raised often as well', async () => {
      await listen(['verification.approved', 'budget.reached'])
      const { of } = await openPaid(stores)
      await Promise.all(
        Array.from({ length: 10 }, () => stores.verifications.approve(keyOf(of), T0 + 1)),
      )
      await Promise.all(Array.from({ length: 10 }, () => events.raise(raised({ once: 'x' }))))
      expect((await told()).map(([type]) => type).toSorted()).toEqual([
        'budget.reached',
        'verification.approved',
      ])
    })

    test('the clock ends a code: expired, or failed where that was not told when it happened', async () => {
      await listen(['verification.expired', 'verification.failed'])
      const lost = (await openPaid(stores, { attempts: 5 })).of
      const known = (await openPaid(stores, { attempts: 5 })).of
      const once = `${known.id} verification.failed`
      await events.raise(raised({ type: 'verification.failed', once, atMs: T0 + 5 }))
      await openPaid(stores)
      const approved = (await openPaid(stores)).of
      await stores.verifications.approve(keyOf(approved), T0 + 1)
      const endMs = lost.expiresAtMs
      expect(await events.raiseExpired(endMs - 1, 10)).toBe(0)
      expect(await events.raiseExpired(endMs, 3)).toBe(3)
      expect(await events.raiseExpired(endMs, 3)).toBe(1)
      expect(await events.raiseExpired(endMs, 3)).toBe(0)
      expect((await told()).toSorted()).toEqual([
        ['verification.expired', endMs],
        ['verification.failed', T0 + 5],
        ['verification.failed', endMs - 1],
      ])
    })

    test('a leased delivery belongs to nobody else until its lease ends, and the late courier settles nothing', async () => {
      const webhook = await listen(['verification.started'])
      await openPaid(stores)
      const [late] = await lease(webhook, T0, T0 + 1000)
      expect(await lease(webhook, T0 + 999)).toEqual([])
      expect(await events.due(T0 + 999)).toEqual([])
      expect(await events.due(T0 + 1000)).toEqual([{ accountId: ALICE, id: webhook.id }])
      const [job] = await lease(webhook, T0 + 1000)
      expect(job).toMatchObject({ tries: 2 })
      const health = { ...HEALTHY, nowMs: T0 }
      await events.record(webhook, [triedOf(late as DeliveryJob, 'delivered')], health)
      expect(await statusOf(webhook)).toEqual(['pending'])
      await events.record(webhook, [triedOf(job as DeliveryJob, 'delivered')], health)
      expect(await statusOf(webhook)).toEqual(['delivered'])
    })

    test('what is asked for again while it is under way is sent again', async () => {
      const webhook = await listen(['verification.started'])
      await openPaid(stores)
      const [job] = await lease(webhook, T0)
      expect(await events.replay(webhook, (job as DeliveryJob).event.id, T0 + 5)).toBe(true)
      const health = { ...HEALTHY, nowMs: T0 + 6 }
      await events.record(webhook, [triedOf(job as DeliveryJob, 'delivered')], health)
      expect(await lease(webhook, T0 + 7)).toMatchObject([{ tries: 1 }])
    })

    test('an event outlives its verification, and is purged in its time with all that was tried', async () => {
      const webhook = await listen(['verification.started'])
      await openPaid(stores)
      await db.driver.all({ sql: 'DELETE FROM verifications', args: [] })
      const [job] = await lease(webhook, T0)
      expect(job).toMatchObject({ verification: undefined, event: { data: { state: 'open' } } })
      const tried = triedOf(job as DeliveryJob, 'delivered')
      await events.record(webhook, [tried], { ...HEALTHY, nowMs: T0 })
      await events.purge(T0, 10)
      expect(await statusOf(webhook)).toEqual(['delivered'])
      await events.purge(T0 + 1, 10)
      for (const table of TABLES.slice(0, 3)) expect(await rowsIn(table), table).toBe(0)
    })

    test('failures of many days disable a webhook, but not one that takes something in between', async () => {
      const webhook = await listen(['verification.started'])
      await openPaid(stores)
      const [job] = await lease(webhook, T0)
      const fail = async (nowMs: number) =>
        events.record(webhook, [triedOf(job as DeliveryJob, 'pending')], {
          nowMs,
          gone: false,
          failingBeforeMs: nowMs - 5 * DAY,
          failuresMin: 3,
        })
      await fail(T0)
      await fail(T0 + 6 * DAY)
      expect((await webhooks.find(webhook))?.disabled).toBeUndefined()
      expect((await webhooks.find(webhook))?.failingSinceMs).toBe(T0)
      const delivered = triedOf(job as DeliveryJob, 'delivered')
      await events.record(webhook, [delivered], { ...HEALTHY, nowMs: T0 + 6 * DAY })
      expect((await webhooks.find(webhook))?.failingSinceMs).toBeUndefined()
      for (const day of [7, 8, 12])
        expect(await fail(T0 + day * DAY)).toBe(day === 12 ? 'disabled' : 'recorded')
      expect((await webhooks.find(webhook))?.disabled).toEqual({
        reason: 'failing',
        atMs: T0 + 12 * DAY,
      })
    })

    test('a deleted webhook leaves nothing due', async () => {
      const webhook = await listen()
      await openPaid(stores)
      expect(await webhooks.remove(webhook)).toBe(true)
      expect(await webhooks.remove(webhook)).toBe(false)
      expect(await events.due(T0 + DAY)).toEqual([])
      expect(
        await events.lease(webhook, { nowMs: T0, leaseUntilMs: T0 + 1, limit: 1 }),
      ).toBeUndefined()
    })

    test('of thirty parallel webhooks an account gets twenty', async () => {
      const settings = { url: 'https://example.com', description: undefined, types: ['*' as const] }
      const added = await Promise.all(
        Array.from({ length: 30 }, () =>
          webhooks.add(makeWebhook(idSource(T0), ALICE, { ...settings, enabled: true })),
        ),
      )
      expect(added.filter(Boolean)).toHaveLength(20)
    })

    test('at rest neither URL nor secret nor answer can be read', async () => {
      const webhook = await listen(['verification.started'])
      await openPaid(stores)
      const [job] = await lease(webhook, T0)
      const tried = triedOf(job as DeliveryJob, 'pending', { answer: 'answer-word' })
      await events.record(webhook, [tried], { ...HEALTHY, nowMs: T0 })
      await webhooks.rotate(webhook, 'whsec_bmV3', { nowMs: T0, oldUntilMs: T0 + 1 })
      const tables = await Promise.all(
        [...TABLES, 'webhooks'].map((table) =>
          db.driver.all({ sql: `SELECT * FROM ${table}`, args: [] }),
        ),
      )
      const text = JSON.stringify(tables)
      for (const word of ['url-word', 'answer-word', webhook.secret, 'whsec_', '+447700']) {
        expect(text).not.toContain(word)
      }
      const found = await webhooks.find(webhook)
      expect(found).toMatchObject({ secret: 'whsec_bmV3', oldSecret: { secret: webhook.secret } })
    })
  })
}

const raised = (change: Partial<RaisedEvent> = {}): RaisedEvent => ({
  id: newId('EV', idSource(T0)),
  accountId: ALICE,
  type: 'budget.reached',
  once: 'once',
  atMs: T0,
  verificationId: undefined,
  sendId: undefined,
  data: {},
  ...change,
})

const triedOf = (
  job: DeliveryJob,
  status: Tried['status'],
  change: Partial<Attempt> = {},
): Tried => ({
  job,
  status,
  dueAtMs: status === 'pending' ? job.leasedUntilMs : undefined,
  attempt: {
    id: newId('WA', idSource(T0)),
    atMs: T0,
    tookMs: 7,
    status: 204,
    answer: undefined,
    error: undefined,
    ...change,
  },
})
