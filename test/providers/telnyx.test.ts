import { expect, test } from 'vitest'
import { telnyxProvider } from '../../src/channels/providers/telnyx/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  openProvider,
  providerSuite,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = { api_key: 'KEY0', from: '+12065550100' }
const ID = '40385f64-5717-4562-b3fc-2c963f66afa6'

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(telnyxProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const message = (change: Record<string, unknown> = {}) => ({
  id: ID,
  parts: 2,
  cost: { amount: '0.0051', currency: 'USD' },
  to: [{ phone_number: '+447700900123', status: 'queued' }],
  errors: [],
  ...change,
})
const taken = (change: Record<string, unknown> = {}) => Response.json({ data: message(change) })
const error = (code: unknown, status = 400) =>
  Response.json({ errors: [{ code, title: 'No', detail: 'not this one' }] }, { status })

providerSuite({
  kind: 'telnyx',
  open,
  channels: ['sms'],
  wire: {
    accepted: () => taken(),
    refused: () => error('40001'),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(), DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('an answer tells id, parts and cost', async () => {
  expect((await sent(() => taken())).result).toEqual({
    kind: 'accepted',
    providerMessageId: ID,
    segments: 2,
    cost: { micros: 5_100, currency: 'USD' },
  })
  expect((await sent(() => taken({ cost: null, parts: null }))).result).toMatchObject({
    kind: 'accepted',
    segments: undefined,
    cost: undefined,
  })
})

test('a message carries its sender, our reference and where to report', async () => {
  const { call, body } = await sent(() => taken())
  expect(call?.url).toBe('https://api.telnyx.com/v2/messages')
  expect(call?.headers).toContain('Bearer KEY0')
  expect(body).toEqual({
    from: '+12065550100',
    to: '+447700900123',
    text: '123456 is your code.',
    type: 'SMS',
    encoding: 'auto',
    webhook_url: RECEIPT_URL,
    use_profile_webhooks: false,
    tags: [aMessage().id],
  })
  const profile = { messaging_profile_id: '4000eba1-a0c0-4563-9925-b25e842a7cb6' }
  const pooled = await sent(() => taken(), { ...profile, from: undefined })
  expect(pooled.body).toMatchObject(profile)
  expect(pooled.body).not.toHaveProperty('from')
})

test('without a public URL the webhooks of the profile are left to work', async () => {
  const { fetch, calls } = scriptedFetch({ answer: () => taken() })
  const deps = { platform: aPlatform(fetch), receiptUrl: undefined }
  await openProvider(telnyxProvider, SETTINGS, deps).send(aMessage({ from: 'Shop' }), DEADLINE_MS)
  const body = JSON.parse(calls[0]?.body ?? '')
  expect(body).toMatchObject({ from: 'Shop' })
  expect(body).not.toHaveProperty('webhook_url')
  expect(body).not.toHaveProperty('use_profile_webhooks')
})

const REFUSED = {
  invalid_number: [10002, 10016, 40001, 40012, 40310],
  unreachable: [40005, 40006, 40014],
  blocked_by_carrier: [40002, 40003, 40004, 40008, 40015, 40017, 40300],
  content_refused: [40009, 40302, 40304, 40316, 40322, 40328],
  balance: [20100],
  credentials: [
    10009, 10010, 20002, 20006, 20012, 20013, 20014, 20015, 20016, 20017, 40311, 40313, 40314,
  ],
  throttled: [10011, 40011, 40016, 40018, 40318],
}
test.each(
  Object.entries(REFUSED).flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)),
)('%s is refused: %s', async (code, kind) => {
  const refused = { kind: 'refused', error: { kind, code: String(code), text: 'not this one' } }
  expect((await sent(() => error(String(code)))).result).toEqual(refused)
  expect((await sent(() => error(code, 403))).result).toEqual(refused)
  const lost = { to: [{ status: 'sending_failed' }], errors: [{ code, title: 'No' }] }
  expect((await sent(() => taken(lost))).result).toMatchObject({ kind: 'refused', error: { kind } })
})

test.each([
  40010, 40013, 40100, 40150, 40151, 40301, 40305, 40306, 40309, 40312, 40315, 40319, 40320, 40321,
  40329,
])('%s is failed, whatever the status: others may carry it', async (code) => {
  for (const status of [400, 403]) {
    const { result } = await sent(() => error(code, status))
    expect(result).toMatchObject({ kind: 'failed', error: { kind: 'unknown', code: String(code) } })
  }
})

test.each([
  ['10007', 400, 'unknown', 'unknown'],
  ['40001', 500, 'unknown', 'unknown'],
  ['99999', 503, 'unknown', 'unknown'],
  ['99999', 400, 'failed', 'unknown'],
  ['99999', 401, 'refused', 'credentials'],
  ['constructor', 422, 'failed', 'unknown'],
])('%s with status %i is %s: %s', async (code, status, kind, reason) => {
  const { result } = await sent(() => error(code, status))
  expect(result).toMatchObject({ kind, error: { kind: reason, code } })
})

test('a message that is lost for no known reason is failed', async () => {
  const lost = { to: [{ status: 'sending_failed' }], errors: [] }
  expect((await sent(() => taken(lost))).result).toMatchObject({
    kind: 'failed',
    error: { kind: 'unknown', code: 'sending_failed' },
  })
})

type Reply = { readonly path: string; readonly status?: number; readonly json: unknown }

/** Answers by path and tells what was asked. */
async function queried(providerMessageId: string | undefined, replies: readonly Reply[]) {
  const asked: string[] = []
  const answering: typeof fetch = async (input) => {
    const url = new URL(String(input))
    asked.push(url.pathname + url.search)
    const reply = replies.find(({ path }) => url.pathname === path)
    return Response.json(reply?.json ?? {}, { status: reply?.status ?? 200 })
  }
  const reference = aSent({ providerMessageId })
  const found = await open(aPlatform(answering)).provider.query?.(reference, DEADLINE_MS)
  return { found, asked }
}
const told = (change: Record<string, unknown> = {}) => ({
  path: `/v2/messages/${ID}`,
  json: { data: message({ to: [{ status: 'delivered' }], tags: [aMessage().id], ...change }) },
})
const record = (uuid: string, created_at: string) => ({ uuid, created_at, cld: '+447700900123' })
const records = (...data: readonly unknown[]) => ({ path: '/v2/detail_records', json: { data } })

test('a message is looked up by its id', async () => {
  const { found, asked } = await queried(ID, [told()])
  expect(asked).toEqual([`/v2/messages/${ID}`])
  expect(found).toMatchObject({
    kind: 'found',
    delivery: { status: 'delivered', providerMessageId: ID, segments: 2 },
  })
  const missing = await queried(ID, [{ ...told(), status: 404 }])
  expect(missing.found).toEqual({ kind: 'absent' })
  const refused = await queried(ID, [{ ...told(), status: 401, json: {} }])
  expect(refused.found).toMatchObject({ kind: 'unclear', error: { kind: 'credentials' } })
  const strange = await queried(ID, [told({ to: [{ status: 'lost' }] })])
  expect(strange.found).toMatchObject({ kind: 'unclear', error: { code: 'lost' } })
})

test('a message without an id is found by number, time and our tag', async () => {
  const late = record('another', '2026-01-02T03:05:05Z')
  const { found, asked } = await queried(undefined, [
    records(late, record(ID, '2026-01-02T03:04:06Z')),
    told(),
  ])
  expect(asked.map((path) => decodeURIComponent(path))).toEqual([
    '/v2/detail_records?filter[record_type]=messaging&filter[direction]=outbound' +
      '&filter[cld]=+447700900123&filter[created_at][gte]=2026-01-02&sort=-created_at&page[size]=20',
    `/v2/messages/${ID}`,
  ])
  expect(found).toMatchObject({ kind: 'found', delivery: { providerMessageId: ID } })
})

test('a message without our tag is not taken for ours, and nothing is said to be absent', async () => {
  const near = record(ID, '2026-01-02T03:04:06Z')
  const notReported = { kind: 'unclear', error: { code: 'not_reported' } }
  const others = await queried(undefined, [records(near), told({ tags: ['x', 7, null] })])
  expect(others.found).toMatchObject(notReported)
  expect((await queried(undefined, [records()])).found).toMatchObject(notReported)
  const refused = await queried(undefined, [{ ...records(), status: 429 }])
  expect(refused.found).toMatchObject({ kind: 'unclear', error: { kind: 'throttled' } })
})

test.each([
  ['neither a sender nor a profile', { from: undefined }, 'from'],
  ['a long name as sender', { from: 'A name too long' }, 'from'],
  ['a profile that is no id', { messaging_profile_id: 'mine' }, 'messaging_profile_id'],
  ['a key of 31 bytes', { public_key: 'A'.repeat(42) }, 'public_key'],
  ['a key that is no base64', { public_key: '%' }, 'public_key'],
  ['an endpoint with a path', { endpoint: 'https://x.example/v2' }, 'endpoint'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = telnyxProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
