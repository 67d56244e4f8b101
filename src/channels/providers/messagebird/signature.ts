import * as z from 'zod'
import { signedClaims } from '../../json-web-token.ts'
import type { ReceiptRequest } from '../../provider.ts'
import { sameText, sha256Hex } from '../../signing.ts'

const claimsSchema = z.object({
  iss: z.literal('MessageBird'),
  jti: z.string(),
  url_hash: z.string(),
  payload_hash: z.string().optional(),
})

/** A token of a minute's life that holds the hashes of the whole address and, exactly where there is one, of the body. */
export function isSignedByMessageBird(
  { url, headers, body }: Pick<ReceiptRequest, 'url' | 'headers' | 'body'>,
  signingKey: string,
  nowMs: number,
): boolean {
  const token = headers.get('messagebird-signature-jwt')
  const claims = claimsSchema.safeParse(signedClaims(token, signingKey, nowMs)).data
  if (claims === undefined || !sameText(claims.url_hash, sha256Hex(url))) return false
  const { payload_hash } = claims
  if (payload_hash === undefined) return body.length === 0
  return body.length > 0 && sameText(payload_hash, sha256Hex(body))
}
