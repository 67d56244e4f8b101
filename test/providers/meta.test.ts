import { expect, test } from 'vitest'
import { metaProvider } from '../../src/channels/providers/meta/provider.ts'
import { hubSignature } from '../../src/channels/providers/meta/signature.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aCallback,
  aMessage,
  aPlatform,
  DEADLINE_MS,
  openProvider,
  providerSuite,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = {
  phone_number_id: '106540352242922',
  access_token: 'EAAG-token',
  app_secret: 'appsecret',
  verify_token: 'a-word-of-ours',
  templates: [
    { id: 'otp_zh', language: 'zh_CN', locale: 'zh' },
    { id: 'otp', language: 'en_US' },
  ],
}
const WAMID = 'wamid.HBgLMTQxNTU1NTIzNDUVAgARGBI='
const ACCEPTED = {
  messaging_product: 'whatsapp',
  contacts: [{ input: '447700900123', wa_id: '447700900123' }],
  messages: [{ id: WAMID, message_status: 'accepted' }],
}
const problem = (code: number, status = 400) =>
  Response.json(
    {
      error: {
        message: `(#${code}) No`,
        type: 'OAuthException',
        code,
        error_data: { messaging_product: 'whatsapp', details: 'why' },
        fbtrace_id: 'x',
      },
    },
    { status },
  )

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(metaProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})

providerSuite({
  kind: 'meta',
  open,
  channels: ['whatsapp'],
  carries: ({ id }) => [id, '447700900123', '123456'],
  wire: {
    accepted: () => Response.json(ACCEPTED),
    refused: () => problem(131026),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, message: Parameters<typeof aMessage>[0] = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const { provider } = open(aPlatform(fetch))
  const result = await provider.send(aMessage({ channel: 'whatsapp', ...message }), DEADLINE_MS)
  return { result, call: calls[0] }
}

// The body as a client of others sends it, member for member.
test('the code goes in twice, under the template of the language', async () => {
  const { call, result } = await sent(() => Response.json(ACCEPTED), {
    to: '+14155552345' as Phone,
  })
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: WAMID,
    segments: undefined,
    cost: undefined,
  })
  expect(call?.url).toBe('https://graph.facebook.com/v23.0/106540352242922/messages')
  expect(call?.headers).toContain('Bearer EAAG-token')
  expect(call?.body).toBe(
    '{"messaging_product":"whatsapp","recipient_type":"individual","to":"14155552345","type":"template","template":{"name":"otp","language":{"code":"en_US"},"components":[{"type":"body","parameters":[{"type":"text","text":"123456"}]},{"type":"button","sub_type":"url","index":"0","parameters":[{"type":"text","text":"123456"}]}]},' +
      `"biz_opaque_callback_data":"${aMessage().id}"}`,
  )
  const template = { ...aMessage().template, locale: 'zh-CN' }
  const chinese = await sent(() => Response.json(ACCEPTED), { template })
  expect(JSON.parse(chinese.call?.body ?? '')).toMatchObject({
    template: { name: 'otp_zh', language: { code: 'zh_CN' } },
  })
})

test('without a template for its language a message is not sent', async () => {
  const { fetch, calls } = scriptedFetch({ answer: undefined })
  const templates = [{ id: 'otp_zh', language: 'zh_CN', locale: 'zh' }]
  const { provider } = open(aPlatform(fetch), { templates })
  const result = await provider.send(aMessage({ channel: 'whatsapp' }), DEADLINE_MS)
  expect(result).toMatchObject({ kind: 'failed', error: { kind: 'template_refused' } })
  expect(calls).toEqual([])
})

const TABLE = [
  ['invalid_number', [131026, 131021]],
  ['blocked_by_carrier', [131049, 131050, 130472]],
  ['template_refused', [132000, 132001, 132005, 132007, 132012, 132015, 132016]],
  ['balance', [131042]],
  ['throttled', [4, 80007, 130429, 131048, 131056, 133016]],
  ['credentials', [0, 190, 3, 10, 200, 299, 368, 130497, 131031]],
] as const
const ROWS = TABLE.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const))

test.each(ROWS)('%i is refused: %s', async (code, kind) => {
  const { result } = await sent(() => problem(code))
  expect(result).toEqual({ kind: 'refused', error: { kind, code: String(code), text: 'why' } })
})

test.each([33, 100, 131008, 131009, 131030, 131037, 131045, 131047, 131051, 133010, 199, 300])(
  '%i is for the next provider',
  async (code) => {
    expect((await sent(() => problem(code))).result).toMatchObject({
      kind: 'failed',
      error: { kind: 'unknown', code: String(code) },
    })
  },
)

test('what is not set up is no matter of credentials, whatever the status', async () => {
  expect((await sent(() => problem(131030, 403))).result.kind).toBe('failed')
})

test.each([2, 131000, 131016, 131057, 133004])('after %i nobody knows', async (code) => {
  expect((await sent(() => problem(code))).result.kind).toBe('unknown')
  expect((await sent(() => problem(code, 500))).result.kind).toBe('unknown')
})

const { id } = aMessage()
const STATUS = {
  id: WAMID,
  status: 'delivered',
  timestamp: '1767323045',
  recipient_id: '447700900123',
  biz_opaque_callback_data: id,
  pricing: { billable: true, pricing_model: 'PMP', type: 'regular', category: 'authentication' },
}
const changeOf = (...statuses: unknown[]) => ({
  messaging_product: 'whatsapp',
  metadata: { display_phone_number: '15550783881', phone_number_id: SETTINGS.phone_number_id },
  statuses,
})
const webhookOf = (...values: unknown[]) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: 'WABA', changes: values.map((value) => ({ field: 'messages', value })) }],
})

async function readRaw(body: string, signature?: string | null) {
  const signed = hubSignature(SETTINGS.app_secret, new TextEncoder().encode(body))
  const headers: HeadersInit =
    signature === null ? {} : { 'x-hub-signature-256': signature ?? signed }
  const { provider } = open(aPlatform(scriptedFetch({ answer: undefined }).fetch))
  return provider.readReceipts?.(aCallback({ headers, body }))
}
const read = (webhook: unknown) => readRaw(JSON.stringify(webhook))

const delivery = {
  providerMessageId: WAMID,
  reference: id,
  status: 'delivered',
  error: undefined,
  segments: undefined,
  cost: undefined,
}

test('a signed webhook brings statuses, once more when it comes once more', async () => {
  const webhook = webhookOf(changeOf(STATUS, { ...STATUS, status: 'read' }), changeOf(STATUS))
  const expected = { kind: 'read', deliveries: [delivery, delivery, delivery] }
  expect(await read(webhook)).toEqual(expected)
  expect(await read(webhook)).toEqual(expected)
})

test('a message that is sent is sent, and what is no delivery says nothing', async () => {
  expect(await read(webhookOf(changeOf({ ...STATUS, status: 'sent' })))).toMatchObject({
    deliveries: [{ status: 'sent' }],
  })
  const silent = { kind: 'read', deliveries: [] }
  expect(await read(webhookOf(changeOf({ ...STATUS, status: 'played' })))).toEqual(silent)
  const incoming = { ...changeOf(), statuses: undefined, messages: [{ id: 'wamid.in' }] }
  expect(await read(webhookOf(incoming))).toEqual(silent)
  expect(await read(webhookOf({ event: 'APPROVED', message_template_name: 'otp' }))).toEqual(silent)
  const other = { ...changeOf(STATUS), metadata: { phone_number_id: '1' } }
  expect(await read(webhookOf(other))).toEqual(silent)
})

test.each(ROWS)('a failure for %i is undelivered: %s', async (code, kind) => {
  const errors = [{ code, title: 'No', message: 'No', error_data: { details: 'why' } }]
  const reading = await read(webhookOf(changeOf({ ...STATUS, status: 'failed', errors })))
  expect(reading).toEqual({
    kind: 'read',
    deliveries: [
      { ...delivery, status: 'undelivered', error: { kind, code: String(code), text: 'why' } },
    ],
  })
})

test('a failure without a reason is one too', async () => {
  expect(await read(webhookOf(changeOf({ ...STATUS, status: 'failed' })))).toMatchObject({
    deliveries: [{ status: 'undelivered', error: { kind: 'unknown', code: 'failed' } }],
  })
})

test('what the vendor did not sign is not believed', async () => {
  const body = JSON.stringify(webhookOf(changeOf(STATUS)))
  const bytes = new TextEncoder().encode(body)
  const unauthentic = { kind: 'unauthentic' }
  expect(await readRaw(body, null)).toEqual(unauthentic)
  expect(await readRaw(body, hubSignature('another', bytes))).toEqual(unauthentic)
  expect(await readRaw(`${body} `, hubSignature(SETTINGS.app_secret, bytes))).toEqual(unauthentic)
  const bare = hubSignature(SETTINGS.app_secret, bytes).replace('sha256=', '')
  expect(await readRaw(body, bare)).toEqual(unauthentic)
})

test.each([
  ['no JSON', '{'],
  ['another object', JSON.stringify({ object: 'page', entry: [] })],
  ['a status without an id', JSON.stringify(webhookOf(changeOf({ status: 'sent' })))],
])('%s is malformed', async (_claim, body) => {
  expect(await readRaw(body)).toEqual({ kind: 'malformed' })
})

async function shakeHands(change: Record<string, string> = {}) {
  const query = new URLSearchParams({
    'hub.mode': 'subscribe',
    'hub.verify_token': SETTINGS.verify_token,
    'hub.challenge': '1158201444',
    ...change,
  })
  const { provider } = open(aPlatform(scriptedFetch({ answer: undefined }).fetch))
  expect(provider.receiptMethods).toEqual(['GET', 'POST'])
  return provider.readReceipts?.(aCallback({ method: 'GET', url: `${RECEIPT_URL}?${query}` }))
}

test('the handshake is answered with its challenge, if it says our word', async () => {
  expect(await shakeHands()).toEqual({
    kind: 'read',
    deliveries: [],
    answer: { contentType: 'text/plain', body: '1158201444' },
  })
  expect(await shakeHands({ 'hub.verify_token': 'x' })).toEqual({ kind: 'unauthentic' })
  expect(await shakeHands({ 'hub.mode': 'unsubscribe' })).toEqual({ kind: 'malformed' })
  expect(await shakeHands({ 'hub.challenge': '<script>' })).toEqual({ kind: 'malformed' })
})

test.each([
  ['no templates', { templates: [] }, ['templates']],
  [
    'a language that is none',
    { templates: [{ id: 'otp', language: 'en-US' }] },
    ['templates', 0, 'language'],
  ],
  ['a number in place of its id', { phone_number_id: '+15550783881' }, ['phone_number_id']],
  ['a version that is none', { version: '23' }, ['version']],
  ['no app secret', { app_secret: undefined }, ['app_secret']],
])('%s is refused in the settings', (_claim, change, path) => {
  const parsed = metaProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path])
})
