import type { Platform } from '../../../../platform/platform.ts'
import { fromBase64 } from '../../../signing.ts'
import { callVendor, isOk } from '../../../vendor-call.ts'
import { publicKeyIn } from './certificate.ts'
import { type SnsEnvelope, signedText } from './envelope.ts'
import { isCertificateUrl } from './topic.ts'

const HASHES = { '1': 'SHA-1', '2': 'SHA-256' } as const
const KEYS_MAX = 8

/** unavailable: the certificate could not be fetched, so nothing can be said yet. */
export type Proof = 'proven' | 'unproven' | 'unavailable'
export type SnsVerifier = (envelope: SnsEnvelope) => Promise<Proof>

type VerifierDeps = {
  readonly platform: Pick<Platform, 'fetch' | 'nowMs'>
  readonly timeoutMs: number
}

/** Checks signatures of SNS, versions 1 and 2, and keeps the keys of the certificates that it has fetched. */
export function createVerifier(deps: VerifierDeps): SnsVerifier {
  const keys = new Map<string, Uint8Array<ArrayBuffer>>()
  return async (envelope) => {
    const { SigningCertURL: url, TopicArn } = envelope
    const signature = fromBase64(envelope.Signature)
    if (signature === undefined || !isCertificateUrl(url, TopicArn)) return 'unproven'
    const key = keys.get(url) ?? (await fetchKey(url, deps))
    if (key === undefined) return 'unavailable'
    if (keys.size >= KEYS_MAX) keys.clear()
    keys.set(url, key)
    return (await isSignedWith(key, { envelope, signature })) ? 'proven' : 'unproven'
  }
}

async function fetchKey(url: string, { platform, timeoutMs }: VerifierDeps) {
  const deadlineMs = platform.nowMs() + timeoutMs
  const request = { url, method: 'GET', headers: {} } as const
  const answer = await callVendor(request, { platform, deadlineMs, timeoutMs })
  if (answer.kind !== 'answered' || !isOk(answer) || answer.text === undefined) return undefined
  return publicKeyIn(answer.text)
}

type Signed = { readonly envelope: SnsEnvelope; readonly signature: Uint8Array<ArrayBuffer> }

async function isSignedWith(
  key: Uint8Array<ArrayBuffer>,
  { envelope, signature }: Signed,
): Promise<boolean> {
  const hash = HASHES[envelope.SignatureVersion]
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash }
  const text = new TextEncoder().encode(signedText(envelope))
  try {
    const publicKey = await crypto.subtle.importKey('spki', key, algorithm, false, ['verify'])
    return await crypto.subtle.verify(algorithm, publicKey, signature, text)
  } catch {
    // The key is of another kind than RSA.
    return false
  }
}
