import { afterAll, beforeAll, expect, test } from 'vitest'
import { httpProvider } from '../../src/channels/providers/http/provider.ts'
import { deadUrl, type MisbehavingServer, openMisbehavingServer } from './misbehaving-server.ts'
import { aMessage, aPlatform, COST, DEADLINE_MS } from './provider.suite.ts'

let server: MisbehavingServer

beforeAll(async () => {
  server = await openMisbehavingServer()
})
afterAll(() => server.close())

/** Only what never ends is given little time. */
function sendTo(url: string) {
  const timeout_ms = /silent|slow/.test(url) ? 300 : 10_000
  const settings = httpProvider.settings.parse({ url, timeout_ms })
  const provider = httpProvider.create('cheap', settings, {
    platform: aPlatform(fetch),
    sandbox: { put: async () => {}, list: async () => [] },
    costMicros: COST,
  })
  return provider.send(aMessage(), DEADLINE_MS)
}

test.each([
  ['/ok', { kind: 'accepted', providerMessageId: 'm-1', segments: 1, cost: COST }],
  ['/refused', { kind: 'refused', reason: 'other', upstreamCode: 'http_400' }],
  ['/throttled', { kind: 'failed', upstreamCode: 'http_429' }],
  ['/error', { kind: 'failed', upstreamCode: 'http_500' }],
  ['/redirect', { kind: 'failed', upstreamCode: 'http_302' }],
  ['/garbage', { kind: 'unknown', upstreamCode: 'unreadable_answer' }],
  ['/silent', { kind: 'unknown', upstreamCode: 'timeout' }],
  ['/huge', { kind: 'unknown', upstreamCode: 'unreadable_answer' }],
  ['/slow', { kind: 'unknown', upstreamCode: 'broken_answer' }],
  ['/half', { kind: 'unknown', upstreamCode: 'broken_answer' }],
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
    expect(await sendTo(url)).toEqual({ kind: 'failed', upstreamCode: 'econnrefused' })
  }
})
