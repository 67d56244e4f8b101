import { COUNTRIES } from '../domain/country.ts'
import { canonicalIp, formatCidr, parseCidr } from '../domain/ip.ts'
import type { ListKind } from './lists.ts'
import { parsePhone } from './phone-facts.ts'
import { NO_PHONE_DATA } from './phone-index.ts'

/** What each kind of list entry is written like, for people. */
export const LIST_VALUE_SHAPES: Readonly<Record<ListKind, string>> = {
  phone: 'a phone number with + and country code, such as "+447400123456"',
  range: '+ and the first 2 to 14 digits of the numbers, such as "+4477001"',
  ip: 'an IPv4 or IPv6 address, such as "192.0.2.7"',
  cidr: 'an IPv4 or IPv6 network, such as "192.0.2.0/24"',
  asn: 'the number of an autonomous system, such as "AS64500"',
  country: 'the two-letter code of the phone number\'s country, such as "GB"',
  device: 'a device id of 1 to 128 printable characters',
}

const ASN_MAX = 4_294_967_295

/** The canonical text of a list entry's value, or undefined when it is not what its kind is written like. */
export function parseListValue(kind: ListKind, text: string): string | undefined {
  const value = text.trim()
  switch (kind) {
    case 'phone': {
      const parsed = parsePhone(value, NO_PHONE_DATA)
      return parsed.kind === 'phone' ? parsed.facts.phone : undefined
    }
    case 'range': {
      const range = value.replace(/[ .()-]/g, '')
      return /^\+[1-9]\d{1,13}$/.test(range) ? range : undefined
    }
    case 'ip':
      return canonicalIp(value)
    case 'cidr': {
      const cidr = parseCidr(value)
      return cidr === undefined ? undefined : formatCidr(cidr)
    }
    case 'asn':
      return parseAsn(value)?.toString()
    case 'country':
      return COUNTRIES.has(value.toUpperCase()) ? value.toUpperCase() : undefined
    case 'device':
      return /^[\x20-\x7e]{1,128}$/.test(value) ? value : undefined
  }
}

/** `AS64500`, `as64500` or `64500`. */
export function parseAsn(text: string): number | undefined {
  const digits = /^(?:AS)?([1-9]\d{0,9})$/i.exec(text)?.[1]
  const asn = Number(digits)
  return digits !== undefined && asn <= ASN_MAX ? asn : undefined
}
