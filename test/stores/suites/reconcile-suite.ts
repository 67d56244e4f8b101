import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { amountsOf, type Finding } from '../../../src/billing/compare-invoice.ts'
import type { InvoiceFormat } from '../../../src/billing/invoice.ts'
import type { SentRecordStore } from '../../../src/billing/sent-records.ts'
import type { Dispatched } from '../../../src/channels/outbox-store.ts'
import { micros } from '../../../src/domain/money.ts'
import type { Send } from '../../../src/domain/send.ts'
import { reconcileInvoice, type Span } from '../../../src/flows/reconcile-invoice.ts'
import { SqlSentRecordStore } from '../../../src/storage/sql/sent-record-store.ts'
import type { OpenDatabase } from './database-suite.ts'
import {
  accepted,
  closeOnDelivery,
  DAY,
  opening,
  type StoreSet,
  sendOf,
  T0,
  USD,
  verification,
} from './examples.ts'
import { sqlStores } from './stores.ts'

const FORMAT: InvoiceFormat = { columns: {}, currency: undefined, negative: false }
const COST = micros(20_000)

/** Invoices against what was sent, over a database. */
export function reconcileSuite(name: string, open: OpenDatabase): void {
  describe(`reconciliation in ${name}`, () => {
    let stores: StoreSet
    let records: SentRecordStore
    beforeEach(async () => {
      const { db, vault, close } = await open()
      stores = sqlStores(db, vault, close)
      records = new SqlSentRecordStore(db.driver)
    })
    afterEach(() => stores.close())

    const sent = async (id: string, change: Partial<Dispatched> = {}, createdAtMs = T0) => {
      const of = verification({ createdAtMs })
      const send = sendOf(of)
      await stores.verifications.open(opening({ verification: of, send }))
      const answer = { providerMessageId: id, expectedCostMicros: COST, expectedCostCurrency: USD }
      await stores.outbox.finish([accepted(send.id, { ...answer, ...change })], closeOnDelivery)
      return send
    }
    const compare = async (text: string, span?: Span, format = FORMAT) => {
      const findings: Finding[] = []
      const reconciled = await reconcileInvoice(records, {
        providerId: 'cheap',
        format,
        span,
        async *open() {
          yield text
        },
        onFinding: async (finding) => {
          findings.push(finding)
        },
      })
      const told = findings.map((finding) => {
        const { theirs, ours } = amountsOf(finding)
        const id = finding.row?.id ?? finding.record?.providerMessageId
        return [finding.kind, id, theirs?.micros, ours?.micros]
      })
      return { reconciled, told }
    }
    const csv = (...rows: readonly string[]) =>
      ['id,price,currency,segments', ...rows, ''].join('\n')

    test('each message is matched by the provider’s id or by ours, and what differs is told', async () => {
      const byReference: Send = await sent('m-2')
      await sent('m-1')
      await sent('m-3')
      await sent('m-4')
      await sent('m-5', { cost: { micros: micros(30_000), currency: USD } })
      await sent('m-6', { providerId: 'other' })
      const { told } = await compare(
        csv(
          'm-1,0.02,USD,1',
          `${byReference.id},0.02,USD,1`,
          'm-3,0.021,USD,1',
          'm-4,0.02,USD,2',
          'm-6,0.02,USD,1',
          'm-1,0.02,USD,1',
        ),
      )
      expect(told).toEqual([
        ['matched', 'm-1', 20_000, 20_000],
        ['matched', byReference.id, 20_000, 20_000],
        ['price_differs', 'm-3', 21_000, 20_000],
        ['segments_differ', 'm-4', 20_000, 20_000],
        ['missing_here', 'm-6', 20_000, undefined],
        ['double_billed', 'm-1', 20_000, undefined],
        ['missing_there', 'm-5', undefined, 30_000],
      ])
    })

    test('totals are kept by currency, with what is in dispute', async () => {
      await sent('m-1')
      await sent('m-2')
      const { reconciled } = await compare(csv('m-1,0.03,USD,1', 'm-2,0.02,EUR,1', 'm-9,1,EUR,'))
      expect(reconciled.kind === 'compared' && [...reconciled.totals]).toEqual([
        [
          USD,
          new Map([['price_differs', { rows: 1, theirs: 30_000, ours: 40_000, disputed: 30_000 }]]),
        ],
        [
          'EUR',
          new Map([
            ['price_differs', { rows: 1, theirs: 20_000, ours: 0, disputed: 20_000 }],
            ['missing_here', { rows: 1, theirs: 1_000_000, ours: 0, disputed: 1_000_000 }],
          ]),
        ],
      ])
    })

    test('only messages that the provider took, within the days asked for, can be missing there', async () => {
      await sent('m-1')
      await sent('m-2', {}, T0 + DAY)
      await sent('m-3', { status: 'failed', providerId: undefined })
      await sent('m-4', { status: 'unknown', providerMessageId: undefined })
      const days = { fromMs: T0 - DAY, toMs: T0 + 2 * DAY }
      const { told } = await compare(csv(), days)
      expect(told.map(([kind, id]) => [kind, id])).toEqual([
        ['missing_there', 'm-1'],
        ['missing_there', 'm-2'],
      ])
      expect((await compare(csv('m-1,0.02,USD,1'))).told.map(([kind]) => kind)).toEqual(['matched'])
      expect((await compare(csv())).reconciled).toMatchObject({ span: undefined })
    })

    test('a message of which no cost is known is told apart from one that matches', async () => {
      await sent('m-1', { expectedCostMicros: 0, expectedCostCurrency: undefined })
      await sent('m-2', { expectedCostMicros: 20_000, expectedCostCurrency: undefined })
      const { told } = await compare(csv('m-1,0.02,USD,1', 'm-2,0.02,USD,1'))
      expect(told.map(([kind]) => kind)).toEqual(['unpriced', 'matched'])
    })

    test('one broken row refuses all rows, with its place, and nothing is told', async () => {
      await sent('m-1')
      const { reconciled, told } = await compare(csv('m-1,0.02,USD,1', 'm-2,-0.02,USD,1'))
      expect(told).toEqual([])
      expect(reconciled).toMatchObject({
        kind: 'refused',
        count: 1,
        mistakes: [{ line: 3, column: 5 }],
      })
    })

    test('whatever stands on an invoice, each row is told once and so is each message that it lacks', async () => {
      const ids = ['a', 'b', 'c', 'd', 'e']
      for (const id of ids) await sent(id)
      const days = { fromMs: T0 - DAY, toMs: T0 + DAY }
      const row = fc.tuple(fc.constantFrom(...ids, 'x', 'y'), fc.integer({ min: 0, max: 40_000 }))
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
          const text = csv(
            ...rows.map(([id, price]) => `${id},0.${String(price).padStart(6, '0')},USD,`),
          )
          const { told, reconciled } = await compare(text, days)
          const charged = new Set(rows.map(([id]) => id))
          const missing = ids.filter((id) => !charged.has(id))
          const count = (kind: string) => told.filter(([each]) => each === kind).length
          expect(told).toHaveLength(rows.length + missing.length)
          expect(count('missing_there')).toBe(missing.length)
          expect(count('double_billed')).toBe(rows.length - charged.size)
          const lines = reconciled.kind === 'compared' ? reconciled.totals.get(USD) : undefined
          const theirs = [...(lines?.values() ?? [])].reduce((sum, line) => sum + line.theirs, 0)
          expect(theirs).toBe(rows.reduce((sum, [, price]) => sum + price, 0))
        }),
        { numRuns: 20 },
      )
    })
  })
}
