import { type AccountId, type KeyId, parseId } from '../domain/ids.ts'
import { sameBytes } from '../platform/same-bytes.ts'
import type { Vault } from '../platform/vault.ts'
import { type FreshCacheLimits, openFreshCache } from './fresh-cache.ts'
import { type Credentials, secretMac, verifySecret } from './secrets.ts'
import type { Key, TenancyStore } from './tenancy.ts'

/** A revocation in another process holds after at most ten seconds. */
export const KEY_RING_LIMITS: FreshCacheLimits = { maxEntries: 1_000, ttlMs: 10_000 }

export type KeyRingDeps = {
  readonly store: Pick<TenancyStore, 'key' | 'revokeKey'>
  readonly vault: Vault
  readonly limits?: FreshCacheLimits
}

export type KeyRing = {
  /** The key when it exists, is not revoked and the secret is right; nothing tells which of these failed. */
  authenticate(keyId: string, secret: string, nowMs: number): Promise<Key | undefined>
  /** Revokes in the store and, at once, in this process. True for exactly one caller. */
  revoke(accountId: AccountId, id: KeyId, nowMs: number): Promise<boolean>
}

/** A right answer is kept as the MAC that proved it, never as the secret. */
type Proven = { readonly key: Key; readonly mac: Uint8Array }

const NO_HASH_DIGEST = '0'.repeat(64)

/**
 * Only right answers are remembered, so an unknown id and a wrong secret always cost the same: two MACs, one read and one
 * comparison. `nowMs` is Unix milliseconds.
 */
export function openKeyRing({ store, vault, limits = KEY_RING_LIMITS }: KeyRingDeps): KeyRing {
  const cache = openFreshCache<Proven>(limits)
  const noHash = `${vault.keyId}.${NO_HASH_DIGEST}`

  const prove = async (credentials: Credentials, mac: Uint8Array): Promise<Proven | undefined> => {
    const id = parseId('SK', credentials.keyId)
    const stored = id === undefined ? undefined : await store.key(id)
    const right = verifySecret(vault, credentials, stored?.secretHash ?? noHash)
    if (stored === undefined || !right || stored.key.revokedAtMs !== undefined) return undefined
    return { key: stored.key, mac }
  }
  return {
    authenticate: async (keyId, secret, nowMs) => {
      const credentials = { keyId, secret }
      const mac = secretMac(vault, credentials)
      const known = cache.peek(keyId, nowMs)
      if (known !== undefined && sameBytes(known.mac, mac)) return known.key
      const proven = await cache.refresh(keyId, nowMs, () => prove(credentials, mac))
      return proven?.key
    },
    revoke: async (accountId, id, nowMs) => {
      try {
        return await store.revokeKey(accountId, id, nowMs)
      } finally {
        cache.drop(id)
      }
    },
  }
}
