import { generateKeyPairSync } from 'node:crypto'
import { vonageProvider } from '../../src/channels/providers/vonage/provider.ts'
import { hmacOf, sha256Hex, toBase64Url } from '../../src/channels/signing.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { NOW_MS, openProvider } from './provider.suite.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
export const PRIVATE_KEY = privateKey
export const PUBLIC_KEY = publicKey
export const SECRET = 'ZYtdTtGV3BCFN7tWmOWr1md66XsquMggr4W2cTtXtcPgfnI0Xw'
export const CALL_ID = '63f61863-4a51-4f6b-86e1-46edebcf9356'
export const MESSAGE_ID = '0A0000001B0FE827'

export const SETTINGS = {
  api_key: 'abcd1234',
  api_secret: 'api-secret',
  signature_secret: SECRET,
  currency: 'EUR',
  sms: { from: 'Acme', reports: true },
  voice: {
    application_id: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
    private_key: PRIVATE_KEY,
    from: '447700900000',
  },
}

export const openVonage = (platform: Platform, change: Record<string, unknown> = {}) =>
  openProvider(vonageProvider, { ...SETTINGS, ...change }, { platform })

const encoded = (value: unknown): string =>
  toBase64Url(new TextEncoder().encode(JSON.stringify(value)))

/** The token under which the vendor sends an event of a call. */
export function eventToken(body: string, change: Record<string, unknown> = {}): string {
  const claims = {
    iat: NOW_MS / 1000,
    jti: 'c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5',
    iss: 'Vonage',
    payload_hash: sha256Hex(body),
    api_key: SETTINGS.api_key,
    application_id: SETTINGS.voice.application_id,
    ...change,
  }
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${toBase64Url(hmacOf('sha256', SECRET, text))}`
}
