import { expect, test } from 'vitest'
import type { SandboxInbox } from '../../src/channels/provider.ts'
import { httpProvider } from '../../src/channels/providers/http/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { aMessage, aPlatform, COST, DEADLINE_MS, providerSuite } from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const sandbox: SandboxInbox = { put: async () => {}, list: async () => [] }

function open(platform: Platform, change: Record<string, unknown> = {}) {
  const settings = httpProvider.settings.parse({ url: 'http://127.0.0.1:9001/send', ...change })
  const deps = { platform, sandbox, costMicros: COST }
  return { provider: httpProvider.create('cheap', settings, deps), inbox: [] }
}

providerSuite({
  kind: 'http',
  open,
  wire: {
    accepted: () => Response.json({ id: 'm-1', segments: 3 }, { status: 202 }),
    refused: () => Response.json({ error: 'not a number' }, { status: 422 }),
    refusedReason: 'number',
  },
})

/** Sends one message to an upstream that answers like this. */
async function answered(response: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer: response })
  const message = aMessage()
  const result = await open(aPlatform(fetch), change).provider.send(message, DEADLINE_MS)
  return { result, call: calls[0], message }
}

test('the plain protocol is one JSON object under the send id as idempotency key', async () => {
  const headers = { 'X-Api-Key': 'k', 'content-type': 'application/json; charset=utf-8' }
  const { call, message } = await answered(() => Response.json({ id: 'm' }), {
    from: 'Acme',
    headers,
  })
  expect(JSON.parse(call?.body ?? '')).toEqual({
    id: message.id,
    to: '+447700900123',
    from: 'Acme',
    body: '123456 is your code.',
    channel: 'sms',
  })
  expect(new Map(JSON.parse(call?.headers ?? ''))).toEqual(
    new Map([
      ['accept', 'application/json'],
      ['content-type', 'application/json; charset=utf-8'],
      ['idempotency-key', message.id],
      ['x-api-key', 'k'],
    ]),
  )
})

test.each([
  ['segments of the answer', { id: 'm', segments: 4 }, 'm', 4],
  ['our own count where it says none', { id: 'm' }, 'm', 2],
  ['our own count where its count makes no sense', { id: 'm', segments: 'one' }, 'm', 2],
  ['an id that is a number', { id: 12, more: true }, '12', 2],
])('an accepted message is billed by %s', async (_claim, body, providerMessageId, segments) => {
  const { result } = await answered(() => Response.json(body))
  const cost = COST * segments
  expect(result).toEqual({ kind: 'accepted', providerMessageId, segments, cost })
})

test.each([
  [400, {}, 'other'],
  [401, {}, 'credentials'],
  [402, {}, 'balance'],
  [403, {}, 'credentials'],
  [404, {}, 'other'],
  [422, {}, 'number'],
  [400, { reason: 'number' }, 'number'],
  [422, { reason: 'content' }, 'content'],
  [400, { reason: 'weather' }, 'other'],
])('%d with %j is refused because of %s', async (status, body, reason) => {
  const { result } = await answered(() => Response.json(body, { status }))
  expect(result).toEqual({ kind: 'refused', reason, upstreamCode: `http_${status}` })
})

test('429 and 5xx are failed, so that the next provider is asked', async () => {
  for (const status of [429, 500, 502, 503, 504, 599]) {
    const { result } = await answered(() => new Response('no', { status }))
    expect(result).toEqual({ kind: 'failed', upstreamCode: `http_${status}` })
  }
})

test('an id of control characters or beyond all length is not an id', async () => {
  for (const id of ['', 'a\nb', 'x'.repeat(201), null, 1.5, {}]) {
    const { result } = await answered(() => Response.json({ id }))
    expect(result).toEqual({ kind: 'unknown', upstreamCode: 'unreadable_answer' })
  }
})

test('a body template is filled in, and nothing in a message can leave its string', async () => {
  const template = {
    messages: [{ destinations: [{ to: '{to}', ref: 'x-{id}' }], text: '{body}', n: 1 }],
    sender: '{from}',
    kind: '{channel}',
  }
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json({ id: 'm' }) })
  const message = aMessage({ body: '{to}","hack":"$& 验证码\n{body}' })
  await open(aPlatform(fetch), { body: template }).provider.send(message, DEADLINE_MS)
  expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
    messages: [
      { destinations: [{ to: message.to, ref: `x-${message.id}` }], text: message.body, n: 1 },
    ],
    sender: '',
    kind: 'sms',
  })
})

test("a service's own sender goes before the provider's", async () => {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json({ id: 'm' }) })
  const { provider } = open(aPlatform(fetch), { from: 'Default' })
  await provider.send(aMessage({ from: 'Shop' }), DEADLINE_MS)
  expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({ from: 'Shop' })
})

test.each([
  ['another protocol', { url: 'ftp://example.com/' }, ['url']],
  ['a path only', { url: '/send' }, ['url']],
  ['credentials in the URL', { url: 'https://user:secret@example.com/' }, ['url']],
  ['a fragment', { url: 'https://example.com/#x' }, ['url']],
  ['a header that belongs to the connection', { headers: { Host: 'x' } }, ['headers', 'Host']],
  ['a header name with a space', { headers: { 'a b': 'x' } }, ['headers', 'a b']],
  ['a header value with a line end', { headers: { a: 'x\r\ny: z' } }, ['headers', 'a']],
  ['a timeout beyond 30 s', { timeout_ms: 30_001 }, ['timeout_ms']],
  ['an empty receipt token', { receipt_token: '' }, ['receipt_token']],
  ['a sender with a line end', { from: 'a\nb' }, ['from']],
  ['a template without the text', { body: { to: '{to}' } }, ['body']],
  ['a template with an unknown placeholder', { body: { a: '{to}{body}{code}' } }, ['body']],
  ['an unknown setting', { method: 'PUT' }, []],
])('%s is refused in the settings', (_claim, change, path) => {
  const parsed = httpProvider.settings.safeParse({ url: 'https://sms.example.com/', ...change })
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path])
  expect(parsed.error?.message).not.toContain('user:secret')
})
