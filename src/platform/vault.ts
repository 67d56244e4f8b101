import { gcm } from '@noble/ciphers/aes.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js'
import { assert } from '../domain/assert.ts'
import { toHex } from '../domain/ids.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })
const NONCE_BYTES = 12
const KEY_ID_BYTES = 4
export const MASTER_KEY_BYTES = 32

/** The master key is not what it should be; the message is all that an operator needs. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError'
}

/** What secrets are derived for. A new use is a new word here, so that no two uses ever share a key. */
export type VaultUse = 'codes' | 'lookup' | 'seal' | 'keys' | 'challenge' | 'subjects'

/** Everything that needs the master key. Synchronous, because WebCrypto's round trip to a thread costs more than the work. */
export interface Vault {
  /** Names the key that new texts are sealed with. */
  readonly keyId: string
  /** AES-256-GCM; the answer names its key: `keyId.base64url(nonce, ciphertext)`. `context` must be the same to open it. */
  seal(text: string, context: string): string
  open(sealed: string, context: string): string
  /** The same of bytes, for files: the key's id, a nonce and the ciphertext. */
  sealBytes(bytes: Uint8Array, context: string): Uint8Array
  openBytes(sealed: Uint8Array, context: string): Uint8Array
  /** HMAC-SHA256 under a key of that use; with the current key, or that of `keyId`. */
  mac(use: VaultUse, message: string, keyId?: string): Uint8Array
  /** First 16 bytes of `mac` in hex: a look-up key that tells nothing without the master key. */
  digest(use: VaultUse, message: string): string
}

type KeySet = { readonly id: string; readonly derived: (use: VaultUse) => Uint8Array }

const unknownKey = (id: string): string =>
  `What is stored was sealed with master key ${id}, which is none of those given: TOLLGATE_MASTER_KEY or master.key, and TOLLGATE_OLD_MASTER_KEYS`

/** The first key is current; the others only open what was sealed before a rotation. */
export function openVault(
  masterKeys: readonly [Uint8Array, ...Uint8Array[]],
  randomBytes: (length: number) => Uint8Array,
): Vault {
  const sets = masterKeys.map(toKeySet)
  const current = sets[0] as KeySet
  const setOf = (id: string): KeySet => {
    const found = sets.find((set) => set.id === id)
    if (found === undefined) throw new MasterKeyError(unknownKey(id))
    return found
  }
  const mac: Vault['mac'] = (use, message, keyId) =>
    hmac(
      sha256,
      (keyId === undefined ? current : setOf(keyId)).derived(use),
      encoder.encode(message),
    )
  const encrypt = (bytes: Uint8Array, context: string) => {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = gcm(current.derived('seal'), nonce, encoder.encode(context))
    return { nonce, encrypted: cipher.encrypt(bytes) }
  }
  const decrypt = (keyId: string, sealed: Uint8Array, context: string): Uint8Array => {
    const nonce = sealed.subarray(0, NONCE_BYTES)
    const cipher = gcm(setOf(keyId).derived('seal'), nonce, encoder.encode(context))
    return cipher.decrypt(sealed.subarray(NONCE_BYTES))
  }
  return {
    keyId: current.id,
    seal: (text, context) => {
      const { nonce, encrypted } = encrypt(encoder.encode(text), context)
      return `${current.id}.${toBase64Url(nonce, encrypted)}`
    },
    open: (sealed, context) => {
      const [id = '', payload = ''] = sealed.split('.')
      return decoder.decode(decrypt(id, fromBase64Url(payload), context))
    },
    sealBytes: (bytes, context) => {
      const { nonce, encrypted } = encrypt(bytes, context)
      return concatBytes(hexToBytes(current.id), nonce, encrypted)
    },
    openBytes: (sealed, context) => {
      const id = toHex(sealed.subarray(0, KEY_ID_BYTES))
      return decrypt(id, sealed.subarray(KEY_ID_BYTES), context)
    },
    mac,
    digest: (use, message) => toHex(mac(use, message).subarray(0, 16)),
  }
}

function toKeySet(masterKey: Uint8Array): KeySet {
  assert(masterKey.length === MASTER_KEY_BYTES, 'a master key has 32 bytes')
  const cache = new Map<VaultUse, Uint8Array>()
  return {
    id: toHex(sha256(masterKey).subarray(0, KEY_ID_BYTES)),
    derived: (use) => {
      const known = cache.get(use)
      if (known !== undefined) return known
      const made = hkdf(sha256, masterKey, undefined, encoder.encode(`tollgate/${use}`), 32)
      cache.set(use, made)
      return made
    },
  }
}

/** Unpadded, RFC 4648 section 5. */
export function toBase64Url(...parts: readonly Uint8Array[]): string {
  let text = ''
  for (const part of parts) for (const byte of part) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function fromBase64Url(text: string): Uint8Array {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) =>
    char.charCodeAt(0),
  )
}
