import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { DEFAULT_CURRENCY } from '../../billing/price-book.ts'
import { parsePriceFiles } from '../../config/price-files.ts'
import { readRulesFiles } from '../../config/yaml-file.ts'
import { UsageError } from '../command.ts'
import type { Destinations } from './closed-loop.ts'

/** Leading characters that tell the country of a number, the plus sign included. */
const TELLING = 8

/** Prices of the folder's USD file and countries by libphonenumber, remembered by the first digits of the number. */
export function openDestinations(rules: string): Destinations {
  const file = join(rules, 'prices', 'usd.yaml')
  const parsed = parsePriceFiles(readRulesFiles(new Map([[file, readFileSync(file, 'utf8')]])))
  const book = parsed.kind === 'ok' ? parsed.value : undefined
  if (book === undefined) throw new UsageError(`${file} is not a list of prices in USD`)
  const countries = new Map<string, string>()
  return {
    countryOf: (to) => {
      const start = to.slice(0, TELLING)
      const known = countries.get(start)
      if (known !== undefined) return known
      const parsedNumber = parsePhoneNumberFromString(to)
      const country = parsedNumber?.country ?? parsedNumber?.countryCallingCode ?? '001'
      countries.set(start, country)
      return country
    },
    priceOf: (country, channel) =>
      book.priceOf({
        accountId: undefined,
        currency: DEFAULT_CURRENCY,
        kind: 'otp',
        country,
        channel,
        atMs: 0,
      }).price / 1_000_000,
  }
}
