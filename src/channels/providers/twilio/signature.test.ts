import { expect, test } from 'vitest'
import { isSignedByTwilio, twilioSignature } from './signature.ts'

// The vectors of the vendor's SDK tests.
const TOKEN = '12345'
const URL = 'https://mycompany.com/myapp.php?foo=1&bar=2'
const FORM = new URLSearchParams({
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
})
const JSON_BODY = '{"property": "value", "boolean": true}'
const JSON_URL = `${URL}&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620`
const bytes = (text: string) => new TextEncoder().encode(text)

test('the published signature of a form', () => {
  expect(twilioSignature(TOKEN, URL, FORM)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=')
})

test('the published signature of a body of another type, by its hash in the query', () => {
  const signature = 'a9nBmqA0ju/hNViExpshrM61xv4='
  const signed = (url: string, body: string) =>
    isSignedByTwilio({ url, body: bytes(body), form: undefined }, signature, TOKEN)
  expect(twilioSignature(TOKEN, JSON_URL, new URLSearchParams())).toBe(signature)
  expect(signed(JSON_URL, JSON_BODY)).toBe(true)
  expect(signed(JSON_URL, `${JSON_BODY} `)).toBe(false)
  expect(signed(URL, JSON_BODY)).toBe(false)
})

test.each([
  ['https://mycompany.com/myapp.php?foo=1&bar=2', true],
  ['https://mycompany.com:443/myapp.php?foo=1&bar=2', true],
  ['https://mycompany.com:8443/myapp.php?foo=1&bar=2', true],
  ['http://mycompany.com/myapp.php?foo=1&bar=2', false],
  ['https://mycompany.org/myapp.php?foo=1&bar=2', false],
  ['https://mycompany.com/myapp.php?bar=2&foo=1', false],
])('the published signature holds for %s: %s', (url, holds) => {
  const signature = 'RSOYDt4T1cUTdK1PDd93/VVr8B8='
  expect(isSignedByTwilio({ url, body: bytes(''), form: FORM }, signature, TOKEN)).toBe(holds)
})

test('it may have been signed with the port that nobody writes', () => {
  const signature = twilioSignature(TOKEN, 'https://mycompany.com:443/a', FORM)
  const request = { url: 'https://mycompany.com/a', body: bytes(''), form: FORM }
  expect(isSignedByTwilio(request, signature, TOKEN)).toBe(true)
  expect(isSignedByTwilio(request, signature, '12346')).toBe(false)
  expect(isSignedByTwilio(request, null, TOKEN)).toBe(false)
})

test('a name that comes several times has its different values signed in order', () => {
  const several = new URLSearchParams('b=2&a=x&b=1&b=2')
  expect(twilioSignature(TOKEN, URL, several)).toBe(
    twilioSignature(TOKEN, `${URL}axb1b2`, new URLSearchParams()),
  )
})
