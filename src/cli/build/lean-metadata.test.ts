import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  type MetadataJson,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, test } from 'vitest'
import { seededDice } from '../../platform/virtual.ts'
import { withoutFormats } from './lean-metadata.ts'

const NUMBERS = 10_000
const COUNTRIES = getCountries(metadata)
// By way of a file, as the Worker gets it.
const lean = JSON.parse(JSON.stringify(withoutFormats(metadata))) as MetadataJson

/** Everything that is asked of the library about one text. */
function saidOf(text: string, by: MetadataJson): string {
  const number = parsePhoneNumberFromString(text, { extract: false }, by)
  return JSON.stringify([
    validatePhoneNumberLength(text, by),
    number && [
      number.number,
      number.country,
      number.countryCallingCode,
      number.getType(),
      number.isPossible(),
      number.isNonGeographic(),
      number.getPossibleCountries(),
    ],
  ])
}

test('numbers are read the same without formats, in every country and in none', () => {
  const dice = seededDice(11)
  const digits = (count: number): string =>
    Array.from({ length: count }, () => dice.below(10)).join('')
  const near = (country: CountryCode): string => {
    const example = getExampleNumber(country, examples, metadata)?.number ?? '+80012345678'
    return example.slice(0, -(1 + dice.below(7))) + digits(1 + dice.below(8))
  }
  for (let made = 0; made < NUMBERS; made += 1) {
    const country = COUNTRIES[made % COUNTRIES.length] ?? 'GB'
    const trunk = `+${getCountryCallingCode(country, metadata)}0${digits(5 + dice.below(8))}`
    const global = `+8${digits(9 + dice.below(4))}`
    for (const text of [near(country), trunk, global])
      expect(saidOf(text, lean), text).toBe(saidOf(text, metadata))
  }
})

test('without formats a quarter of the metadata is gone', () => {
  const size = (data: MetadataJson): number => JSON.stringify(data).length
  expect(size(lean)).toBeLessThan(size(metadata) * 0.75)
})
