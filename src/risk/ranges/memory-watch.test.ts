import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AccountId } from '../../domain/ids.ts'
import { micros } from '../../domain/money.ts'
import type { Phone } from '../../domain/phone.ts'
import { MemoryRangeWatch } from './memory-watch.ts'
import type { Destination, RangeOutcome, RangeSight } from './watch.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const START = Date.UTC(2026, 0, 5)
const ALICE = 'ACa' as AccountId
const BOB = 'ACb' as AccountId

function destination(phone: string, country: string, accountId: AccountId = ALICE): Destination {
  const key = (text: string) => `${accountId}:${text}`
  return {
    accountId,
    phone: phone as Phone,
    country,
    price: micros(100_000),
    subjects: {
      account: accountId,
      phone: key(`hash of ${phone}`),
      range2: key(phone.slice(0, -2)),
      range3: key(phone.slice(0, -3)),
      range4: key(phone.slice(0, -4)),
      country: key(country),
    },
  }
}

const outcome = (change: Partial<RangeOutcome> = {}) => ({
  known: false,
  delayMs: 15_000,
  sameNetwork: undefined,
  kind: 'typed' as const,
  ...change,
})

/** Four days of an account in Britain with 40 people a day, nine in ten of whom type their code. */
function settled(accountId: AccountId = ALICE): MemoryRangeWatch {
  const watch = new MemoryRangeWatch()
  settle(watch, accountId)
  return watch
}

function settle(watch: MemoryRangeWatch, accountId: AccountId): void {
  for (let visit = 0; visit < 160; visit++) {
    const atMs = START + visit * 36 * MINUTE
    const at = destination(`+4474${String(10_000_000 + visit * 54_321).slice(-8)}`, 'GB', accountId)
    watch.look({ ...at, atMs, known: false })
    const kind = visit % 10 === 0 ? 'unanswered' : 'typed'
    const delayMs = 8_000 + (visit % 7) * 4_000
    watch.note({ ...at, ...outcome({ kind, delayMs }), atMs: atMs + 2 * MINUTE })
  }
}
const NOW = START + 4 * DAY

/** `count` requests to neighbours in Azerbaijan, one each 20 seconds. */
function pump(
  watch: MemoryRangeWatch,
  count: number,
  change: Partial<RangeOutcome> = {},
): RangeSight {
  let sight: RangeSight | undefined
  for (let at = 0; at < count; at++) {
    const target = destination(`+99450123${1000 + at}`, 'AZ')
    const atMs = NOW + at * 20_000
    sight = watch.look({ ...target, atMs, known: false })
    watch.note({ ...target, ...outcome({ kind: 'unanswered', ...change }), atMs })
  }
  return sight ?? watch.look({ ...destination('+994501231000', 'AZ'), atMs: NOW, known: false })
}

test('a range that surges and does not answer is suspected within a dozen sends', () => {
  const sight = pump(settled(), 12)
  expect(sight.suspicion).toBeGreaterThan(0.7)
  expect(sight.surge).toBeGreaterThan(4)
  expect(sight.excess).toBeGreaterThan(2)
  expect(sight.sequence).toBeGreaterThan(0.8)
})

test('a launch whose people answer surges and is not suspected', () => {
  const watch = settled()
  let sight: RangeSight | undefined
  for (let at = 0; at < 60; at++) {
    const target = destination(`+77${String(10_000_000 + at * 123_457).padStart(9, '0')}`, 'KZ')
    const atMs = NOW + at * MINUTE
    sight = watch.look({ ...target, atMs, known: false })
    watch.note({ ...target, ...outcome({ delayMs: 6_000 + (at % 9) * 5_000 }), atMs })
  }
  expect(sight?.country_surge).toBeGreaterThan(4)
  expect(sight?.suspicion).toBeLessThan(0.15)
})

test('codes that a machine types in from elsewhere and by the clock are not believed', () => {
  const faked = pump(settled(), 40, { kind: 'typed', delayMs: 9_000, sameNetwork: false })
  expect(faked.suspicion).toBeGreaterThan(0.6)
  expect(faked.regularity).toBeGreaterThan(0.9)
  expect(faked.country_trusted).toBeLessThan(8)
})

test('undelivered messages say less than delivered ones that nobody answers', () => {
  const lost = pump(settled(), 10, { kind: 'undelivered' })
  const silent = pump(settled(), 10)
  expect(lost.suspicion).toBeLessThan(silent.suspicion / 1.3)
})

test('a pumped country makes other rare countries suspect, and not the account’s own', () => {
  const watch = settled()
  pump(watch, 30)
  const atMs = NOW + HOUR
  const rare = watch.look({ ...destination('+998901234567', 'UZ'), atMs, known: false })
  const home = watch.look({ ...destination('+447411222333', 'GB'), atMs, known: false })
  expect(rare.suspicion).toBeGreaterThan(0.5)
  expect(home.suspicion).toBeLessThan(0.1)
})

test('a range that one account saw pumped is suspect at another', () => {
  const watch = settled()
  settle(watch, BOB)
  pump(watch, 30)
  const sight = watch.look({
    ...destination('+994501231099', 'AZ', BOB),
    atMs: NOW + HOUR,
    known: false,
  })
  expect(sight.elsewhere_suspicion).toBeGreaterThan(0.6)
})

test('known customers are not counted', () => {
  const watch = settled()
  const target = { ...destination('+994501231000', 'AZ'), known: true }
  for (let at = 0; at < 20; at++) watch.look({ ...target, atMs: NOW + at * 1_000 })
  expect(watch.look({ ...target, atMs: NOW + MINUTE }).surge).toBe(0)
})

test('a late code and another way in take back what was counted', () => {
  const watch = settled()
  const before = pump(watch, 6)
  const target = destination('+994501231003', 'AZ')
  watch.note({ ...target, ...outcome({ kind: 'excused' }), atMs: NOW + 3 * MINUTE })
  const after = watch.look({ ...target, atMs: NOW + 3 * MINUTE, known: false })
  expect(after.excess).toBeLessThan(before.excess)
})

test('a forgiven range starts anew', () => {
  const watch = settled()
  pump(watch, 12)
  const target = destination('+994501231000', 'AZ')
  for (const kind of ['range2', 'range3', 'range4', 'country'] as const) {
    watch.forgive(kind, target.subjects[kind] ?? '')
  }
  const sight = watch.look({ ...target, atMs: NOW + HOUR, known: false })
  expect(sight.country_excess).toBe(0)
})

test('more unanswered sends in a range never lower its suspicion', () => {
  const history = fc.array(fc.constantFrom('typed', 'unanswered', 'undelivered'), { maxLength: 40 })
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 20 }), (kinds, more) => {
      const watch = settled()
      const target = destination('+994501231000', 'AZ')
      const suspicion = () => watch.look({ ...target, atMs: NOW, known: false }).suspicion
      for (const kind of kinds) watch.note({ ...target, ...outcome({ kind }), atMs: NOW })
      let last = suspicion()
      for (let at = 0; at < more; at++) {
        watch.note({ ...target, ...outcome({ kind: 'unanswered' }), atMs: NOW })
        const next = suspicion()
        expect(next).toBeGreaterThanOrEqual(last - 1e-9)
        last = next
      }
    }),
    { numRuns: 40 },
  )
})

test('challenges are futile where they are solved and nobody types the code in', () => {
  expect(pump(settled(), 12).futile).toBe(0)
  expect(pump(settled(), 12, { passed: true }).futile).toBeGreaterThan(0.6)
  const typed = { passed: true, kind: 'typed' } as const
  expect(pump(settled(), 12, typed).futile).toBeLessThan(0.5)
})

test('that challenges are futile fades within days', () => {
  const watch = settled()
  const { futile } = pump(watch, 12, { passed: true })
  const target = destination('+994501231000', 'AZ')
  const later = watch.look({ ...target, atMs: NOW + 3 * DAY, known: false })
  expect(later.futile).toBeLessThan(futile / 2)
})

test('a market that just opened is not judged by the challenges that others solve', () => {
  const watch = settled()
  pump(watch, 20, { passed: true })
  const opened = destination('+77011234567', 'KZ')
  const { futile } = watch.look({ ...opened, atMs: NOW + HOUR, known: false })
  expect(futile).toBeLessThan(0.5)
})

test('more unanswered sends after a solved challenge never make challenges look less futile', () => {
  const history = fc.array(fc.constantFrom('typed', 'unanswered', 'undelivered'), { maxLength: 40 })
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 20 }), (kinds, more) => {
      const watch = settled()
      const target = destination('+994501231000', 'AZ')
      const futile = () => watch.look({ ...target, atMs: NOW, known: false }).futile
      const note = (kind: (typeof kinds)[number]) =>
        watch.note({ ...target, ...outcome({ kind, passed: true }), atMs: NOW })
      for (const kind of kinds) note(kind)
      let last = futile()
      for (let at = 0; at < more; at++) {
        note('unanswered')
        expect(futile()).toBeGreaterThanOrEqual(last - 1e-9)
        last = futile()
      }
    }),
    { numRuns: 40 },
  )
})

test('it never holds more cells than it may', () => {
  const watch = new MemoryRangeWatch({ cellsMax: 200 })
  for (let at = 0; at < 500; at++) {
    watch.look({
      ...destination(`+4474${10_000_000 + at * 7_919}`, 'GB'),
      atMs: START + at * MINUTE,
      known: false,
    })
  }
  expect(watch.size).toBeLessThanOrEqual(200)
})
