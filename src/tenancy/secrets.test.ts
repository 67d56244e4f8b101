import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AccountId, type KeyId, newId } from '../domain/ids.ts'
import { openVault } from '../platform/vault.ts'
import { seededDice } from '../platform/virtual.ts'
import { scopeAllows } from './scopes.ts'
import { hashSecret, mintKey, verifySecret } from './secrets.ts'
import { SCOPES } from './tenancy.ts'

const dice = seededDice(1)
const ids = { nowMs: () => 1_700_000_000_000, randomBytes: dice.bytes }
const oldKey = new Uint8Array(32).fill(1)
const newKey = new Uint8Array(32).fill(2)
const vault = openVault([oldKey], dice.bytes)
const SPEC = {
  accountId: `AC${'1'.repeat(32)}` as AccountId,
  name: 'server',
  scopes: ['verify'] as const,
  allowedIps: undefined,
}

test('a minted secret has 32 bytes in base64url and opens its own key only', () => {
  const minted = mintKey({ ids, vault }, SPEC)
  const other = mintKey({ ids, vault }, SPEC)
  expect(minted.secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(minted.key).toMatchObject({ ...SPEC, createdAtMs: ids.nowMs(), revokedAtMs: undefined })
  const opens = (keyId: string, secret: string) =>
    verifySecret(vault, { keyId, secret }, minted.secretHash)
  expect(opens(minted.key.id, minted.secret)).toBe(true)
  expect(opens(minted.key.id, other.secret)).toBe(false)
  expect(opens(other.key.id, minted.secret)).toBe(false)
})

test('a key takes the id and secret it was given at bootstrap', () => {
  const given = { id: newId('SK', ids) as KeyId, secret: 'a secret from a script' }
  const { key, secret, secretHash } = mintKey({ ids, vault }, SPEC, given)
  expect([key.id, secret]).toEqual([given.id, given.secret])
  expect(verifySecret(vault, { keyId: key.id, secret }, secretHash)).toBe(true)
})

test('any secret verifies against its own hash, and no other does', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (secret, guess) => {
      const hash = hashSecret(vault, 'SK1', secret)
      expect(verifySecret(vault, { keyId: 'SK1', secret: guess }, hash)).toBe(secret === guess)
    }),
  )
})

test('a hash survives a rotation of the master key while the old one is still configured', () => {
  const hash = hashSecret(vault, 'SK1', 's')
  const credentials = { keyId: 'SK1', secret: 's' }
  const rotated = openVault([newKey, oldKey], dice.bytes)
  expect(verifySecret(rotated, credentials, hash)).toBe(true)
  expect(hashSecret(rotated, 'SK1', 's')).not.toBe(hash)
  expect(verifySecret(openVault([newKey], dice.bytes), credentials, hash)).toBe(false)
})

test('a damaged hash verifies nothing', () => {
  for (const hash of ['', '.', 'abc', `${vault.keyId}.`, `${vault.keyId}.00`]) {
    expect(verifySecret(vault, { keyId: 'SK1', secret: '' }, hash)).toBe(false)
  }
})

test('admin may do everything, other scopes only what they name', () => {
  for (const scope of SCOPES) expect(scopeAllows({ scopes: ['admin'] }, scope)).toBe(true)
  expect(scopeAllows({ scopes: ['verify'] }, 'verify')).toBe(true)
  expect(scopeAllows({ scopes: ['verify', 'report'] }, 'admin')).toBe(false)
  expect(scopeAllows({ scopes: [] }, 'verify')).toBe(false)
})
