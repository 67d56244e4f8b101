import * as z from 'zod'
import type { Phone } from '../domain/phone.ts'
import type { Pack } from './data-pack.ts'
import type { PhoneData } from './signals.ts'

/** E.164 numbers have at most 15 digits; shorter ones are filled up with zeros to compare as one number. */
const DIGITS = 15
const NO_CARRIER = 0

/**
 * Sections: `carrier` (starts of ranges of 15-digit numbers), `carrier_name` (index into `names`, 0 for none),
 * `carrier_digits` (length of the prefix that the range was given by), `names` (JSON array of texts), `disposable` (sorted numbers).
 * The longest prefix wins, which the build step has already settled: ranges do not overlap.
 */
export function phoneIndex(pack: Pack): PhoneData {
  const starts = pack.f64('carrier')
  const nameOf = pack.u16('carrier_name')
  const digitsOf = pack.u8('carrier_digits')
  const names = z.array(z.string()).parse(JSON.parse(new TextDecoder().decode(pack.u8('names'))))
  const disposable = pack.f64('disposable')
  return {
    carrierOf: (phone) => {
      const at = lastAtOrBelow(starts, padded(phone))
      const name = nameOf[at] ?? NO_CARRIER
      const isPrefix = phone.length - 1 >= (digitsOf[at] ?? 0)
      return name !== NO_CARRIER && isPrefix ? names[name] : undefined
    },
    isDisposable: (phone) => {
      const number = Number(phone.slice(1))
      return disposable[lastAtOrBelow(disposable, number)] === number
    },
  }
}

/** Where the data file is absent: nothing is known, which is an answer. */
export const NO_PHONE_DATA: PhoneData = {
  carrierOf: () => undefined,
  isDisposable: () => undefined,
}

const padded = (phone: Phone): number =>
  Number(phone.slice(1)) * 10 ** (DIGITS - (phone.length - 1))

/** Index of the last value that is not above `number`, or -1. */
function lastAtOrBelow(sorted: Float64Array, number: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sorted[middle] ?? 0) <= number) low = middle + 1
    else high = middle
  }
  return low - 1
}
