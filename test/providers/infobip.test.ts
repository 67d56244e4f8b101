import { expect, test } from 'vitest'
import { infobipProvider } from '../../src/channels/providers/infobip/provider.ts'
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

const SETTINGS = { subdomain: 'abc123', api_key: 'KEY0', from: 'Acme' }
const TOKEN = 'a-secret-of-ours-1'

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(infobipProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const message = aMessage()
const PENDING = { groupId: 1, groupName: 'PENDING', id: 26, name: 'PENDING_ACCEPTED' }
const answered = (status: unknown, details: unknown = { messageCount: 2 }) =>
  Response.json({
    bulkId: 'b',
    messages: [{ messageId: message.id, status, destination: '447700900123', details }],
  })
const rejected = (id: number, groupId = 5) =>
  answered({ groupId, id, name: 'NAME', description: 'not this one' })

providerSuite({
  kind: 'infobip',
  open,
  channels: ['sms'],
  carries: ({ id, to, body }) => [id, to.slice(1), body],
  wire: {
    accepted: () => answered(PENDING),
    refused: () => rejected(8),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(message, DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('a message has our id and ends with its code', async () => {
  const { result, call, body } = await sent(() => answered(PENDING))
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: message.id,
    segments: 2,
    cost: undefined,
  })
  expect(call?.url).toBe('https://abc123.api.infobip.com/sms/3/messages')
  expect(call?.headers).toContain('App KEY0')
  expect(body).toEqual({
    messages: [
      {
        sender: 'Acme',
        destinations: [{ to: '447700900123', messageId: message.id }],
        content: { text: '123456 is your code.' },
        options: { validityPeriod: { amount: 10, timeUnit: 'MINUTES' } },
        webhooks: { callbackData: message.id },
      },
    ],
    options: { includeSmsCountInResponse: true },
  })
})

test('the address of the callback goes along where its secret word is configured', async () => {
  const { body } = await sent(() => answered(PENDING), { receipt_token: TOKEN })
  expect(body.messages[0].webhooks).toEqual({
    delivery: { url: `${RECEIPT_URL}/${TOKEN}`, intermediateReport: false },
    contentType: 'application/json',
    callbackData: message.id,
  })
})

test('Indian registrations go along, and a message is good for two days at most', async () => {
  const { fetch, calls } = scriptedFetch({ answer: () => answered(PENDING) })
  const india_dlt = { principal_entity_id: '12', content_template_id: '34' }
  const { provider } = open(aPlatform(fetch), { india_dlt })
  await provider.send(aMessage({ validForMs: 1e9, from: '+12065550100' }), DEADLINE_MS)
  expect(JSON.parse(calls[0]?.body ?? '').messages[0]).toMatchObject({
    sender: '12065550100',
    options: {
      validityPeriod: { amount: 2880 },
      regional: { indiaDlt: { principalEntityId: '12', contentTemplateId: '34' } },
    },
  })
})

test.each([
  [8, 'refused', 'invalid_number'],
  [51, 'refused', 'invalid_number'],
  [52, 'refused', 'invalid_number'],
  [10, 'refused', 'blocked_by_carrier'],
  [14, 'refused', 'blocked_by_carrier'],
  [87, 'refused', 'blocked_by_carrier'],
  [12, 'refused', 'balance'],
  [17, 'refused', 'balance'],
  [20, 'refused', 'throttled'],
  [24, 'refused', 'content_refused'],
  [25, 'refused', 'content_refused'],
  [6, 'failed', 'unknown'],
  [11, 'failed', 'unknown'],
  [13, 'failed', 'unknown'],
  [18, 'failed', 'unknown'],
  [19, 'failed', 'unknown'],
  [99, 'failed', 'unknown'],
  [100, 'failed', 'unknown'],
  [21, 'unknown', 'unknown'],
  [23, 'unknown', 'unknown'],
])('a message that is rejected with %i is %s: %s', async (id, kind, reason) => {
  const { result } = await sent(() => rejected(id))
  expect(result).toEqual({ kind, error: { kind: reason, code: String(id), text: 'not this one' } })
})

test.each([
  [3, 1, 'accepted'],
  [7, 1, 'accepted'],
  [26, 1, 'accepted'],
  [2, 3, 'accepted'],
  [9, 2, 'unknown'],
  [15, 4, 'unknown'],
  [77, 9, 'unknown'],
])('status %i of group %i is %s', async (id, groupId, kind) => {
  expect((await sent(() => rejected(id, groupId))).result.kind).toBe(kind)
})

const violating = (property: string) => ({
  errorCode: 'E400',
  description: 'Request cannot be processed.',
  violations: [{ property, violation: 'must not be blank' }],
})
const older = { requestError: { serviceException: { messageId: 'UNAUTHORIZED', text: 'no' } } }
test.each([
  [400, violating('messages[0].destinations[0].to'), 'refused', 'invalid_number', 'E400'],
  [400, violating('messages[0].content.text'), 'failed', 'unknown', 'E400'],
  [401, older, 'refused', 'credentials', 'UNAUTHORIZED'],
  [403, { errorCode: 'E403' }, 'refused', 'credentials', 'E403'],
  [429, { errorCode: 'E429' }, 'refused', 'throttled', 'E429'],
  [500, { errorCode: 'E500' }, 'unknown', 'unknown', 'E500'],
  [503, {}, 'unknown', 'unknown', 'http_503'],
])('an answer of %i is read', async (status, json, kind, reason, code) => {
  const { result } = await sent(() => Response.json(json, { status }))
  expect(result).toMatchObject({ kind, error: { kind: reason, code } })
})

async function queried(json: unknown, status = 200) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(json, { status }) })
  const found = await open(aPlatform(fetch)).provider.query?.(aSent(), DEADLINE_MS)
  return { found, url: calls[0]?.url }
}
const logged = (change: Record<string, unknown> = {}) => ({
  results: [
    {
      messageId: message.id,
      messageCount: 2,
      price: { pricePerMessage: 0.01, currency: 'EUR' },
      status: { groupId: 3, id: 5, name: 'DELIVERED_TO_HANDSET' },
      error: { groupId: 0, id: 0, name: 'NO_ERROR' },
      ...change,
    },
  ],
})

test('a message whose answer was lost is looked up by our id', async () => {
  const { found, url } = await queried(logged())
  expect(url).toBe(`https://abc123.api.infobip.com/sms/3/logs?messageId=${message.id}&limit=1`)
  expect(found).toEqual({
    kind: 'found',
    delivery: {
      providerMessageId: message.id,
      reference: message.id,
      status: 'delivered',
      error: undefined,
      segments: 2,
      cost: { micros: 20_000, currency: 'EUR' },
    },
  })
})

test('a message that is not in the log is not said to be absent', async () => {
  for (const json of [{ results: [] }, logged({ messageId: 'another' })]) {
    expect((await queried(json)).found).toMatchObject({
      kind: 'unclear',
      error: { code: 'not_reported' },
    })
  }
  expect((await queried(older, 401)).found).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
  expect((await queried({})).found).toMatchObject({ kind: 'unclear' })
  const strange = logged({ status: { groupId: 77, id: 78 } })
  expect((await queried(strange)).found).toMatchObject({ kind: 'unclear', error: { code: '78' } })
})

test.each([
  ['a host as subdomain', { subdomain: 'abc.api.infobip.com' }, 'subdomain'],
  ['no sender', { from: undefined }, 'from'],
  ['a short receipt token', { receipt_token: 'short' }, 'receipt_token'],
  ['a user without a password', { receipt_basic: { user: 'u' } }, 'receipt_basic'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = infobipProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
