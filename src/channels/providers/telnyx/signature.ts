import type { ReceiptRequest } from '../../provider.ts'
import { isRecentSecond, joined } from '../../signed-parts.ts'
import { fromBase64 } from '../../signing.ts'

const TOLERANCE_MS = 5 * 60_000

/** Ed25519 over the timestamp, a bar and the raw body; the key is the portal's, 32 bytes in base64. */
export async function isSignedByTelnyx(
  { headers, body }: Pick<ReceiptRequest, 'headers' | 'body'>,
  publicKey: string,
  nowMs: number,
): Promise<boolean> {
  const seconds = headers.get('telnyx-timestamp') ?? ''
  const signature = fromBase64(headers.get('telnyx-signature-ed25519') ?? '')
  const raw = fromBase64(publicKey)
  if (raw === undefined || signature === undefined) return false
  if (!isRecentSecond(seconds, { nowMs, toleranceMs: TOLERANCE_MS })) return false
  const key = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify'])
  return crypto.subtle.verify('Ed25519', key, signature, joined(`${seconds}|`, body))
}
