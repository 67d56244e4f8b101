import { assert } from './assert.ts'

declare const brand: unique symbol
/** One millionth of a currency's unit. Always a whole number; never a float, never a "cent". */
export type Micros = number & { readonly [brand]: 'Micros' }

/** ISO 4217, upper case. */
export type Currency = string & { readonly [brand]: 'Currency' }

export const ZERO = 0 as Micros

/** The only maker of money: refuses fractions and values beyond exact integers. */
export function micros(value: number): Micros {
  assert(Number.isSafeInteger(value), `money is a whole number of micros, got ${value}`)
  return (value === 0 ? 0 : value) as Micros
}

export const plus = (left: Micros, right: Micros): Micros => micros(left + right)
export const negate = (amount: Micros): Micros => micros(-amount)
export const times = (amount: Micros, count: number): Micros => micros(amount * count)

export const currency = (code: string): Currency => {
  assert(/^[A-Z]{3}$/.test(code), `a currency is three capital letters, got ${code}`)
  return code as Currency
}
