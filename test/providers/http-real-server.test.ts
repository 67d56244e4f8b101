import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpProvider } from '../../src/channels/providers/http/provider.ts'
import { deadUrl, type MisbehavingServer, openMisbehavingServer } from './misbehaving-server.ts'
import { aMessage, aPlatform, DEADLINE_MS, openProvider } from './provider.suite.ts'

let server: MisbehavingServer

beforeAll(async () => {
  server = await openMisbehavingServer()
})
afterAll(() => server.close())

/** Only what never ends is given little time. */
function sendTo(url: string) {
  const timeout_ms = /silent|slow/.test(url) ? 300 : 10_000
  const provider = openProvider(httpProvider, { url, timeout_ms }, { platform: aPlatform(fetch) })
  return provider.send(aMessage(), DEADLINE_MS)
}

test.each([
  ['/ok', { kind: 'accepted', providerMessageId: 'm-1', segments: 1 }],
  ['/refused', { kind: 'failed', error: { kind: 'unknown', code: 'http_400' } }],
  ['/throttled', { kind: 'refused', error: { kind: 'throttled', code: 'http_429' } }],
  ['/error', { kind: 'failed', error: { kind: 'provider_down', code: 'http_500' } }],
  ['/redirect', { kind: 'failed', error: { code: 'http_302' } }],
  ['/garbage', { kind: 'unknown', error: { code: 'unreadable_answer' } }],
  ['/silent', { kind: 'unknown', error: { code: 'timeout' } }],
  ['/huge', { kind: 'unknown', error: { code: 'unreadable_answer' } }],
  ['/slow', { kind: 'unknown', error: { code: 'broken_answer' } }],
  ['/half', { kind: 'unknown', error: { code: 'broken_answer' } }],
  ['/reset', { kind: 'unknown' }],
])('a real server that does %s is answered with %j', async (path, expected) => {
  expect(await sendTo(server.url + path)).toMatchObject(expected)
})

test('a redirect is not followed', async () => {
  const before = server.paths.length
  await sendTo(`${server.url}/redirect`)
  expect(server.paths.slice(before)).toEqual(['/redirect'])
})

test('a port that nobody listens at means surely not sent, by address and by name', async () => {
  const dead = await deadUrl()
  const byName = dead.replace('127.0.0.1', 'localhost')
  for (const url of [dead, byName]) {
    expect(await sendTo(url)).toMatchObject({
      kind: 'failed',
      error: { kind: 'provider_down', code: 'econnrefused' },
    })
  }
})
