import fc from 'fast-check'
import { getCountries, getCountryCallingCode, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, test } from 'vitest'
import { NO_COUNTRY, type ParsedPhone, parsePhone } from './phone-facts.ts'
import { NO_PHONE_DATA } from './phone-index.ts'
import type { PhoneFacts } from './signals.ts'

const read = (text: string): ParsedPhone => parsePhone(text, NO_PHONE_DATA)
const factsOf = (text: string): PhoneFacts => {
  const parsed = read(text)
  if (parsed.kind === 'mistake') throw new Error(`${text} is ${parsed.reason}`)
  return parsed.facts
}

/** Territories whose mobile numbers are numbers of another country's plan and cannot be told from them. */
const TOLD_AS: Readonly<Record<string, string>> = {
  AX: 'FI',
  BL: 'GP',
  CC: 'AU',
  CX: 'AU',
  EH: 'MA',
  IM: 'GB',
  MF: 'GP',
  SJ: 'NO',
  VA: 'IT',
}

test.each(getCountries())(
  'the example number of %s is valid, mobile and of its plan',
  (country) => {
    const example = getExampleNumber(country, examples)
    const facts = factsOf(example?.number ?? '')
    expect(facts).toMatchObject({
      phone: example?.number,
      country: TOLD_AS[country] ?? country,
      callingCode: getCountryCallingCode(country),
      valid: true,
    })
    expect(['mobile', 'fixed_line_or_mobile']).toContain(facts.lineType)
  },
)

test.each([
  ['+12125551234', 'US', 'fixed_line_or_mobile'],
  ['+442079460000', 'GB', 'fixed_line'],
  ['+448001111111', 'GB', 'toll_free'],
  ['+449098790000', 'GB', 'premium_rate'],
  ['+445600123456', 'GB', 'voip'],
  ['+447012345678', 'GB', 'personal_number'],
  ['+447640123456', 'GB', 'pager'],
  ['+8613800138000', 'CN', 'mobile'],
  ['+77012345678', 'KZ', 'mobile'],
  ['+79161234567', 'RU', 'mobile'],
])('%s is a number of %s, %s', (text, country, lineType) => {
  expect(factsOf(text)).toMatchObject({ phone: text, country, lineType, valid: true })
})

test.each(['+80012345678', '+870773111632', '+882162345678', '+881612345678', '+88313000000000'])(
  '%s belongs to no country',
  (text) => {
    const parsed = read(text)
    expect(parsed).toMatchObject({ kind: 'phone', facts: { country: NO_COUNTRY } })
  },
)

test.each([
  [' +44 (7400) 123-456 ', '+447400123456'],
  ['+44.7400.123456', '+447400123456'],
  ['+4407400123456', '+447400123456'],
  ['+39 06 698 12345', '+390669812345'],
])('%j is %s', (text, phone) => {
  expect(factsOf(text).phone).toBe(phone)
})

test.each([
  ['', 'not_e164'],
  ['+', 'not_e164'],
  ['447400123456', 'not_e164'],
  ['00447400123456', 'not_e164'],
  ['++447400123456', 'not_e164'],
  ['+44740012345x', 'not_e164'],
  ['+447400123456 ext 5', 'not_e164'],
  ['+447400123456;ext=5', 'not_e164'],
  ['tel:+447400123456', 'not_e164'],
  ['+447400123456\n', 'not_e164'],
  ['+4474\u0000400123456', 'not_e164'],
  ['+٤٤٧٤٠٠١٢٣٤٥٦', 'not_e164'],
  ['＋447400123456', 'not_e164'],
  [`+44740012345${'6'.repeat(60)}`, 'not_e164'],
  ['+999123456789', 'unknown_country'],
  ['+2101234567890', 'unknown_country'],
  ['+0123456789', 'unknown_country'],
  ['+441', 'too_short'],
  ['+447400', 'too_short'],
  ['+33612345', 'too_short'],
  ['+447400123456789', 'too_long'],
  ['+8613800138000123', 'too_long'],
])('%j is %s', (text, reason) => {
  expect(read(text)).toEqual({ kind: 'mistake', reason })
})

test('a possible number that nobody was given is a fact, not a mistake', () => {
  expect(factsOf('+15551234567')).toMatchObject({
    country: 'US',
    valid: false,
    lineType: 'unknown',
  })
})

test('any text is read without throwing, and a phone is read as itself', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.stringMatching(/^\+[0-9]{1,16}$/),
    fc.stringMatching(/^\+(44|86|66|961|27|38)0{0,3}[0-9]{6,11}$/),
    fc.stringMatching(/^[ +0-9().x-]{0,30}$/),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = read(text)
      if (parsed.kind === 'mistake') return
      expect(parsed.facts.phone).toMatch(/^\+[1-9]\d{6,14}$/)
      expect(read(parsed.facts.phone)).toEqual(parsed)
    }),
    { numRuns: 5_000 },
  )
})
