import { expect, test } from 'vitest'
import { toHex } from '../domain/ids.ts'
import {
  basicAuthorization,
  formText,
  fromBase64,
  hashOf,
  hmacOf,
  percentEncode,
  sameText,
  toBase64,
} from './signing.ts'

// RFC 4231 test case 2, RFC 2202 test case 2 and RFC 1321's suite.
test.each([
  ['sha256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    'sha384',
    'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
  ],
  ['sha1', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ['md5', '750c783e6ab0b503eaa86e310a5db738'],
] as const)('HMAC with %s gives the published value', (hash, hex) => {
  expect(toHex(hmacOf(hash, 'Jefe', 'what do ya want for nothing?'))).toBe(hex)
})

test('hashes and base64 are those of everybody', () => {
  expect(toHex(hashOf('md5', 'abc'))).toBe('900150983cd24fb0d6963f7d28e17f72')
  expect(toBase64(hashOf('md5', 'abc'))).toBe('kAFQmDzST7DWlj99KOF/cg==')
  expect(fromBase64('kAFQmDzST7DWlj99KOF_cg')).toEqual(Uint8Array.from(hashOf('md5', 'abc')))
  expect(fromBase64('no base64!')).toBeUndefined()
})

test('percent encoding leaves letters, digits and four marks', () => {
  expect(percentEncode("aZ09-_.~ !*'()+/=&%阿")).toBe(
    'aZ09-_.~%20%21%2A%27%28%29%2B%2F%3D%26%25%E9%98%BF',
  )
})

test('what is absent is no signature', () => {
  expect(sameText('abc', 'abc')).toBe(true)
  for (const given of ['abd', 'ab', '', null, undefined]) expect(sameText(given, 'abc')).toBe(false)
})

// RFC 7617 section 2.
test('basic credentials are those of the standard', () => {
  expect(basicAuthorization('Aladdin', 'open sesame')).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')
})

test('a form keeps its order, repeats a list and leaves out what is not there', () => {
  const fields = { 'b&': 'x y', a: ['1', '+'], none: undefined, empty: '' }
  expect(formText(fields)).toBe('b%26=x%20y&a=1&a=%2B&empty=')
})
