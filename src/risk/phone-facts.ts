import {
  type NumberType,
  type PhoneNumber,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/max/metadata'
import type { Phone } from '../domain/phone.ts'
import { type PlannedNumber, plannedNumber } from './phone-plans.ts'
import type { LineType, PhoneData, PhoneFacts } from './signals.ts'

export const PHONE_MISTAKES = [
  'not_e164',
  'unknown_country',
  'too_short',
  'too_long',
  'impossible',
] as const
/** Why a text is no phone number that anybody could have. */
export type PhoneMistake = {
  readonly kind: 'mistake'
  readonly reason: (typeof PHONE_MISTAKES)[number]
}
export type ParsedPhone = { readonly kind: 'phone'; readonly facts: PhoneFacts } | PhoneMistake

/** The country of numbers that belong to none: satellite, international shared cost and the like. */
export const NO_COUNTRY = '001'

const DIGITS_MIN = 7
const DIGITS_MAX = 15
const TEXT_MAX = 40
/** Spaces, dots, dashes and brackets are how people group digits; anything else is not a number. */
const WRITTEN = /^ *\+[\d .()-]+ *$/
const SEPARATORS = /[ .()-]/g
const E164 = /^\+[1-9]\d{6,14}$/

const LINE_TYPE_OF: Record<Exclude<NumberType, undefined>, LineType> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixed_line',
  FIXED_LINE_OR_MOBILE: 'fixed_line_or_mobile',
  VOIP: 'voip',
  PREMIUM_RATE: 'premium_rate',
  SHARED_COST: 'shared_cost',
  TOLL_FREE: 'toll_free',
  PERSONAL_NUMBER: 'personal_number',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'voicemail',
}

/**
 * The only maker of a `Phone`. Reads a number with `+` and country code, and tells what is known of it from libphonenumber's full
 * metadata and `data`. Numbers of a length that their country does not have are a mistake; possible numbers that nobody
 * was given are facts with `valid: false`. A trunk zero after the country code is dropped, so that one line has one `Phone`.
 */
export function parsePhone(input: string, data: PhoneData): ParsedPhone {
  const isPlain = E164.test(input)
  if (!isPlain && (input.length > TEXT_MAX || !WRITTEN.test(input))) return mistake('not_e164')
  const written = isPlain ? input : input.replace(SEPARATORS, '')
  const planned = isPlain || E164.test(written) ? plannedNumber(written) : undefined
  if (planned === undefined) return parseByLibrary(written, data)
  return { kind: 'phone', facts: factsOf(written as Phone, planned, data) }
}

/** What `parsePhone` comes to with the library alone, which knows every trunk prefix and every mistake. */
export function parseByLibrary(written: string, data: PhoneData): ParsedPhone {
  const number = settled(written)
  if (number === undefined) return mistake(reasonOf(written))
  // Asked in this order because every valid number has a type, and most numbers are valid.
  const type = number.getType()
  if (type === undefined && !number.isPossible()) return mistake(reasonOf(number.number))
  const digits = number.number.length - 1
  if (digits < DIGITS_MIN) return mistake('too_short')
  if (digits > DIGITS_MAX) return mistake('too_long')
  const { countryCallingCode: callingCode } = number
  const read = { country: countryOf(number), callingCode, type }
  return { kind: 'phone', facts: factsOf(number.number as string as Phone, read, data) }
}

type ReadNumber = Omit<PlannedNumber, 'type'> & { readonly type: NumberType }

function factsOf(phone: Phone, read: ReadNumber, data: PhoneData): PhoneFacts {
  const { country, callingCode, type } = read
  return {
    phone,
    country,
    callingCode,
    lineType: type === undefined ? 'unknown' : LINE_TYPE_OF[type],
    valid: type !== undefined,
    carrier: data.carrierOf(phone),
    disposable: data.isDisposable(phone),
  }
}

const mistake = (reason: PhoneMistake['reason']): PhoneMistake => ({ kind: 'mistake', reason })

/**
 * libphonenumber drops one trunk prefix at a time, so `+44 00 7…` needs more than one look. Undefined when there is no number in
 * it, or none that would read the same again.
 */
function settled(written: string): PhoneNumber | undefined {
  let text = written
  for (let look = 0; look < 4; look += 1) {
    const number = parsePhoneNumberFromString(text, { extract: false }, metadata)
    if (number === undefined || number.number === text) return number
    text = number.number
  }
  return undefined
}

/** Where the number alone cannot tell, the first country of its calling code that has numbers of this length. */
function countryOf(number: PhoneNumber): string {
  if (number.country !== undefined) return number.country
  return number.isNonGeographic() ? NO_COUNTRY : (number.getPossibleCountries()[0] ?? NO_COUNTRY)
}

function reasonOf(text: string): PhoneMistake['reason'] {
  switch (validatePhoneNumberLength(text, metadata)) {
    case 'TOO_SHORT':
      return 'too_short'
    case 'TOO_LONG':
      return 'too_long'
    case 'INVALID_COUNTRY':
      return 'unknown_country'
    case 'NOT_A_NUMBER':
      return 'not_e164'
    default:
      return 'impossible'
  }
}
