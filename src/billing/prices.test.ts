import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { currency } from '../domain/money.ts'
import { checkPrices, openPriceBook, type Prices } from './prices.ts'

const BASE = { currency: 'USD', default: 0.08, sms: { US: 0.0079, GB: '0.040' } }

function good(value: unknown): Prices {
  const check = checkPrices(value)
  if (check.kind === 'bad') throw new Error(JSON.stringify(check.mistakes))
  return check.prices
}
function bookOf(...values: readonly unknown[]) {
  const opened = openPriceBook(values.map(good))
  if (opened.kind === 'bad') throw new Error('not a price book')
  return opened.book
}
function mistakesIn(value: unknown) {
  const check = checkPrices(value)
  return check.kind === 'bad' ? check.mistakes : []
}

test('a listed destination has its price, any other the default', () => {
  const book = bookOf(BASE)
  expect(book.priceOf({ country: 'US', channel: 'sms' })).toEqual({ price: 7_900, currency: 'USD' })
  expect(book.priceOf({ country: 'GB', channel: 'sms' }).price).toBe(40_000)
  expect(book.priceOf({ country: 'FR', channel: 'sms' }).price).toBe(80_000)
  expect(book.priceOf({ country: 'constructor', channel: 'sms' }).price).toBe(80_000)
})

test('a call costs a multiple of a segment or a price of its own, and as much as a segment where nothing is said', () => {
  const multiple = bookOf({ ...BASE, voice: { multiplier: 2.5 } })
  expect(multiple.priceOf({ country: 'US', channel: 'voice' }).price).toBe(19_750)
  expect(multiple.priceOf({ country: 'FR', channel: 'voice' }).price).toBe(200_000)
  const own = bookOf({ ...BASE, voice: { default: 0.5, countries: { US: 0.1 } } })
  expect(own.priceOf({ country: 'US', channel: 'voice' }).price).toBe(100_000)
  expect(own.priceOf({ country: 'GB', channel: 'voice' }).price).toBe(500_000)
  expect(bookOf(BASE).priceOf({ country: 'US', channel: 'voice' }).price).toBe(7_900)
})

test('each currency has its file, and one without is unavailable', () => {
  const book = bookOf(BASE, { ...BASE, currency: 'EUR', default: 0.07 })
  const query = { country: 'FR', channel: 'sms' } as const
  expect(book.priceOf({ ...query, currency: currency('EUR') })).toEqual({
    price: 70_000,
    currency: 'EUR',
  })
  expect([...book.currencies]).toEqual(['USD', 'EUR'])
  expect(() => book.priceOf({ ...query, currency: currency('CHF') })).toThrow('unavailable')
})

test('two files of one currency are refused, and so is a set without the default currency', () => {
  expect(openPriceBook([good(BASE), good(BASE)])).toEqual({
    kind: 'bad',
    repeated: [1],
    lacksDefault: false,
  })
  expect(openPriceBook([])).toEqual({ kind: 'bad', repeated: [], lacksDefault: true })
})

test.each([
  ['a negative price', { ...BASE, sms: { US: -0.01 } }, ['sms', 'US'], '0 to 1000000'],
  ['an infinite price', { ...BASE, sms: { US: Infinity } }, ['sms', 'US'], 'decimal number'],
  ['a price finer than a micro', { ...BASE, default: 0.0000001 }, ['default'], '6 decimals'],
  ['a price in words', { ...BASE, default: 'free' }, ['default'], '6 decimals'],
  ['an unknown country', { ...BASE, sms: { ZZ: 1 } }, ['sms', 'ZZ'], 'a country such as GB'],
  ['a country in small letters', { ...BASE, sms: { gb: 1 } }, ['sms', 'gb'], 'a country'],
  ['an unknown field', { ...BASE, whatsapp: {} }, ['whatsapp'], 'unknown field'],
  ['a currency in words', { ...BASE, currency: 'dollar' }, ['currency'], 'such as USD'],
  [
    'a negative multiplier',
    { ...BASE, voice: { multiplier: -1 } },
    ['voice', 'multiplier'],
    '0 to',
  ],
  ['a voice price that is neither', { ...BASE, voice: 10 }, ['voice'], '{ multiplier }'],
  ['a list', [], [], 'expected object'],
])('%s is refused where it stands', (_claim, value, path, message) => {
  const mistakes = mistakesIn(value)
  expect(mistakes.map((mistake) => mistake.path)).toEqual([path])
  expect(mistakes[0]?.message).toContain(message)
})

test('the price file that comes with the project is good', () => {
  const text = readFileSync(new URL('../../rules/prices/usd.yaml', import.meta.url), 'utf8')
  const book = bookOf(parse(text))
  expect(book.priceOf({ country: 'BD', channel: 'sms' }).price).toBe(322_000)
  expect(book.priceOf({ country: 'NO', channel: 'sms' }).price).toBe(80_000)
  expect(book.priceOf({ country: 'GB', channel: 'voice' }).price).toBe(400_000)
})
