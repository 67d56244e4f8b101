import type { Ip } from '../domain/ip.ts'
import type { Pack } from './data-pack.ts'

/** Which autonomous system announces an address and which country it was given to. Only where the data file is at hand. */
export type NetworkIndex = {
  readonly asnOf: (ip: Ip) => number | undefined
  readonly countryOf: (ip: Ip) => string | undefined
}

/**
 * Sections: `asn4`, `asn6`, `country4` and `country6`, each as sorted range starts and, under the name with `_value`, what holds
 * from each start to the next. v4 starts are one word, v6 starts four. An ASN is itself, a country its two
 * letters as two bytes; 0 means that nobody has the range.
 */
export function networkIndex(pack: Pack): NetworkIndex {
  const asn4 = { starts: pack.u32('asn4'), values: pack.u32('asn4_value') }
  const asn6 = { starts: pack.u32('asn6'), values: pack.u32('asn6_value') }
  const country4 = { starts: pack.u32('country4'), values: pack.u16('country4_value') }
  const country6 = { starts: pack.u32('country6'), values: pack.u16('country6_value') }
  return {
    asnOf: (ip) => {
      const asn = ip.version === 4 ? find4(asn4, ip) : find6(asn6, ip)
      return asn === 0 ? undefined : asn
    },
    countryOf: (ip) => {
      const code = ip.version === 4 ? find4(country4, ip) : find6(country6, ip)
      return code === 0 ? undefined : countryOfCode(code)
    },
  }
}

/** `GB` -> 0x4742. Undefined for what is not two capital letters. */
export function codeOfCountry(country: string): number | undefined {
  return /^[A-Z]{2}$/.test(country)
    ? country.charCodeAt(0) * 256 + country.charCodeAt(1)
    : undefined
}

const countryOfCode = (code: number): string => String.fromCharCode(code >> 8, code & 255)

type Ranges = { readonly starts: Uint32Array; readonly values: Uint32Array | Uint16Array }

function find4(ranges: Ranges, ip: Ip): number {
  const address = ip.words[3]
  let low = 0
  let high = ranges.starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ranges.starts[middle] ?? 0) <= address) low = middle + 1
    else high = middle
  }
  return ranges.values[low - 1] ?? 0
}

function find6(ranges: Ranges, ip: Ip): number {
  let low = 0
  let high = ranges.values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isAtOrBelow(ranges.starts, middle * 4, ip)) low = middle + 1
    else high = middle
  }
  return ranges.values[low - 1] ?? 0
}

function isAtOrBelow(starts: Uint32Array, at: number, ip: Ip): boolean {
  for (let index = 0; index < 4; index += 1) {
    const start = starts[at + index] ?? 0
    const word = ip.words[index] ?? 0
    if (start !== word) return start < word
  }
  return true
}
