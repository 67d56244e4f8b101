import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
} from 'libphonenumber-js/max'
import metadata from 'libphonenumber-js/max/metadata'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, test } from 'vitest'
import { seededDice } from '../platform/virtual.ts'
import { parseByLibrary, parsePhone } from './phone-facts.ts'
import { NO_PHONE_DATA } from './phone-index.ts'
import { plannedNumber } from './phone-plans.ts'

const RANDOM_NUMBERS = 100_000
const COUNTRIES = getCountries()
const exampleOf = (country: CountryCode): string =>
  getExampleNumber(country, examples)?.number ?? ''

/** What the library says of the same text, in the same words. */
const expectAlike = (text: string): void => {
  const planned = parsePhone(text, NO_PHONE_DATA)
  const library = parseByLibrary(text, NO_PHONE_DATA)
  // Comparing texts is a hundred times faster than `toEqual`, which then shows what is different.
  if (JSON.stringify(planned) !== JSON.stringify(library)) expect(planned, text).toEqual(library)
}

test('the patterns are read from the format of metadata that they were written for', () => {
  expect(metadata.version).toBe(4)
})

test('every example number is read as the library reads it', () => {
  for (const country of COUNTRIES) expectAlike(exampleOf(country))
})

test('the plans themselves know the example numbers of nearly all countries', () => {
  const known = COUNTRIES.filter((country) => plannedNumber(exampleOf(country)) !== undefined)
  expect(known.length / COUNTRIES.length).toBeGreaterThan(0.9)
})

test('numbers near valid ones, of every country, are read as the library reads them', () => {
  const dice = seededDice(7)
  const digits = (count: number): string =>
    Array.from({ length: count }, () => dice.below(10)).join('')
  /** Keeps the front, so that ranges stay real, and mostly the length as well. */
  const nearExample = (country: CountryCode): string => {
    const example = exampleOf(country)
    const cut = dice.below(8)
    return example.slice(0, -cut || undefined) + digits(cut + (dice.below(4) === 0 ? 1 : 0))
  }
  const inPlan = (country: CountryCode): string =>
    `+${getCountryCallingCode(country)}${digits(4 + dice.below(9))}`
  for (let made = 0; made < RANDOM_NUMBERS; made += 1) {
    const country = COUNTRIES[made % COUNTRIES.length] ?? 'GB'
    expectAlike(dice.below(2) === 0 ? nearExample(country) : inPlan(country))
  }
})

test.each(['+80012345678', '+882162345678', '+08001234567', '+999123456789', '+8207012345678'])(
  'the plans leave %s to the library',
  (text) => {
    expect(plannedNumber(text)).toBeUndefined()
  },
)
