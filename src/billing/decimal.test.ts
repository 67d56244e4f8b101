import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Micros, micros } from '../domain/money.ts'
import { decimalOfMicros, microsOfDecimal, timesDecimal } from './decimal.ts'

const amounts = fc.integer({ min: 0, max: 999_999_999_999_999 }).map(micros)

test.each([
  [0.0079, 7_900],
  [0.322, 322_000],
  ['0.04', 40_000],
  ['1000000', 1_000_000_000_000],
  [8.000001, 8_000_001],
  [0.000001, 1],
  [0, 0],
])('%s units are %d micros', (units, expected) => {
  expect(microsOfDecimal(units)).toBe(expected)
})

test.each([
  [-1],
  [-0.01],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [1e-7],
  [1e21],
  ['0.0000001'],
  [''],
  ['.5'],
  ['1.'],
  ['1e3'],
  [' 1'],
  ['1,5'],
  ['0x10'],
])('%s is not a price', (value) => {
  expect(microsOfDecimal(value)).toBeUndefined()
})

test('micros written as a decimal and read again are the same micros', () => {
  void fc.assert(
    fc.property(amounts, (amount) => {
      expect(microsOfDecimal(decimalOfMicros(amount))).toBe(amount)
    }),
  )
})

test('the float that a file parser makes of a price means the same micros', () => {
  const prices = fc.integer({ min: 0, max: 1_000_000_000 }).map(micros)
  void fc.assert(
    fc.property(prices, (amount) => {
      expect(microsOfDecimal(Number(decimalOfMicros(amount)))).toBe(amount)
    }),
  )
})

test('multiplying rounds half up, once, and by one changes nothing', () => {
  const one = 1_000_000 as Micros
  void fc.assert(
    fc.property(amounts, (amount) => {
      expect(timesDecimal(amount, one)).toBe(amount)
    }),
  )
  expect(timesDecimal(micros(7_900), micros(10_000_000))).toBe(79_000)
  expect(timesDecimal(micros(1), micros(500_000))).toBe(1)
  expect(timesDecimal(micros(1), micros(499_999))).toBe(0)
})

test('a decimal is as short as it can be, and keeps its sign', () => {
  expect(decimalOfMicros(micros(7_900))).toBe('0.0079')
  expect(decimalOfMicros(micros(2_000_000))).toBe('2')
  expect(decimalOfMicros(micros(-40_000))).toBe('-0.04')
})
