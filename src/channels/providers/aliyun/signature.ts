import { toHex } from '../../../domain/ids.ts'
import { hmacOf, percentEncode, sha256Hex } from '../../signing.ts'

const ALGORITHM = 'ACS3-HMAC-SHA256'

export type Acs3Request = {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Those that are not signed are passed over. */
  readonly headers: readonly (readonly [string, string])[]
  /** Of the body, in hex. */
  readonly payloadHash: string
}

export type Acs3Key = { readonly id: string; readonly secret: string }

/** The query in the order in which it is signed; it goes out in the same words. */
export const canonicalQuery = (query: Acs3Request['query']): string =>
  Object.entries(query)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${percentEncode(value)}`)
    .join('&')

/** The `Authorization` of Alibaba Cloud's signature version 3. */
export function acs3Authorization(request: Acs3Request, key: Acs3Key): string {
  const { signedNames } = canonicalHeaders(request.headers)
  const signature = toHex(hmacOf('sha256', key.secret, `${ALGORITHM}\n${requestHash(request)}`))
  return `${ALGORITHM} Credential=${key.id},SignedHeaders=${signedNames},Signature=${signature}`
}

/** Hex SHA-256 of the canonical request. */
export function requestHash({ method, path, query, headers, payloadHash }: Acs3Request): string {
  const { lines, signedNames } = canonicalHeaders(headers)
  const parts = [method, path, canonicalQuery(query), lines, signedNames, payloadHash]
  return sha256Hex(parts.join('\n'))
}

/** Names in lower case and order; values of one name in order too. Each line has its own line end. */
function canonicalHeaders(headers: Acs3Request['headers']) {
  const values = new Map<string, string[]>()
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    if (isSigned(lower)) values.set(lower, [...(values.get(lower) ?? []), value.trim()])
  }
  const names = [...values.keys()].sort()
  const lines = names.map((name) => `${name}:${(values.get(name) ?? []).sort().join(',')}\n`)
  return { lines: lines.join(''), signedNames: names.join(';') }
}

const isSigned = (name: string): boolean =>
  name.startsWith('x-acs-') || name === 'host' || name === 'content-type'
