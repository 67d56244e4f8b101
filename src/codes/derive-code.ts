import { generateSync } from 'otplib'
import { assert } from '../domain/assert.ts'
import type { Verification } from '../domain/verification.ts'
import type { Vault } from '../platform/vault.ts'

export const CODE_LENGTH_MIN = 4
export const CODE_LENGTH_MAX = 10
/** RFC 4226 truncates to 31 bits: up to 8 digits of them are near uniform, a longer code is made of two halves. */
const DIGITS_OF_ONE_HOTP = 8

/** What a code is bound to. A check with another amount or payee derives another code, so it simply does not match. */
export type CodeBinding = Pick<
  Verification,
  'id' | 'accountId' | 'serviceId' | 'phone' | 'purpose'
> & {
  readonly amount: string | undefined
  readonly payee: string | undefined
}

/**
 * The code of one send: HOTP (RFC 4226) with secret = HMAC-SHA256(master key, everything it is bound to) and the send
 * generation as the counter. Nothing needs to be stored to derive it again. `keyId` names the master key in force when it was issued.
 */
export function deriveCode(
  vault: Vault,
  binding: CodeBinding,
  send: { readonly generation: number; readonly length: number; readonly keyId: string },
): string {
  const { generation, length, keyId } = send
  assert(length >= CODE_LENGTH_MIN && length <= CODE_LENGTH_MAX, 'a code has 4 to 10 digits')
  const secret = vault.mac('codes', bindingText(binding), keyId)
  if (length <= DIGITS_OF_ONE_HOTP) return hotp(secret, generation, length)
  const half = Math.ceil(length / 2)
  return hotp(secret, generation * 2, half) + hotp(secret, generation * 2 + 1, length - half)
}

/** HOTP value of RFC 4226 section 5.3, HMAC-SHA-1. */
export function hotp(secret: Uint8Array, counter: number, digits: number): string {
  return generateSync({ strategy: 'hotp', secret, counter, digits: digits as 6, algorithm: 'sha1' })
}

/** Compares every character whatever the input, so that timing says nothing about the code. */
export function sameCode(expected: string, given: string): boolean {
  let difference = expected.length ^ given.length
  for (let index = 0; index < expected.length; index++) {
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index)
  }
  return difference === 0
}

/** JSON keeps fields apart: no value can pretend to be its neighbour. */
const bindingText = (binding: CodeBinding): string =>
  JSON.stringify([
    binding.id,
    binding.accountId,
    binding.serviceId,
    binding.phone,
    binding.purpose ?? null,
    binding.amount ?? null,
    binding.payee ?? null,
  ])
