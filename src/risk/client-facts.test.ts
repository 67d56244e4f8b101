import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openClientReader } from './client-facts.ts'
import { remembered } from './remembered.ts'
import type { ClientInput } from './signals.ts'

const NOTHING: ClientInput = {
  ip: undefined,
  userAgent: undefined,
  acceptLanguage: undefined,
  clientHints: undefined,
  deviceId: undefined,
  ja4: undefined,
  sessionAgeMs: undefined,
  network: undefined,
}
const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36'
const WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36'
const MAC =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15'
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'
const read = (client: Partial<ClientInput>) => openClientReader()({ ...NOTHING, ...client })

test.each([
  [ANDROID, 'Chrome', 126, 'Android', true],
  [WINDOWS, 'Chrome', 126, 'Windows', false],
  [MAC, 'Safari', 17, 'Mac OS', false],
  [IPHONE, 'Mobile Safari', 17, 'iOS', true],
])('reads %s', (userAgent, browser, browserMajor, os, mobile) => {
  expect(read({ userAgent })).toMatchObject({
    browser,
    browserMajor,
    os,
    mobile,
    automated: false,
    appStack: false,
  })
})

test.each([
  'python-requests/2.32.3',
  'Python/3.12 aiohttp/3.9.5',
  'python-httpx/0.27.0',
  'Go-http-client/2.0',
  'curl/8.6.0',
  'Wget/1.21.4',
  'libwww-perl/6.72',
  'Scrapy/2.11.2 (+https://scrapy.org)',
  'node-fetch/1.0 (+https://github.com/bitinn/node-fetch)',
  'node',
  'undici',
  'Apache-HttpClient/4.5.14 (Java/17.0.11)',
  'GuzzleHttp/7',
  'PostmanRuntime/7.39.0',
  WINDOWS.replace('Chrome/', 'HeadlessChrome/'),
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
])('%s is automated', (userAgent) => {
  expect(read({ userAgent })).toMatchObject({ automated: true, appStack: false })
})

test.each([
  'okhttp/4.12.0',
  'axios/1.7.2',
  'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP2A)',
  'Courier/3.1 okhttp/5.1.0',
  'Login/3.2 CFNetwork/1496.0.7 Darwin/23.5.0',
  'Login/3.2 (com.example.login; build:7; iOS 17.5.1) Alamofire/5.9.1',
  'Dart/3.4 (dart:io)',
])('%s is a stack of real apps', (userAgent) => {
  expect(read({ userAgent })).toMatchObject({ automated: false, appStack: true })
})

test('nothing said is nothing known', () => {
  expect(read({})).toEqual({
    browser: undefined,
    browserMajor: undefined,
    os: undefined,
    mobile: undefined,
    automated: false,
    appStack: false,
    hintsMismatch: false,
    language: undefined,
    signature: undefined,
  })
})

test.each([
  [ANDROID, { mobile: '?1', platform: '"Android"' }, false],
  [ANDROID, { mobile: '?1', platform: 'Android' }, false],
  [WINDOWS, { mobile: '?0', platform: '"Windows"' }, false],
  [MAC, { mobile: '?0', platform: '"macOS"' }, false],
  [WINDOWS, { platform: '"Unknown"' }, false],
  [WINDOWS, undefined, false],
  [ANDROID, { mobile: '?1', platform: '"Windows"' }, true],
  [WINDOWS, { mobile: '?0', platform: '"Linux"' }, true],
  [WINDOWS, { mobile: '?1', platform: '"Windows"' }, true],
  [ANDROID, { mobile: '?0', platform: '"Android"' }, true],
])('%s with hints %j contradicts itself: %s', (userAgent, clientHints, hintsMismatch) => {
  expect(read({ userAgent, clientHints }).hintsMismatch).toBe(hintsMismatch)
})

test.each([
  ['zh-Hans-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['EN', 'en'],
  [' fil-PH', 'fil'],
  ['pt_BR', 'pt'],
  ['*', undefined],
  ['', undefined],
  ['x-klingon', undefined],
  ['english', undefined],
])('the language of %j is %s', (acceptLanguage, language) => {
  expect(read({ acceptLanguage }).language).toBe(language)
})

test('the signature is JA4, or changes with each of user agent, language and hints', () => {
  const client = {
    userAgent: WINDOWS,
    acceptLanguage: 'en',
    clientHints: { mobile: '?0', platform: '"Windows"' },
  }
  const signatures = [
    client,
    { ...client, userAgent: MAC },
    { ...client, acceptLanguage: 'fr' },
    { ...client, clientHints: { mobile: '?0' } },
    { ...client, clientHints: { mobile: '?1', platform: '"Windows"' } },
  ].map((input) => read(input).signature)
  expect(new Set(signatures).size).toBe(5)
  expect(signatures[0]).toMatch(/^[0-9a-f]{16}$/)
  expect(read(client).signature).toBe(signatures[0])
  const ja4 = 't13d1516h2_8daaf6152771_02713d6af862'
  expect(read({ ...client, ja4 }).signature).toBe(ja4)
})

test('any text may stand anywhere', () => {
  const text = fc.option(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), { nil: undefined })
  const readOne = openClientReader()
  fc.assert(
    fc.property(
      text,
      text,
      text,
      text,
      text,
      (userAgent, acceptLanguage, mobile, platform, ja4) => {
        const client = {
          ...NOTHING,
          userAgent,
          acceptLanguage,
          ja4,
          clientHints: { mobile, platform },
        }
        expect(readOne(client)).toEqual(read(client))
      },
    ),
  )
})

test('work is done once for a text that is asked again, and memory is bounded', () => {
  const asked: string[] = []
  const work = remembered(2, (text) => {
    asked.push(text)
    return text.length
  })
  for (const text of ['a', 'b', 'a', 'c', 'a', 'd', 'e', 'a', 'b']) work(text)
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'b'])
})

test('what was remembered of one client is never told of another', () => {
  const reader = openClientReader()
  const words = fc.constantFrom(undefined, '', 'e', 'en', 'n', '?1', '"Android"', ANDROID, WINDOWS)
  const clients = fc.record({
    userAgent: words,
    acceptLanguage: words,
    clientHints: fc.option(fc.record({ mobile: words, platform: words }), { nil: undefined }),
    ja4: fc.constantFrom(undefined, '', 'T13D'),
  })
  fc.assert(
    fc.property(clients, (client) => {
      expect(reader({ ...NOTHING, ...client })).toEqual(read(client))
    }),
    { numRuns: 500 },
  )
})
