import { expect, test } from 'vitest'
import { httpProvider } from '../../src/channels/providers/http/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { aMessage, aPlatform, DEADLINE_MS, openProvider, providerSuite } from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

function open(platform: Platform, change: Record<string, unknown> = {}) {
  const settings = { url: 'http://127.0.0.1:9001/send', ...change }
  return { provider: openProvider(httpProvider, settings, { platform }), inbox: [] }
}

providerSuite({
  kind: 'http',
  open,
  wire: {
    accepted: () => Response.json({ id: 'm-1', segments: 3 }, { status: 202 }),
    refused: () => Response.json({ error: 'not a number' }, { status: 422 }),
    refusedKind: 'invalid_number',
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
  ['segments in digits', { id: 'm', segments: '4' }, 'm', 4],
  ['no segments where it says none', { id: 'm' }, 'm', undefined],
  ['no segments where its count makes no sense', { id: 'm', segments: 'one' }, 'm', undefined],
  ['an id that is a number', { id: 12, more: true }, '12', undefined],
])('of an accepted message we learn %s', async (_claim, body, providerMessageId, segments) => {
  const { result } = await answered(() => Response.json(body))
  expect(result).toEqual({ kind: 'accepted', providerMessageId, segments, cost: undefined })
})

test('a reported cost is kept in its own currency, and nonsense is not', async () => {
  const costOf = async (cost: unknown) => {
    const { result } = await answered(() => Response.json({ id: 'm', cost }))
    return result.kind === 'accepted' ? result.cost : result
  }
  expect(await costOf({ amount: '0.0333', currency: 'EUR' })).toEqual({
    micros: 33_300,
    currency: 'EUR',
  })
  expect(await costOf({ amount: 0.05, currency: 'cny' })).toEqual({
    micros: 50_000,
    currency: 'CNY',
  })
  for (const odd of [{ amount: 'free', currency: 'EUR' }, { amount: 1 }, 7, null]) {
    expect(await costOf(odd)).toBeUndefined()
  }
})

test.each([
  [400, {}, 'failed', 'unknown'],
  [401, {}, 'refused', 'credentials'],
  [402, {}, 'refused', 'balance'],
  [403, {}, 'refused', 'credentials'],
  [404, {}, 'failed', 'unknown'],
  [422, {}, 'refused', 'invalid_number'],
  [429, {}, 'refused', 'throttled'],
  [400, { reason: 'invalid_number' }, 'refused', 'invalid_number'],
  [422, { reason: 'content_refused' }, 'refused', 'content_refused'],
  [400, { reason: 'weather' }, 'failed', 'unknown'],
  [500, {}, 'failed', 'provider_down'],
  [503, { reason: 'balance' }, 'failed', 'provider_down'],
] as const)('%d with %j is %s: %s', async (status, body, kind, error) => {
  const { result } = await answered(() => Response.json(body, { status }))
  expect(result).toMatchObject({ kind, error: { kind: error, code: `http_${status}` } })
})

test('the words of a refusal are kept without the number', async () => {
  const message = '+44 7700 900123 is in our list\r\nof 12 numbers'
  const { result } = await answered(() =>
    Response.json({ reason: 'blocked_by_carrier', message }, { status: 400 }),
  )
  expect(result).toMatchObject({ error: { text: '**** is in our list of 12 numbers' } })
})

test('an id of control characters or beyond all length is not an id', async () => {
  for (const id of ['', 'a\nb', 'x'.repeat(201), null, 1.5, {}]) {
    const { result } = await answered(() => Response.json({ id }))
    expect(result).toMatchObject({ kind: 'unknown', error: { code: 'unreadable_answer' } })
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
