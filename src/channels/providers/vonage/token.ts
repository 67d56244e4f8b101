import { toHex } from '../../../domain/ids.ts'
import type { Platform } from '../../../platform/platform.ts'
import { fromBase64, toBase64Url } from '../../signing.ts'

const LIFE_SECONDS = 900
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const encoder = new TextEncoder()

type TokenSource = Pick<Platform, 'nowMs' | 'randomBytes'>
export type Application = {
  readonly id: string
  readonly key: CryptoKey
}

/** Rejects when it is no RSA key. */
export function importPrivateKey(pem: string): Promise<CryptoKey> {
  const base64 = pem.replace(/-----[A-Z ]+-----|\s/g, '')
  const bytes = fromBase64(base64) ?? new Uint8Array()
  return crypto.subtle.importKey('pkcs8', bytes, RS256, false, ['sign'])
}

/** A JSON Web Token of an application, RS256, good for a quarter of an hour. */
export async function applicationToken(
  { id, key }: Application,
  { nowMs, randomBytes }: TokenSource,
): Promise<string> {
  const iat = Math.floor(nowMs() / 1000)
  const claims = {
    jti: randomUuid(randomBytes(16)),
    iat,
    exp: iat + LIFE_SECONDS,
    application_id: id,
  }
  const text = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`
  const signature = await crypto.subtle.sign(RS256, key, encoder.encode(text))
  return `${text}.${toBase64Url(new Uint8Array(signature))}`
}

const encoded = (value: unknown): string => toBase64Url(encoder.encode(JSON.stringify(value)))

/** Version 4, RFC 9562 section 5.4: all chance but for six bits. */
function randomUuid([...bytes]: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = toHex(Uint8Array.from(bytes))
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
