import { toHex } from '../../../domain/ids.ts'
import { hmacOf, sha256Hex } from '../../signing.ts'

const ALGORITHM = 'TC3-HMAC-SHA256'

export type Tc3Request = {
  readonly service: string
  readonly timestampSeconds: number
  /** Those to be signed, in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Tc3Key = { readonly id: string; readonly secret: string }

/** The `Authorization` of Tencent Cloud's signature version 3 for a POST to `/`. */
export function tc3Authorization(request: Tc3Request, key: Tc3Key): string {
  const { service, timestampSeconds } = request
  const date = new Date(timestampSeconds * 1000).toISOString().slice(0, 10)
  const scope = `${date}/${service}/tc3_request`
  const text = [ALGORITHM, timestampSeconds, scope, requestHash(request)].join('\n')
  const dateKey = hmacOf('sha256', `TC3${key.secret}`, date)
  const signingKey = hmacOf('sha256', hmacOf('sha256', dateKey, service), 'tc3_request')
  const signature = toHex(hmacOf('sha256', signingKey, text))
  const signed = signedNames(request)
  return `${ALGORITHM} Credential=${key.id}/${scope}, SignedHeaders=${signed}, Signature=${signature}`
}

/** Hex SHA-256 of the canonical request. */
export function requestHash(request: Tc3Request): string {
  const names = Object.keys(request.headers).sort()
  const lines = names.map((name) => `${name}:${request.headers[name]}\n`).join('')
  const parts = ['POST', '/', '', lines, signedNames(request), sha256Hex(request.body)]
  return sha256Hex(parts.join('\n'))
}

const signedNames = ({ headers }: Tc3Request): string => Object.keys(headers).sort().join(';')
