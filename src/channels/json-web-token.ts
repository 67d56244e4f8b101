import * as z from 'zod'
import { jsonOf } from './bounded-body.ts'
import { textOf } from './receipt-request.ts'
import { fromBase64, type HashName, hmacOf, sameText, toBase64Url } from './signing.ts'

/** RFC 7518 section 3.2. */
const HASHES = {
  HS256: 'sha256',
  HS384: 'sha384',
  HS512: 'sha512',
} as const satisfies Record<string, HashName>
/** How far a vendor's clock and ours may differ. */
const CLOCK_TOLERANCE_MS = 5_000
const LENGTH_MAX = 8192

/** `crit` names extensions that a reader must know, and we know none. */
const headerSchema = z.object({
  alg: z.enum(['HS256', 'HS384', 'HS512']),
  crit: z.undefined().optional(),
})
const timesSchema = z.looseObject({ exp: z.number().optional(), nbf: z.number().optional() })

export type Claims = Readonly<Record<string, unknown>>

/**
 * The claims of a JSON Web Token (RFC 7519) that is signed by HMAC with this key; undefined when it is missing, is no such
 * token, has expired or is not good yet. What the claims say beyond that is the caller's to check.
 */
export function signedClaims(
  token: string | null | undefined,
  key: string | Uint8Array,
  nowMs: number,
): Claims | undefined {
  if (token == null || token.length > LENGTH_MAX) return undefined
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  const parsed = headerSchema.safeParse(jsonIn(header))
  if (!parsed.success || more.length > 0) return undefined
  const expected = toBase64Url(hmacOf(HASHES[parsed.data.alg], key, `${header}.${payload}`))
  if (!sameText(signature, expected)) return undefined
  const claims = timesSchema.safeParse(jsonIn(payload)).data
  return claims !== undefined && isTimely(claims, nowMs) ? claims : undefined
}

function jsonIn(part: string): unknown {
  const body = fromBase64(part)
  return body && jsonOf(textOf({ body }))
}

const isTimely = ({ exp, nbf }: z.infer<typeof timesSchema>, nowMs: number): boolean =>
  (exp === undefined || exp * 1000 > nowMs - CLOCK_TOLERANCE_MS) &&
  (nbf === undefined || nbf * 1000 <= nowMs + CLOCK_TOLERANCE_MS)
