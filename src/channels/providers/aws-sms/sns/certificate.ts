import { fromBase64 } from '../../../signing.ts'

/** Of the tags in DER, ITU-T X.690, the two that are met on the way. */
const SEQUENCE = 0x30
const VERSION = 0xa0
/** Before the key in a certificate without a version: number, algorithm, issuer, validity, subject. */
const FIELDS_BEFORE_KEY = 5
const LENGTH_BYTES_MAX = 4

type Element = {
  readonly tag: number
  /** Of the element itself, with its tag and length. */
  readonly start: number
  readonly content: number
  readonly end: number
}

/**
 * The public key of a PEM certificate as WebCrypto takes it (SubjectPublicKeyInfo, RFC 5280 section 4.1); undefined when it is no
 * certificate. Nothing else of it is read: it is believed for where it was fetched.
 */
export function publicKeyIn(pem: string): Uint8Array<ArrayBuffer> | undefined {
  const [, text] =
    /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(pem) ?? []
  const der = text === undefined ? undefined : fromBase64(text)
  return der && keyInCertificate(der)
}

function keyInCertificate(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const certificate = elementAt(der, { offset: 0, limit: der.length })
  const toBeSigned =
    certificate && elementAt(der, { offset: certificate.content, limit: certificate.end })
  if (certificate?.tag !== SEQUENCE || toBeSigned?.tag !== SEQUENCE) return undefined
  const { content: offset, end: limit } = toBeSigned
  const first = elementAt(der, { offset, limit })
  const skipped = FIELDS_BEFORE_KEY + (first?.tag === VERSION ? 1 : 0)
  const key = nthElement(der, skipped, { offset, limit })
  return key?.tag === SEQUENCE ? der.slice(key.start, key.end) : undefined
}

type Span = { readonly offset: number; readonly limit: number }

/** Counted from 0. */
function nthElement(der: Uint8Array, count: number, { offset, limit }: Span): Element | undefined {
  const element = elementAt(der, { offset, limit })
  if (element === undefined || count === 0) return element
  return nthElement(der, count - 1, { offset: element.end, limit })
}

/** Undefined where none begins or where it would end behind `limit`. */
function elementAt(der: Uint8Array, { offset: start, limit }: Span): Element | undefined {
  const [tag, first] = der.subarray(start, limit)
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  const content = start + 2 + lengthBytes
  const isEndless = first === 0x80
  if (isEndless || lengthBytes > LENGTH_BYTES_MAX || content > limit) return undefined
  const length = lengthBytes === 0 ? first : bigEndian(der.subarray(start + 2, content))
  const end = content + length
  return end > limit ? undefined : { tag, start, content, end }
}

const bigEndian = (bytes: Uint8Array): number =>
  bytes.reduce((number, byte) => number * 256 + byte, 0)
