import fc from 'fast-check'
import { expect, test } from 'vitest'
import { micros } from '../../src/domain/money.ts'
import type { SubjectKind, Subjects } from '../../src/domain/subjects.ts'
import type {
  Ask,
  Tally,
  VelocityEvent,
  VelocityEventKind,
  VelocityStore,
} from '../../src/risk/velocity.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { SqlVelocityStore } from '../../src/storage/sql/velocity-store.ts'
import { openTestDatabase } from '../support/databases.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2025, 2, 5, 22, 57, 31)
const KINDS: readonly VelocityEventKind[] = [
  'sent',
  'repriced',
  'verified',
  'unverified',
  'corrected',
  'excused',
  'challenged',
  'fraud',
  'mistyped',
]

type Step =
  | { readonly kind: 'ask'; readonly ask: Ask }
  | { readonly kind: 'event'; readonly event: VelocityEvent }

const subjectsArbitrary: fc.Arbitrary<Subjects> = fc
  .record({
    phone: fc.integer({ min: 0, max: 5 }),
    ip: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    account: fc.integer({ min: 0, max: 1 }),
  })
  .map(({ phone, ip, account }) => ({
    phone: `a${account}:p${phone}`,
    phone_any: `p${phone}`,
    ...(ip === undefined ? {} : { ip: `a${account}:i${ip}` }),
    range3: `a${account}:r${phone >> 1}`,
    account: `a${account}`,
  }))

const gapArbitrary = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 2 * MINUTE }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 * MINUTE }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 9 * HOUR }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * DAY }) },
)
const lagArbitrary = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 20 * MINUTE }),
  fc.integer({ min: 0, max: 3 * DAY }),
  fc.integer({ min: 0, max: 9 * DAY }),
)

/** Time goes on by gaps; every step may be told up to five minutes late. */
const stepsArbitrary = (maxLength: number): fc.Arbitrary<readonly Step[]> =>
  fc
    .array(
      fc.record({
        gap: gapArbitrary,
        late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 * MINUTE })),
        lag: lagArbitrary,
        subjects: subjectsArbitrary,
        country: fc.constantFrom('GB', 'FR', ''),
        kind: fc.option(fc.constantFrom(...KINDS), { nil: undefined, freq: 2 }),
        price: fc.integer({ min: 0, max: 5_000_000_000 }),
      }),
      { minLength: 1, maxLength },
    )
    .map((drafts) => {
      let clock = START
      return drafts.map(({ gap, late, lag, subjects, country, kind, price }): Step => {
        clock += gap
        const atMs = clock - late
        if (kind === undefined) return { kind: 'ask', ask: { atMs, subjects, country } }
        const sentAtMs = atMs - lag
        return { kind: 'event', event: { kind, atMs, sentAtMs, subjects, price: micros(price) } }
      })
    })

const take = async (store: VelocityStore, step: Step) =>
  step.kind === 'ask' ? store.observe(step.ask) : store.record(step.event)

test('memory and database tell the same of any sequence', async () => {
  const db = await openTestDatabase()
  await db.driver.all({ sql: 'PRAGMA synchronous = OFF', args: [] })
  await fc.assert(
    fc.asyncProperty(stepsArbitrary(60), async (steps) => {
      await db.driver.batch(
        ['velocity_buckets', 'velocity_subjects'].map((table) => ({
          sql: `DELETE FROM ${table}`,
          args: [],
        })),
      )
      const [memory, sql] = [new MemoryVelocityStore(), new SqlVelocityStore({ db })]
      for (const step of steps) {
        expect(await take(memory, step)).toEqual(await take(sql, step))
      }
    }),
    { numRuns: 60 },
  )
  await db.close()
})

/** Every step that was told so far, as a plain list. */
class NaiveModel {
  private readonly steps: Step[] = []

  add(step: Step): void {
    this.steps.push(step)
  }

  asks(kind: SubjectKind, key: string, [fromMs, toMs]: readonly [number, number]): number {
    return this.steps.filter(
      (step) =>
        step.kind === 'ask' &&
        step.ask.subjects[kind] === key &&
        step.ask.atMs >= fromMs &&
        step.ask.atMs <= toMs,
    ).length
  }

  sends(kind: SubjectKind, key: string, [fromMs, toMs]: readonly [number, number]): number {
    return this.steps.filter(
      (step) =>
        step.kind === 'event' &&
        step.event.kind === 'sent' &&
        step.event.subjects[kind] === key &&
        step.event.sentAtMs >= fromMs &&
        step.event.sentAtMs <= toMs,
    ).length
  }

  phones(kind: SubjectKind, key: string, [fromMs, toMs]: readonly [number, number]): number {
    const seen = this.steps.flatMap((step) =>
      step.kind === 'ask' &&
      step.ask.subjects[kind] === key &&
      step.ask.atMs >= fromMs &&
      step.ask.atMs <= toMs
        ? [step.ask.subjects.phone]
        : [],
    )
    return new Set(seen).size
  }
}

test('no window counts less than its length, or more than a bucket more', async () => {
  await fc.assert(
    fc.asyncProperty(stepsArbitrary(250), async (steps) => {
      const store = new MemoryVelocityStore()
      const model = new NaiveModel()
      for (const step of steps) {
        model.add(step)
        const velocity = await take(store, step)
        if (velocity === undefined || step.kind !== 'ask') continue
        const { atMs, subjects } = step.ask
        for (const kind of ['phone', 'range3', 'account'] as const) {
          const key = subjects[kind] ?? ''
          const between = (told: number, count: 'asks' | 'sends' | 'phones', of: number[]) => {
            const [windowMs = 0, bucketMs = 0] = of
            expect(told).toBeGreaterThanOrEqual(model[count](kind, key, [atMs - windowMs, atMs]))
            const widest = [atMs - windowMs - bucketMs, Number.POSITIVE_INFINITY] as const
            expect(told).toBeLessThanOrEqual(model[count](kind, key, widest))
          }
          const tally = velocity[kind] as Tally
          between(tally.asks_10m, 'asks', [10 * MINUTE, MINUTE])
          between(tally.asks_1h, 'asks', [HOUR, MINUTE])
          between(tally.asks_24h, 'asks', [DAY, HOUR])
          between(tally.sends_1h, 'sends', [HOUR, MINUTE])
          between(tally.sends_24h, 'sends', [DAY, HOUR])
          between(tally.sends_7d, 'sends', [7 * DAY, DAY])
          if (kind !== 'phone') between(tally.phones_24h, 'phones', [DAY, HOUR])
        }
      }
    }),
    { numRuns: 150 },
  )
})

test('no count is ever negative, whatever events arrive in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(stepsArbitrary(80), async (steps) => {
      const store = new MemoryVelocityStore()
      for (const step of steps) {
        for (const tally of Object.values((await take(store, step)) ?? {})) {
          if (tally === undefined) continue
          const { gap_ms, ...counts } = tally
          expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0)
          expect(gap_ms).toBeGreaterThanOrEqual(-1)
        }
      }
    }),
    { numRuns: 100 },
  )
})

test('there are never more subjects than the bound, and the busy ones are not those that go', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 40, max: 400 }), async (subjectsMax) => {
      const store = new MemoryVelocityStore({ subjectsMax })
      const busy: Subjects = { account: 'busy' }
      for (let request = 1; request <= 2000; request++) {
        const atMs = START + request * 20_000
        const subjects = { ...busy, phone: `p${request}`, ip: `i${request}` }
        const velocity = await store.observe({ atMs, subjects, country: 'GB' })
        expect(store.size).toBeLessThanOrEqual(subjectsMax)
        expect(velocity.account?.asks_24h).toBe(request)
      }
    }),
    { numRuns: 20 },
  )
})

test('a store of a single subject still answers for thirteen', async () => {
  const store = new MemoryVelocityStore({ subjectsMax: 1 })
  const subjects: Subjects = { phone: 'p', ip: 'i', range3: 'r', account: 'a' }
  const velocity = await store.observe({ atMs: START, subjects, country: 'GB' })
  const told = Object.values(velocity).flatMap((tally) => tally ?? [])
  expect(told.map((tally) => tally.asks_10m)).toEqual([1, 1, 1, 1])
  expect(store.size).toBe(1)
})

test('what has not been heard of for more than a week makes room by itself', async () => {
  const store = new MemoryVelocityStore()
  for (let phone = 0; phone < 1000; phone++) {
    await store.observe({ atMs: START + phone, subjects: { phone: `p${phone}` }, country: 'GB' })
  }
  for (let request = 0; request < 500; request++) {
    const atMs = START + 9 * DAY + request
    await store.observe({ atMs, subjects: { phone: 'p0' }, country: 'GB' })
  }
  expect(store.size).toBe(1)
})
