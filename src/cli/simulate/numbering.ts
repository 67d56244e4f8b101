import {
  type CountryCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { assert } from '../../domain/assert.ts'
import { type Dice, diceOf } from './dice.ts'

/** The start of a country's mobile numbers, `+` included, and how many free digits follow. */
type Head = { readonly digits: string; readonly free: number }

/** A run of neighbouring numbers: `first` to `first + size - 1`. */
export type NumberBlock = {
  readonly country: string
  readonly first: number
  readonly size: number
}

const HEADS_MAX = 16
const TRIES_MAX = 160
const FREE_MAX = 6
const headsByCountry = new Map<string, readonly Head[]>()

/** A valid mobile number of the country. */
export function anyNumber(dice: Dice, country: string): string {
  const { digits, free } = dice.pick(headsOf(country))
  return digits + dice.digits(free)
}

/** A block of `size` valid numbers (at most 10,000), as one carrier or company would hold. */
export function anyBlock(dice: Dice, country: string, size: number): NumberBlock {
  const { digits, free } = dice.pick(headsOf(country))
  const capacity = 10 ** free
  const start = Math.floor((dice.unit() * capacity) / size) * size
  const offset = Math.max(0, Math.min(start, capacity - size))
  return {
    country,
    first: Number(digits.slice(1)) * capacity + offset,
    size: Math.min(size, capacity),
  }
}

export function numberOf(block: NumberBlock, index: number): string {
  return `+${block.first + (index % block.size)}`
}

/**
 * Heads whose every continuation is valid, found once a country by asking libphonenumber about random numbers near its
 * own example. Numbering plans do not depend on the seed of a run.
 */
function headsOf(country: string): readonly Head[] {
  const known = headsByCountry.get(country)
  if (known !== undefined) return known
  const found = findHeads(country)
  headsByCountry.set(country, found)
  return found
}

function findHeads(country: string): readonly Head[] {
  const example = getExampleNumber(country as CountryCode, examples)
  assert(example !== undefined, `libphonenumber has an example number of ${country}`)
  const prefix = `+${example.countryCallingCode}`
  const national = example.nationalNumber
  const free = Math.min(FREE_MAX, national.length - 3)
  const dice = diceOf('numbering', country)
  const heads = new Map<string, Head>()
  for (let tries = 0; tries < TRIES_MAX && heads.size < HEADS_MAX; tries++) {
    const kept = dice.below(national.length - free)
    const digits = prefix + national.slice(0, kept) + dice.digits(national.length - free - kept)
    if (!heads.has(digits) && holdsMobiles(dice, digits, free)) heads.set(digits, { digits, free })
  }
  if (heads.size > 0) return [...heads.values()]
  return [{ digits: prefix + national.slice(0, -4), free: 4 }]
}

function holdsMobiles(dice: Dice, head: string, free: number): boolean {
  const tails = [
    '0'.repeat(free),
    '9'.repeat(free),
    ...Array.from({ length: 5 }, () => dice.digits(free)),
  ]
  return tails.every((tail) => isMobile(head + tail))
}

function isMobile(number: string): boolean {
  const parsed = parsePhoneNumberFromString(number)
  const type = parsed?.isValid() ? parsed.getType() : undefined
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE'
}
