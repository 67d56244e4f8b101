import { expect, test } from 'vitest'
import {
  destinationRisk,
  isOutdatedBrowser,
  isSpecialTariff,
  languageFits,
} from './common-knowledge.ts'

test('destinations fall into four tiers', () => {
  expect(['US', 'FR', 'KZ', 'TJ'].map(destinationRisk)).toEqual([0, 1, 2, 3])
})

test('numbers that earn on traffic are told from those of people', () => {
  expect(isSpecialTariff('premium_rate')).toBe(true)
  expect(isSpecialTariff('mobile')).toBe(false)
})

test('a browser is outdated by its own version, and unknown ones are not judged', () => {
  expect(isOutdatedBrowser({ browser: 'Firefox', browserMajor: 16 })).toBe(true)
  expect(isOutdatedBrowser({ browser: 'Chrome', browserMajor: 131 })).toBe(false)
  expect(isOutdatedBrowser({ browser: 'Konqueror', browserMajor: 1 })).toBeUndefined()
  expect(isOutdatedBrowser({ browser: undefined, browserMajor: undefined })).toBeUndefined()
})

test('a language fits where most people speak it, English everywhere, and nowhere is judged without knowing both', () => {
  expect(languageFits('de', 'DE')).toBe(true)
  expect(languageFits('th', 'DE')).toBe(false)
  expect(languageFits('en', 'KZ')).toBe(true)
  expect(languageFits(undefined, 'KZ')).toBeUndefined()
  expect(languageFits('de', '001')).toBeUndefined()
})
