import type { ReceiptRequest } from '../../provider.ts'
import { joined } from '../../signed-parts.ts'
import { hmacOf, sameText, toBase64 } from '../../signing.ts'

/**
 * HMAC-SHA256 over raw body, nonce and timestamp, joined by dots. The age is left alone: the vendor repeats a callback for most of
 * a day and does not say that it signs it anew, and a receipt that is heard twice changes nothing.
 */
export function isSignedBySinch(
  { headers, body }: Pick<ReceiptRequest, 'headers' | 'body'>,
  secret: string,
): boolean {
  const nonce = headers.get('x-sinch-webhook-signature-nonce')
  const timestamp = headers.get('x-sinch-webhook-signature-timestamp')
  if (nonce === null || timestamp === null) return false
  const text = joined('', body, `.${nonce}.${timestamp}`)
  const expected = toBase64(hmacOf('sha256', secret, text))
  return sameText(headers.get('x-sinch-webhook-signature'), expected)
}
