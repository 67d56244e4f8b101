import { type Micros, micros } from '../domain/money.ts'

const DECIMAL = /^(\d{1,9})(?:\.(\d{1,6}))?$/
const MICROS_PER_UNIT = 1_000_000

/**
 * A decimal number of units as whole micros, digit by digit: 0.0079 is 7900, whatever a float makes of it. Undefined when it is
 * negative, not finite, a billion or more, or finer than a micro.
 */
export function microsOfDecimal(value: number | string): Micros | undefined {
  const match = DECIMAL.exec(String(value))
  if (match === null) return undefined
  const [, units = '', fraction = ''] = match
  return micros(Number(units) * MICROS_PER_UNIT + Number(fraction.padEnd(6, '0')))
}

/** The shortest decimal that means these micros: 7900 is 0.0079. */
export function decimalOfMicros(amount: Micros): string {
  const digits = String(Math.abs(amount)).padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0+$/, '')
  const units = `${amount < 0 ? '-' : ''}${digits.slice(0, -6)}`
  return fraction === '' ? units : `${units}.${fraction}`
}

/** `amount` x `factor` millionths, half up; whole numbers all the way. */
export function timesDecimal(amount: Micros, factorMicros: Micros): Micros {
  const product = BigInt(amount) * BigInt(factorMicros)
  return micros(Number((product + BigInt(MICROS_PER_UNIT / 2)) / BigInt(MICROS_PER_UNIT)))
}
