import { getCountries } from 'libphonenumber-js/max'
import { expect, test } from 'vitest'
import { COUNTRIES } from './country.ts'

test('every country that a number can be of is known, and no other', () => {
  expect([...COUNTRIES].sort()).toEqual(['001', ...getCountries()].sort())
})
