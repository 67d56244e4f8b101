import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { failed, maybeSent, refused, type SendResult } from '../../src/domain/send.ts'
import { GB, openBatchShop, toAll } from '../support/batch-shop.ts'
import { acceptedAs, scriptedRouter } from '../support/scripted-router.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const START = 10_000_000

const ANSWERS: Readonly<Record<string, SendResult>> = {
  accepted: acceptedAs(undefined),
  refused: refused('content_refused', '30007'),
  down: failed('provider_down', 'http_503'),
  unknown: maybeSent('timeout'),
}

type Step =
  | {
      readonly kind: 'send'
      readonly from: number
      readonly messages: number
      readonly afterMs: number
    }
  | {
      readonly kind: 'hear'
      readonly status: 'delivered' | 'undelivered' | 'failed'
      readonly of: number
    }
  | { readonly kind: 'cancel'; readonly of: number }
  | { readonly kind: 'pass'; readonly ms: number }

const which = fc.nat({ max: 5 })
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('send' as const),
    from: fc.nat({ max: 40 }),
    messages: fc.integer({ min: 1, max: 12 }),
    afterMs: fc.constantFrom(0, 0, MINUTE_MS, 30 * HOUR_MS),
  }),
  fc.record({
    kind: fc.constant('hear' as const),
    status: fc.constantFrom('delivered' as const, 'undelivered' as const, 'failed' as const),
    of: which,
  }),
  fc.record({ kind: fc.constant('cancel' as const), of: which }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(1_000, MINUTE_MS, HOUR_MS) }),
)

/** A shop whose provider answers as drawn, over and over, and that counts what it is told. */
async function openLife(answers: readonly string[]) {
  let asked = 0
  const finished: string[] = []
  const send = async () => ANSWERS[answers[asked++ % answers.length] ?? ''] as SendResult
  const shop = await openBatchShop({
    router: scriptedRouter({ only: { send } }),
    callbacks: {
      fetch: async (_url, init) => {
        finished.push((JSON.parse(String(init.body)) as { data: { id: string } }).data.id)
        return new Response(null, { status: 204 })
      },
    },
  })
  const ids: string[] = []
  await shop.post('/v1/webhooks', { url: 'https://a.example.com/', types: ['batch.finished'] })
  const of = (index: number) => ids[index % Math.max(1, ids.length)]
  const play = async (one: Step): Promise<void> => {
    if (one.kind === 'pass') return shop.pass(one.ms)
    if (one.kind === 'send') {
      const numbers = Array.from({ length: one.messages }, (_, index) => GB(one.from + index))
      const send_at = new Date(shop.clock.nowMs() + one.afterMs).toISOString()
      const { status, body } = await shop.send(toAll(numbers), { send_at })
      if (status === 202) ids.push(body.id)
      return
    }
    const id = of(one.of)
    if (id === undefined) return
    if (one.kind === 'hear') await shop.hear(id, one.status, 'only')
    else await shop.cancel(id)
  }
  return { ...shop, ids, finished, play }
}

test('whatever becomes of its messages, a batch ends once, and every reservation is closed once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(ANSWERS)), { minLength: 1, maxLength: 6 }),
      fc.array(step, { minLength: 2, maxLength: 10 }),
      async (answers, steps) => {
        const life = await openLife(answers)
        for (const one of steps) {
          await life.play(one)
          expect(await life.isZero()).toBe(true)
        }
        for (let hours = 0; hours < 168; hours += 12) await life.pass(12 * HOUR_MS)
        const [free, held, spent] = (await life.balance()) as number[]
        expect(held).toBe(0)
        expect((free ?? 0) + (spent ?? 0)).toBe(START)
        const batches = await Promise.all(life.ids.map((id) => life.batch(id)))
        expect(batches.every((batch) => batch.finished_at !== undefined)).toBe(true)
        expect(batches.map((batch) => batch.held_micros)).toEqual(batches.map(() => 0))
        const settled = batches.reduce((sum, batch) => sum + Number(batch.settled_micros), 0)
        expect(settled).toBe(spent)
        for (const { counts, messages } of batches) {
          const all = Object.values(counts as Record<string, number>)
          expect(all.reduce((sum, count) => sum + count, 0)).toBe(messages)
        }
        expect(life.finished.toSorted()).toEqual(life.ids.toSorted())
        const [unclosed] = await life.db.driver.all({
          sql: `SELECT count(*) AS found FROM sends s WHERE (
            SELECT count(DISTINCT posting_key) FROM ledger_entries WHERE posting_key IN ('reserve:' || s.id, 'close:' || s.id)
          ) <> 2`,
          args: [],
        })
        expect(unclosed?.found).toBe(0)
      },
    ),
    { numRuns: 12 },
  )
}, 240_000)
