import * as z from 'zod'
import { signedClaims } from '../../json-web-token.ts'
import type { ReceiptRequest } from '../../provider.ts'
import { hasToken } from '../../receipt-request.ts'
import { isRecentSecond } from '../../signed-parts.ts'
import { sameText, sha256Hex } from '../../signing.ts'
import type { VonageSettings } from './settings.ts'
import { vonageSignature } from './signature.ts'

/** A receipt may be repeated for a day, and one that comes twice counts once. */
const AGE_MAX_MS = 86_400_000

const claimsSchema = z.object({
  iat: z.int(),
  payload_hash: z.string(),
  api_key: z.string().optional(),
})
const fieldsSchema = z.record(z.string(), z.union([z.string(), z.number().transform(String)]))

export type Reader = { readonly settings: VonageSettings; readonly nowMs: number }

/** What is proven to come from the vendor; it may name the account that it is for. */
export type Proof = { readonly apiKey: string | undefined }

/**
 * Undefined for what nobody proves. A call's event has a token, which covers the body; a text's receipt has `sig` among the
 * fields that it covers. Where the account signs nothing the secret path proves both.
 */
export function proofOf(
  request: ReceiptRequest,
  fields: unknown,
  reader: Reader,
): Proof | undefined {
  const { signature_secret: secret, receipt_token } = reader.settings
  if (secret === undefined)
    return hasToken(request, receipt_token) ? { apiKey: undefined } : undefined
  return request.headers.has('authorization')
    ? proofInToken(request, { ...reader, secret })
    : proofInFields(fields, { ...reader, secret })
}

type SecretReader = Reader & { readonly secret: string }

function proofInToken(
  { method, headers, body }: ReceiptRequest,
  { secret, nowMs }: SecretReader,
): Proof | undefined {
  const token = headers.get('authorization')?.replace(/^Bearer /i, '')
  const claims = claimsSchema.safeParse(signedClaims(token, secret, nowMs)).data
  // The query is not signed, so nothing but our own reference may be read from it.
  if (claims === undefined || method !== 'POST') return undefined
  const isWhole = sameText(claims.payload_hash.toLowerCase(), sha256Hex(body))
  return isWhole && isRecent(String(claims.iat), nowMs) ? { apiKey: claims.api_key } : undefined
}

function proofInFields(
  given: unknown,
  { settings, secret, nowMs }: SecretReader,
): Proof | undefined {
  const fields = fieldsSchema.safeParse(given).data
  if (fields === undefined) return undefined
  const expected = vonageSignature(fields, { method: settings.signature_method, secret })
  const isSigned = sameText(fields.sig?.toLowerCase(), expected)
  const isFresh = isRecent(fields.timestamp ?? '', nowMs)
  return isSigned && isFresh ? { apiKey: fields['api-key'] } : undefined
}

const isRecent = (seconds: string, nowMs: number): boolean =>
  isRecentSecond(seconds, { nowMs, toleranceMs: AGE_MAX_MS })
