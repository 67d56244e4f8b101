import { hmac } from '@noble/hashes/hmac.js'
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { toHex } from '../domain/ids.ts'
import { sameBytes } from '../platform/same-bytes.ts'

/** What vendors sign with. Synchronous, and the same on Node and Workers. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'
const HASHES = { md5, sha1, sha256, sha384, sha512 } as const

const encoder = new TextEncoder()
const bytesOf = (data: string | Uint8Array): Uint8Array =>
  typeof data === 'string' ? encoder.encode(data) : data

/** Texts are taken as UTF-8. */
export const hashOf = (hash: HashName, data: string | Uint8Array): Uint8Array =>
  HASHES[hash](bytesOf(data))
export const sha256Hex = (data: string | Uint8Array): string => toHex(hashOf('sha256', data))

export const hmacOf = (
  hash: HashName,
  key: string | Uint8Array,
  data: string | Uint8Array,
): Uint8Array => hmac(HASHES[hash], bytesOf(key), bytesOf(data))

/** Padded, RFC 4648 section 4. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

/** Unpadded, RFC 4648 section 5. */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

/** Reads padded or unpadded base64 or base64url; undefined for anything else. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const plain = text.replaceAll('-', '+').replaceAll('_', '/')
    return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** Compares a signature or a token in constant time; an absent one never fits. */
export const sameText = (given: string | null | undefined, expected: string): boolean =>
  typeof given === 'string' && sameBytes(bytesOf(given), bytesOf(expected))

/** RFC 3986: everything but letters, digits and `-_.~` as `%XX`. */
export const percentEncode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** HTTP Basic, RFC 7617; both in ASCII. */
export const basicAuthorization = (user: string, password: string): string =>
  `Basic ${toBase64(encoder.encode(`${user}:${password}`))}`

/** `application/x-www-form-urlencoded` in this order, spaces as `%20`; a list repeats its name, undefined is left out. */
export const formText = (fields: FormFields): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => [value ?? []].flat().map((one) => [name, one] as const))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&')

export type FormFields = Readonly<Record<string, string | readonly string[] | undefined>>
