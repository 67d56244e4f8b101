import fc from 'fast-check'
import type { AccountId } from '../../src/domain/ids.ts'
import { micros } from '../../src/domain/money.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type {
  Destination,
  RangeAsk,
  RangeOutcome,
  RangeSight,
  RangeWatch,
} from '../../src/risk/ranges/watch.ts'

export const START_MS = Date.UTC(2026, 0, 5)
export const ALICE = 'ACa' as AccountId
export const BOB = 'ACb' as AccountId

/** Where a message of this account to this number goes, with the keys that the counters use. */
export function destination(
  phone: string,
  country: string,
  accountId: AccountId = ALICE,
): Destination {
  const key = (text: string) => `${accountId}:${text}`
  return {
    accountId,
    phone: phone as Phone,
    country,
    price: micros(country === 'GB' ? 40_000 : 100_000),
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

export type RangeEvent =
  | { readonly what: 'ask'; readonly ask: RangeAsk }
  | { readonly what: 'outcome'; readonly outcome: RangeOutcome }
  | { readonly what: 'forgive'; readonly place: Destination }

/** Tells a watch one thing; answers what it says of a request. */
export async function tellWatch(
  watch: RangeWatch,
  event: RangeEvent,
): Promise<RangeSight | undefined> {
  if (event.what === 'ask') return watch.look(event.ask)
  if (event.what === 'outcome') await watch.note(event.outcome)
  else await watch.forgive('range3', event.place.subjects.range3 ?? '')
  return undefined
}

const OUTCOMES = ['typed', 'unanswered', 'undelivered', 'challenged', 'late', 'excused'] as const
/** Mostly one home country, so that the others become rare ones. */
const PLACES = [
  ...Array.from({ length: 4 }, () => ['+44741', 'GB'] as const),
  ['+99450', 'AZ'],
  ['+77011', 'KZ'],
] as const

const place = fc
  .record({
    at: fc.constantFrom(...PLACES),
    number: fc.integer({ min: 0, max: 60 }),
    accountId: fc.constantFrom(ALICE, ALICE, BOB),
  })
  .map(({ at: [prefix, country], number, accountId }) =>
    destination(`${prefix}123${String(number * 7).padStart(4, '0')}`, country, accountId),
  )

const step = fc.record({
  place,
  passedMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 8 * 3_600_000 })),
  what: fc.constantFrom('ask', 'ask', 'outcome', 'outcome', 'outcome', 'forgive'),
  kind: fc.constantFrom('typed', 'typed', 'typed', ...OUTCOMES),
  known: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
  delayMs: fc.integer({ min: 1_000, max: 90_000 }),
  sameNetwork: fc.constantFrom(true, false, undefined),
  passed: fc.boolean(),
})

/** Arbitrary requests and outcomes of two accounts in the order of their time, over days. */
export function rangeEvents(size: { readonly minLength?: number; readonly maxLength: number }) {
  return fc.array(step, { size: 'max', ...size }).map((steps) => {
    let atMs = START_MS
    return steps.map((one): RangeEvent => {
      atMs += one.passedMs
      const { known, kind, delayMs, sameNetwork, passed } = one
      if (one.what === 'forgive') return { what: 'forgive', place: one.place }
      const told = { ...one.place, atMs, known }
      if (one.what === 'ask') return { what: 'ask', ask: told }
      return { what: 'outcome', outcome: { ...told, kind, delayMs, sameNetwork, passed } }
    })
  })
}
