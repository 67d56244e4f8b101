import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AccountId, ServiceId, VerificationId } from '../domain/ids.ts'
import type { Phone } from '../domain/phone.ts'
import { openVault } from '../platform/vault.ts'
import { type CodeBinding, deriveCode, hotp, sameCode } from './derive-code.ts'

const vault = openVault([new Uint8Array(32).fill(7)], (length) => new Uint8Array(length))
const binding: CodeBinding = {
  id: `VE${'0'.repeat(32)}` as VerificationId,
  accountId: `AC${'0'.repeat(32)}` as AccountId,
  serviceId: `VA${'0'.repeat(32)}` as ServiceId,
  phone: '+447700900123' as Phone,
  purpose: undefined,
  amount: undefined,
  payee: undefined,
}
const codeOf = (changed: Partial<CodeBinding>, generation = 1, length = 8) =>
  deriveCode(vault, { ...binding, ...changed }, { generation, length, keyId: vault.keyId })

test('HOTP gives the ten values of RFC 4226 appendix D', () => {
  const secret = new TextEncoder().encode('12345678901234567890')
  const values = Array.from({ length: 10 }, (_, counter) => hotp(secret, counter, 6))
  expect(values).toEqual([
    '755224',
    '287082',
    '359152',
    '969429',
    '338314',
    '254676',
    '287922',
    '162583',
    '399871',
    '520489',
  ])
})

test('a code has the length asked for, digits only, and is the same each time it is derived', () => {
  for (let length = 4; length <= 10; length++) {
    const code = codeOf({}, 1, length)
    expect(code).toMatch(new RegExp(`^\\d{${length}}$`))
    expect(codeOf({}, 1, length)).toBe(code)
  }
})

test('a code is bound to verification, account, service, phone, purpose, amount, payee and send', () => {
  const codes = [
    codeOf({}),
    codeOf({}, 2),
    codeOf({ id: `VE${'1'.repeat(32)}` as VerificationId }),
    codeOf({ accountId: `AC${'1'.repeat(32)}` as AccountId }),
    codeOf({ serviceId: `VA${'1'.repeat(32)}` as ServiceId }),
    codeOf({ phone: '+447700900124' as Phone }),
    codeOf({ purpose: 'login' }),
    codeOf({ amount: '10.00' }),
    codeOf({ payee: 'login' }),
    codeOf({ amount: '10.00', payee: 'login' }),
  ]
  expect(new Set(codes).size).toBe(codes.length)
})

test('long codes are spread over all first digits, which one HOTP value of 31 bits is not', () => {
  const firsts = Array.from({ length: 2000 }, (_, generation) => codeOf({}, generation, 10)[0])
  const counts = Array.from(
    { length: 10 },
    (_, digit) => firsts.filter((first) => first === String(digit)).length,
  )
  for (const count of counts) expect(count).toBeGreaterThan(120)
})

test('two codes are the same exactly when every character is', () => {
  const text = fc.string({ maxLength: 12 })
  fc.assert(fc.property(text, text, (left, right) => sameCode(left, right) === (left === right)))
})
