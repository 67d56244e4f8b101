import { type AccountId, type IdSource, type KeyId, newId, toHex } from '../domain/ids.ts'
import { sameBytes } from '../platform/same-bytes.ts'
import { MasterKeyError, toBase64Url, type Vault } from '../platform/vault.ts'
import type { Key, Scope } from './tenancy.ts'

const SECRET_BYTES = 32

/**
 * What is stored of a key's secret: `masterKeyId.hex(HMAC-SHA256)`. A slow password hash would add nothing, because
 * a secret of 32 random bytes cannot be guessed; the name of the master key lets a rotation keep older keys alive.
 */
export function hashSecret(vault: Vault, keyId: string, secret: string): string {
  return `${vault.keyId}.${toHex(secretMac(vault, { keyId, secret }))}`
}

export type Credentials = { readonly keyId: string; readonly secret: string }

/** Compares in constant time. False as well when the hash was made with a master key that is no longer configured. */
export function verifySecret(vault: Vault, credentials: Credentials, secretHash: string): boolean {
  const [masterKeyId = '', stored = ''] = secretHash.split('.')
  const claimed = macUnder(vault, credentials, masterKeyId)
  return claimed !== undefined && sameText(toHex(claimed), stored)
}

/** HMAC-SHA256 of the credentials: stands for the secret in memory, where the secret itself must not stay. */
export function secretMac(
  vault: Vault,
  credentials: Credentials,
  masterKeyId?: string,
): Uint8Array {
  return vault.mac('keys', `${credentials.keyId}:${credentials.secret}`, masterKeyId)
}

function macUnder(
  vault: Vault,
  credentials: Credentials,
  masterKeyId: string,
): Uint8Array | undefined {
  try {
    return secretMac(vault, credentials, masterKeyId)
  } catch (error) {
    if (error instanceof MasterKeyError) return undefined
    throw error
  }
}

const encoder = new TextEncoder()
const sameText = (left: string, right: string): boolean =>
  sameBytes(encoder.encode(left), encoder.encode(right))

export type KeySpec = {
  readonly accountId: AccountId
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly allowedIps: readonly string[] | undefined
}

/** `secret` is for the caller's eyes, once; `key` and `secretHash` are what a store takes. */
export type MintedKey = {
  readonly key: Key
  readonly secretHash: string
  readonly secret: string
}

export type KeyMint = { readonly ids: IdSource; readonly vault: Vault }

/** A key with a fresh id and a secret of 32 random bytes in base64url, or with those that were given at bootstrap. */
export function mintKey(
  mint: KeyMint,
  spec: KeySpec,
  given?: { readonly id: KeyId; readonly secret: string },
): MintedKey {
  const id = given?.id ?? newId('SK', mint.ids)
  const secret = given?.secret ?? toBase64Url(mint.ids.randomBytes(SECRET_BYTES))
  const key: Key = { id, ...spec, createdAtMs: mint.ids.nowMs(), revokedAtMs: undefined }
  return { key, secret, secretHash: hashSecret(mint.vault, id, secret) }
}
