import * as z from 'zod'
import type { Channel } from '../domain/channel.ts'
import { COUNTRIES } from '../domain/country.ts'
import { type Mistake, mistakesOf } from '../domain/mistake.ts'
import { type Currency, currency, type Micros } from '../domain/money.ts'
import { Problem } from '../domain/problems.ts'
import { microsOfDecimal, timesDecimal } from './decimal.ts'

export const DEFAULT_CURRENCY = currency('USD')
const PRICE_UNITS_MAX = 1_000_000
const FACTOR_MAX = 100

/** A decimal of the currency's units, as a number or in quotes, at most six digits after the point. */
const decimalUpTo = (most: number) =>
  z
    .union([z.number(), z.string()], { error: 'expected a decimal number such as 0.0079' })
    .transform((value, context): Micros => {
      const amount = microsOfDecimal(value)
      if (amount !== undefined && amount <= most * 1_000_000) return amount
      const message = `expected 0 to ${most} with at most 6 decimals`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
const price = decimalUpTo(PRICE_UNITS_MAX)
const country = z.string().refine((code) => COUNTRIES.has(code), 'expected a country such as GB')
const perCountry = z.record(country, price)

/** One file of rules/prices/: what one segment, or one call, costs by destination in one currency. */
export const pricesSchema = z.strictObject({
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected a currency such as USD')
    .transform(currency),
  /** For destinations that are not listed. */
  default: price,
  sms: perCountry,
  /** Either a multiple of the price of a segment, or prices of their own. */
  voice: z
    .union(
      [
        z.strictObject({ multiplier: decimalUpTo(FACTOR_MAX) }),
        z.strictObject({ default: price, countries: perCountry.default({}) }),
      ],
      { error: 'expected { multiplier } or { default, countries }' },
    )
    .default({ multiplier: 1_000_000 as Micros }),
})
export type Prices = z.infer<typeof pricesSchema>

export type PricesCheck =
  | { readonly kind: 'good'; readonly prices: Prices }
  | { readonly kind: 'bad'; readonly mistakes: readonly Mistake[] }

/** Checks one parsed price file and names every mistake in it. */
export function checkPrices(value: unknown): PricesCheck {
  const parsed = pricesSchema.safeParse(value)
  if (parsed.success) return { kind: 'good', prices: parsed.data }
  return { kind: 'bad', mistakes: mistakesOf(parsed.error.issues) }
}

export type Priced = { readonly price: Micros; readonly currency: Currency }

/** What is asked for; `currency` is the account's, USD where it is not given. */
export type PriceQuery = {
  /** ISO 3166-1 alpha-2 or `001`; any other word gets the default price. */
  readonly country: string
  readonly channel: Channel
  readonly currency?: Currency
}

export interface PriceBook {
  /** The currencies that have a price file; an account can only be held in one of them. */
  readonly currencies: ReadonlySet<Currency>
  /** Price of one segment (sms) or one call (voice). Throws `unavailable` when no file has the currency. */
  priceOf(query: PriceQuery): Priced
}

export type PriceBookCheck =
  | { readonly kind: 'good'; readonly book: PriceBook }
  /** The files, by their place in the list, whose currency an earlier one has already; or that there is none for USD. */
  | { readonly kind: 'bad'; readonly repeated: readonly number[]; readonly lacksDefault: boolean }

/** Joins the price files; each currency has one, and the default currency must be among them. */
export function openPriceBook(files: readonly Prices[]): PriceBookCheck {
  const order = files.map((file) => file.currency)
  const repeated = order.flatMap((code, index) => (order.indexOf(code) < index ? [index] : []))
  const lacksDefault = !order.includes(DEFAULT_CURRENCY)
  if (repeated.length > 0 || lacksDefault) return { kind: 'bad', repeated, lacksDefault }
  return { kind: 'good', book: toPriceBook(files) }
}

function toPriceBook(files: readonly Prices[]): PriceBook {
  const tables = new Map(files.map((file) => [file.currency, toTable(file)]))
  return {
    currencies: new Set(tables.keys()),
    priceOf: ({ country, channel, currency = DEFAULT_CURRENCY }) => {
      const table = tables.get(currency)?.[channel]
      if (table === undefined) throw new Problem('unavailable', { internal: 'currency unpriced' })
      return { price: table.listed.get(country) ?? table.unlisted, currency }
    },
  }
}

type Table = { readonly listed: ReadonlyMap<string, Micros>; readonly unlisted: Micros }

function toTable(file: Prices): Readonly<Record<Channel, Table>> {
  const sms: Table = { listed: new Map(Object.entries(file.sms)), unlisted: file.default }
  const { voice } = file
  if ('multiplier' in voice) return { sms, voice: multiplied(sms, voice.multiplier) }
  const listed = new Map(Object.entries(voice.countries))
  return { sms, voice: { listed, unlisted: voice.default } }
}

const multiplied = ({ listed, unlisted }: Table, factor: Micros): Table => ({
  listed: new Map([...listed].map(([code, amount]) => [code, timesDecimal(amount, factor)])),
  unlisted: timesDecimal(unlisted, factor),
})
