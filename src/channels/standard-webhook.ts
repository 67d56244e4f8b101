import * as z from 'zod'
import type { ReceiptRequest } from './provider.ts'
import { isRecentSecond, joined } from './signed-parts.ts'
import { fromBase64, hmacOf, sameText, toBase64 } from './signing.ts'

const PREFIX = 'whsec_'
const TOLERANCE_MS = 5 * 60_000

const keyOf = (secret: string): Uint8Array | undefined =>
  secret.startsWith(PREFIX) ? fromBase64(secret.slice(PREFIX.length)) : undefined

export const webhookSecretSetting = z
  .string()
  .max(512)
  .refine((secret) => (keyOf(secret)?.length ?? 0) > 0, 'expected whsec_ and base64')

/**
 * Whether a callback is signed as Standard Webhooks says: HMAC-SHA256 over id, seconds and raw body, joined by dots, no older or
 * newer than five minutes. One of several signatures is enough, so that secrets can change.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function isStandardWebhook(
  { headers, body }: Pick<ReceiptRequest, 'headers' | 'body'>,
  secret: string,
  nowMs: number,
): boolean {
  const id = headers.get('webhook-id') ?? ''
  const seconds = headers.get('webhook-timestamp') ?? ''
  const key = keyOf(secret)
  if (
    key === undefined ||
    id === '' ||
    !isRecentSecond(seconds, { nowMs, toleranceMs: TOLERANCE_MS })
  ) {
    return false
  }
  const expected = `v1,${toBase64(hmacOf('sha256', key, joined(`${id}.${seconds}.`, body)))}`
  const given = (headers.get('webhook-signature') ?? '').split(' ')
  return given.some((signature) => sameText(signature, expected))
}
