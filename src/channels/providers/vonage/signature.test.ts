import { expect, test } from 'vitest'
import { type SignatureMethod, vonageSignature } from './signature.ts'

// The fields of the vendor's SDK tests; MD5 hash and HMAC-SHA256 are published with them, the others agree with its code.
const FIELDS = {
  'message-timestamp': '2013-11-21 15:27:30',
  messageId: '020000001B0FE827',
  msisdn: '14843472194',
  text: 'Test again',
  timestamp: '1385047698',
  to: '13239877404',
  type: 'text',
}
const secret = 'my_secret_key_for_testing'
const signed = (fields: Record<string, string>, method: SignatureMethod) =>
  vonageSignature(fields, { method, secret })

test.each([
  ['md5hash', 'd2e7b1dc968737c5998ad624e02f90b7'],
  ['sha256', 'ddb8397c2b90aac7f3882d306475c9a5058c92322eef43c92b298b6e0fc0d330'],
] as const)('the published signature by %s', (method, sig) => {
  expect(signed(FIELDS, method)).toBe(sig)
  expect(signed({ ...FIELDS, sig }, method)).toBe(sig)
})

test('a separator within a value cannot pass for another field', () => {
  const one = signed({ text: 'a&to=1' }, 'sha256')
  expect(one).toBe(signed({ text: 'a_to_1' }, 'sha256'))
  expect(one).not.toBe(signed({ text: 'a', to: '1' }, 'sha256'))
})
