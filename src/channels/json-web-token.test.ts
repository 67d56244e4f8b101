import { expect, test } from 'vitest'
import { signedClaims } from './json-web-token.ts'
import { fromBase64, hmacOf, toBase64 } from './signing.ts'

// RFC 7515, appendix A.1.
const RFC = {
  token:
    'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9' +
    '.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ' +
    '.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  key: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
  expiresAtMs: 1_300_819_380_000,
}
const rfcKey = fromBase64(RFC.key) ?? ''

test('the published token is read until it expires, and five seconds longer', () => {
  const { token, expiresAtMs } = RFC
  const claims = { iss: 'joe', exp: 1_300_819_380, 'http://example.com/is_root': true }
  expect(signedClaims(token, rfcKey, expiresAtMs - 1)).toEqual(claims)
  expect(signedClaims(token, rfcKey, expiresAtMs + 4_999)).toEqual(claims)
  expect(signedClaims(token, rfcKey, expiresAtMs + 5_000)).toBeUndefined()
})

test('neither another key nor a changed part nor a fourth one is believed', () => {
  const { token, expiresAtMs } = RFC
  const [header, payload, signature] = token.split('.')
  const wrong = [
    undefined,
    null,
    '',
    'x',
    '..',
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${token}.`,
    `${token}=`,
    `${header}.${payload?.replace('J', 'K')}.${signature}`,
    'x'.repeat(10_000),
  ]
  for (const one of wrong) expect(signedClaims(one, rfcKey, expiresAtMs - 1)).toBeUndefined()
  expect(signedClaims(token, 'another', expiresAtMs - 1)).toBeUndefined()
})

const encoded = (value: unknown) =>
  toBase64(new TextEncoder().encode(JSON.stringify(value)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
const signed = (header: unknown, claims: unknown) => {
  const text = `${encoded(header)}.${encoded(claims)}`
  return `${text}.${toBase64(hmacOf('sha256', 'key', text))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')}`
}

test('a token is not good before its time, five seconds aside', () => {
  const token = signed({ alg: 'HS256' }, { nbf: 1_000 })
  expect(signedClaims(token, 'key', 995_000)).toEqual({ nbf: 1_000 })
  expect(signedClaims(token, 'key', 994_999)).toBeUndefined()
})

test.each([
  ['another algorithm', { alg: 'none' }, {}],
  ['an inherited name', { alg: 'constructor' }, {}],
  ['no algorithm', {}, {}],
  ['an extension that must be known', { alg: 'HS256', crit: ['b64'] }, {}],
  ['a time that is no number', { alg: 'HS256' }, { exp: 'tomorrow' }],
  ['claims that are no object', { alg: 'HS256' }, 'claims'],
])('%s is not read, however well it is signed', (_claim, header, claims) => {
  expect(signedClaims(signed(header, claims), 'key', 0)).toBeUndefined()
})
