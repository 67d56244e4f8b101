import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { CHANNELS } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import { MESSAGE_KINDS } from '../domain/message-kind.ts'
import { currency, micros } from '../domain/money.ts'
import { BILL_ON } from '../domain/rate.ts'
import { checkPriceRows } from './check-prices.ts'
import { DEFAULT_CURRENCY, openPriceBook, type PriceQuery } from './price-book.ts'
import { readPriceCsv, writePriceCsv } from './price-csv.ts'
import { ANYWHERE, type PriceRow } from './price-row.ts'
import { readPriceYaml } from './price-yaml.ts'

const BASE = { currency: 'USD', default: 0.08, sms: { US: 0.0079, GB: '0.040' } }
const ALICE = `AC${'a'.repeat(32)}` as AccountId
const JULY_MS = Date.UTC(2026, 6, 1)

const QUERY: PriceQuery = {
  accountId: undefined,
  currency: DEFAULT_CURRENCY,
  channel: 'sms',
  kind: 'otp',
  country: 'GB',
  atMs: 0,
}

function rowsOf(value: unknown): readonly PriceRow[] {
  const check = readPriceYaml(value)
  if (check.kind === 'bad') throw new Error(JSON.stringify(check.mistakes))
  return check.value.map(({ row }) => row)
}
const bookOf = (...files: readonly unknown[]) => openPriceBook(files.flatMap(rowsOf))
const priceIn = (files: readonly unknown[], query: Partial<PriceQuery>) =>
  bookOf(...files).priceOf({ ...QUERY, ...query }).price
const together = (...files: readonly unknown[]) => {
  const rows = files.flatMap(rowsOf)
  return checkPriceRows(rows).map(({ row, field, message }) => {
    const { country, from = 'ever' } = rows[row] ?? {}
    return `${country} from ${from} ${field}: ${message}`
  })
}

test('a listed destination has its price, any other the default', () => {
  expect(bookOf(BASE).priceOf({ ...QUERY, country: 'US' })).toEqual({
    price: 7_900,
    market: 'international',
    billOn: 'accepted',
    tiers: undefined,
  })
  expect(priceIn([BASE], { country: 'GB' })).toBe(40_000)
  expect(priceIn([BASE], { country: 'FR' })).toBe(80_000)
  expect(priceIn([BASE], { country: 'constructor' })).toBe(80_000)
})

test('a call costs a multiple of a segment or a price of its own, and as much as a segment where nothing is said', () => {
  const call = (files: readonly unknown[], country: string) =>
    priceIn(files, { country, channel: 'voice' })
  const multiple = [{ ...BASE, voice: { multiplier: 2.5 } }]
  expect(call(multiple, 'US')).toBe(19_750)
  expect(call(multiple, 'FR')).toBe(200_000)
  const own = [{ ...BASE, voice: { default: 0.5, countries: { US: 0.1 } } }]
  expect(call(own, 'US')).toBe(100_000)
  expect(call(own, 'GB')).toBe(500_000)
  expect(call([BASE], 'US')).toBe(7_900)
})

test('each currency has its prices, and one without is unavailable', () => {
  const book = bookOf(BASE, { ...BASE, currency: 'EUR', default: 0.07 })
  expect(book.priceOf({ ...QUERY, country: 'FR', currency: currency('EUR') }).price).toBe(70_000)
  expect([...book.currencies]).toEqual(['USD', 'EUR'])
  expect(() => book.priceOf({ ...QUERY, currency: currency('CHF') })).toThrow(
    expect.objectContaining({ about: { internal: expect.objectContaining({ name: 'Unpriced' }) } }),
  )
})

test('an account pays its own price where it has one, and that of the list elsewhere', () => {
  const files = [BASE, { currency: 'USD', account: ALICE, sms: { GB: 0.03 } }]
  expect(priceIn(files, { accountId: ALICE })).toBe(30_000)
  expect(priceIn(files, { accountId: ALICE, country: 'US' })).toBe(7_900)
  expect(priceIn(files, {})).toBe(40_000)
})

test('a price holds from its first day to the day before the next', () => {
  const files = [
    { ...BASE, until: '2026-07-01' },
    { ...BASE, from: '2026-07-01', sms: { GB: 0.05 } },
  ]
  expect(together(...files)).toEqual([])
  expect(priceIn(files, { atMs: JULY_MS - 1 })).toBe(40_000)
  expect(priceIn(files, { atMs: JULY_MS })).toBe(50_000)
})

test('domestic prices go by kind and have tiers, and each price says when it is due', () => {
  const tiers = [
    { from_segments: 0, price: 0.045 },
    { from_segments: 100_000, price: 0.04 },
  ]
  const domestic = { country: 'CN', otp: { tiers, bill_on: 'delivered' }, bulk: 0.05 }
  const book = bookOf({ ...BASE, domestic, sms: { GB: { price: 0.04, bill_on: 'delivered' } } })
  expect(book.priceOf({ ...QUERY, country: 'CN' })).toEqual({
    price: 45_000,
    market: 'domestic',
    billOn: 'delivered',
    tiers: [
      { fromSegments: 0, price: 45_000 },
      { fromSegments: 100_000, price: 40_000 },
    ],
  })
  expect(book.priceOf({ ...QUERY, country: 'CN', kind: 'bulk' }).price).toBe(50_000)
  expect(book.priceOf({ ...QUERY, country: 'CN', kind: 'notice' }).price).toBe(80_000)
  expect(book.priceOf(QUERY).billOn).toBe('delivered')
  expect(book.priceOf({ ...QUERY, country: 'FR' }).billOn).toBe('accepted')
})

test.each([
  ['a negative price', { ...BASE, sms: { US: -0.01 } }, ['sms', 'US'], '0 to 1000000'],
  ['an infinite price', { ...BASE, sms: { US: Infinity } }, ['sms', 'US'], 'decimal number'],
  ['a price finer than a micro', { ...BASE, default: 0.0000001 }, ['default'], '6 decimals'],
  ['a price in words', { ...BASE, default: 'free' }, ['default'], '6 decimals'],
  ['a price that is a list', { ...BASE, default: [1] }, ['default'], 'decimal number'],
  [
    'a moment of billing that is none',
    { ...BASE, default: { price: 1, bill_on: 'read' } },
    ['default', 'bill_on'],
    'accepted, delivered',
  ],
  ['an unknown country', { ...BASE, sms: { ZZ: 1 } }, ['sms', 'ZZ'], 'a country such as GB'],
  ['a country in small letters', { ...BASE, sms: { gb: 1 } }, ['sms', 'gb'], 'a country'],
  ['an unknown field', { ...BASE, fax: {} }, ['fax'], 'unknown field'],
  ['a currency in words', { ...BASE, currency: 'dollar' }, ['currency'], 'such as USD'],
  ['an unknown currency', { ...BASE, currency: 'USX' }, ['currency'], 'such as USD'],
  ['a day that is none', { ...BASE, from: '2026-02-30' }, ['from'], 'a day such as'],
  ['an account that is none', { ...BASE, account: 'ACME' }, ['account'], 'an account id'],
  [
    'a negative multiplier',
    { ...BASE, voice: { multiplier: -1 } },
    ['voice', 'multiplier'],
    '0 to',
  ],
  ['a voice price that is neither', { ...BASE, voice: 10 }, ['voice'], '{ multiplier }'],
  ['a list', [], [], 'expected object'],
])('%s is refused where it stands', (_claim, value, path, message) => {
  const check = readPriceYaml(value)
  const mistakes = check.kind === 'bad' ? check.mistakes : []
  expect(mistakes.map((mistake) => mistake.path)).toEqual([path])
  expect(mistakes[0]?.message).toContain(message)
})

const tiered = (...steps: readonly (readonly [number, number])[]) => ({
  ...BASE,
  domestic: {
    country: 'CN',
    otp: { tiers: steps.map(([from_segments, price]) => ({ from_segments, price })) },
  },
})

test.each([
  [
    'the same price twice',
    [BASE, { ...BASE, default: undefined, sms: { US: 1 } }],
    ['US from ever price: is on the list already (ever to ever)'],
  ],
  [
    'dates that overlap',
    [BASE, { currency: 'USD', from: '2026-07-01', sms: { GB: 0.05 } }],
    ['GB from 2026-07-01 from: 2026-07-01 to ever overlaps ever to ever'],
  ],
  [
    'an end before the start',
    [BASE, { currency: 'USD', from: '2026-07-01', until: '2026-07-01', sms: { FR: 0.05 } }],
    ['FR from 2026-07-01 until: is not after its start'],
  ],
  [
    'a country at home and abroad',
    [{ ...BASE, domestic: { country: 'GB', otp: 0.01 } }],
    ['GB from ever market: GB is international on this list already'],
  ],
  [
    'tiers without a beginning',
    [tiered([10, 0.04])],
    ['CN from ever tierFrom: the first tier begins at 0 segments'],
  ],
  [
    'a tier that costs more than the one below',
    [tiered([0, 0.04], [10, 0.05])],
    ['CN from ever price: a higher tier costs no more than a lower one'],
  ],
  ['a tier for nothing', [tiered([0, 0.04], [10, 0])], ['CN from ever price: a tier has a price']],
  [
    'days without a price for other countries',
    [
      { ...BASE, until: '2026-06-01' },
      { ...BASE, from: '2026-07-01' },
    ],
    ['* from ever until: no price for the days that follow'],
  ],
  [
    'a list that ends',
    [{ ...BASE, until: '2026-06-01' }],
    ['* from ever until: USD lacks a text price for other countries'],
  ],
  [
    'a list without a price for other countries',
    [{ ...BASE, default: undefined }],
    ['US from ever until: USD lacks a text price for other countries'],
  ],
])('%s is refused', (_claim, files, expected) => {
  expect(together(...files)).toEqual(expected)
})

const HEADER = 'currency,channel,market,country,kind,price\n'

test.each([
  ['USD,sms,international,GB,,-1', '2:27 price: expected 0 to 1000000 with at most 6 decimals'],
  ['USD,sms,international,ZZ,,1', '2:23 country: expected a country such as GB'],
  ['XXX,sms,international,GB,,1', '2:1 currency: expected a currency such as USD'],
  ['USD,fax,international,GB,,1', '2:5 channel: expected sms, '],
  ['USD,sms,abroad,GB,,1', '2:9 market: expected domestic, international'],
  ['USD,sms,domestic,CN,spam,1', '2:21 kind: expected otp, notice, bulk'],
])('the row %s is refused with its line and column', (row, expected) => {
  const { mistakes } = readPriceCsv(`${HEADER}${row}\n`)
  expect(mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    expect.stringContaining(expected),
  ])
})

test('an international price has neither kind nor tiers, a domestic one a kind and a country', () => {
  const text = `currency,channel,market,country,kind,tier_from,price
USD,sms,international,*,,,1
USD,sms,international,GB,otp,5,1
USD,sms,domestic,*,,,1
`
  expect(checkPriceRows(readPriceCsv(text).rows.map(({ row }) => row))).toMatchObject([
    { row: 1, field: 'kind' },
    { row: 1, field: 'tierFrom' },
    { row: 2, field: 'kind' },
    { row: 2, field: 'country' },
    { row: 2, field: 'market' },
    { row: 1, field: 'tierFrom' },
  ])
})

const day = fc
  .integer({ min: 0, max: 3000 })
  .map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10))
const anyRow: fc.Arbitrary<PriceRow> = fc.record({
  account: fc.constantFrom(undefined, ALICE),
  currency: fc.constantFrom('USD', 'EUR', 'CNY').map(currency),
  channel: fc.constantFrom(...CHANNELS),
  market: fc.constantFrom('domestic', 'international'),
  country: fc.constantFrom(ANYWHERE, 'GB', 'CN', '001'),
  kind: fc.option(fc.constantFrom(...MESSAGE_KINDS), { nil: undefined }),
  from: fc.option(day, { nil: undefined }),
  until: fc.option(day, { nil: undefined }),
  tierFrom: fc.integer({ min: 0, max: 1_000_000 }),
  price: fc.integer({ min: 0, max: 1_000_000_000_000 }).map(micros),
  billOn: fc.constantFrom(...BILL_ON),
})

test('prices that are exported and imported are the same prices, and the same text again', () => {
  void fc.assert(
    fc.property(fc.array(anyRow), (rows) => {
      const text = writePriceCsv(rows)
      const read = readPriceCsv(text)
      expect(read.mistakes).toEqual([])
      const back = read.rows.map(({ row }) => row)
      expect(back).toHaveLength(rows.length)
      expect(new Set(back.map((row) => JSON.stringify(row, order)))).toEqual(
        new Set(rows.map((row) => JSON.stringify(row, order))),
      )
      expect(writePriceCsv(back)).toBe(writePriceCsv(back.toReversed()))
    }),
  )
})

const order = (_key: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort())
    : value

test('the price file that comes with the project is good', () => {
  const text = readFileSync(new URL('../../rules/prices/usd.yaml', import.meta.url), 'utf8')
  const files = [parse(text)]
  expect(together(...files)).toEqual([])
  expect(priceIn(files, { country: 'BD' })).toBe(322_000)
  expect(priceIn(files, { country: 'NO' })).toBe(80_000)
  expect(priceIn(files, { country: 'GB', channel: 'voice' })).toBe(400_000)
})
