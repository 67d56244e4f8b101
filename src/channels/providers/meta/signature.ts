import { toHex } from '../../../domain/ids.ts'
import { hmacOf } from '../../signing.ts'

/** `X-Hub-Signature-256`: HMAC-SHA256 with the app's secret over the raw body. */
export const hubSignature = (appSecret: string, body: Uint8Array): string =>
  `sha256=${toHex(hmacOf('sha256', appSecret, body))}`
