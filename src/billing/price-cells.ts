import * as z from 'zod'
import { CHANNELS } from '../domain/channel.ts'
import { COUNTRIES } from '../domain/country.ts'
import { CURRENCIES } from '../domain/currencies.ts'
import { parseId } from '../domain/ids.ts'
import { MESSAGE_KINDS } from '../domain/message-kind.ts'
import { currency, type Micros } from '../domain/money.ts'
import { BILL_ON, MARKETS } from '../domain/rate.ts'
import { microsOfDecimal } from './decimal.ts'

/** What stands in price files of either format. */

const PRICE_UNITS_MAX = 1_000_000
const DAY = /^\d{4}-\d{2}-\d{2}$/

const listed = <T extends string>(values: readonly T[]) =>
  z.enum(values, { error: `expected ${values.join(', ')}` })

export const channelCell = listed(CHANNELS)
export const kindCell = listed(MESSAGE_KINDS)
export const billOnCell = listed(BILL_ON)
export const marketCell = listed(MARKETS)

/** A decimal of the currency's units, as a number or in quotes, at most six digits after the point. */
export const decimalUpTo = (most: number) =>
  z
    .union([z.number(), z.string()], { error: 'expected a decimal number such as 0.0079' })
    .transform((value, context): Micros => {
      const amount = microsOfDecimal(value)
      if (amount !== undefined && amount <= most * 1_000_000) return amount
      const message = `expected 0 to ${most} with at most 6 decimals`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })

export const priceCell = decimalUpTo(PRICE_UNITS_MAX)

export const countryCell = z
  .string()
  .refine((code) => COUNTRIES.has(code), 'expected a country such as GB')

export const currencyCell = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'expected a currency such as USD')
  .transform(currency)

export const accountCell = z
  .string()
  .refine((text) => parseId('AC', text) !== undefined, 'expected an account id such as AC0123…')
  .transform((text) => text as NonNullable<ReturnType<typeof parseId<'AC'>>>)

/** A day that the calendar has. */
export const dayCell = z
  .string()
  .refine(
    (text) => DAY.test(text) && isOnCalendar(text),
    'expected a day such as 2026-07-01, which is taken as UTC',
  )

function isOnCalendar(text: string): boolean {
  const atMs = Date.parse(text)
  return Number.isFinite(atMs) && new Date(atMs).toISOString().startsWith(text)
}
