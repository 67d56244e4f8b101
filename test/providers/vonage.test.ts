import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { vonageProvider } from '../../src/channels/providers/vonage/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  NOW_MS,
  openProvider,
  providerSuite,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'
import {
  CALL_ID,
  MESSAGE_ID,
  openVonage,
  PRIVATE_KEY,
  PUBLIC_KEY,
  SETTINGS,
} from './vonage-account.ts'

const part = (change: Record<string, unknown> = {}) => ({
  to: '447700900123',
  'message-id': MESSAGE_ID,
  status: '0',
  'remaining-balance': '3.14159265',
  'message-price': '0.03330000',
  network: '12345',
  ...change,
})
const taken = (...messages: unknown[]) =>
  Response.json({ 'message-count': String(messages.length), messages })
const called = () =>
  Response.json(
    { uuid: CALL_ID, status: 'started', direction: 'outbound', conversation_uuid: 'CON-1' },
    { status: 201 },
  )

const open = (platform: Platform) => ({ provider: openVonage(platform), inbox: [] })

providerSuite({
  kind: 'vonage',
  open,
  channels: ['sms'],
  carries: ({ id, body }) => [id, body, '447700900123'],
  wire: {
    accepted: () => taken(part()),
    refused: () => taken(part({ status: '33', 'error-text': 'Number De-activated' })),
    refusedKind: 'invalid_number',
  },
})

providerSuite({
  kind: 'vonage',
  open,
  channels: ['voice'],
  carries: ({ id }) => [id, '447700900123', '1, 2, 3, 4, 5, 6 is your code.'],
  wire: {
    accepted: called,
    refused: () => Response.json({ title: 'Unauthorized' }, { status: 401 }),
    refusedKind: 'credentials',
  },
})

type Options = {
  readonly answer?: () => Response
  readonly message?: Parameters<typeof aMessage>[0]
  readonly settings?: Record<string, unknown>
}

async function sent({ answer = () => taken(part()), message, settings }: Options = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const provider = openVonage(aPlatform(fetch), settings)
  const result = await provider.send(aMessage(message), DEADLINE_MS)
  const [call] = calls
  return { result, call, json: call && JSON.parse(call.body) }
}

test('a text goes to the account with its lifetime and where to report', async () => {
  const { call, json } = await sent({ message: { validForMs: 299_999 } })
  expect(call?.url).toBe('https://rest.nexmo.com/sms/json')
  expect(call?.headers).toContain(`Basic ${btoa('abcd1234:api-secret')}`)
  expect(json).toEqual({
    to: '447700900123',
    from: 'Acme',
    text: '123456 is your code.',
    type: 'text',
    ttl: 299_999,
    'status-report-req': true,
    callback: RECEIPT_URL,
    'client-ref': aMessage().id,
  })
})

test('what GSM-7 cannot say goes as unicode, and India’s ids where they are set', async () => {
  const body = '123456 是您的验证码'
  expect((await sent({ message: { body } })).json.type).toBe('unicode')
  const sms = { from: 'Acme', entity_id: '1101', content_id: '1107' }
  const { json } = await sent({ settings: { sms }, message: { from: '+447700900001' } })
  expect(json).toMatchObject({ 'entity-id': '1101', 'content-id': '1107', from: '447700900001' })
})

test.each([
  [1000, 20_000],
  [900_000_000, 604_800_000],
])('a lifetime of %i ms is sent as %i', async (validForMs, ttl) => {
  expect((await sent({ message: { validForMs } })).json.ttl).toBe(ttl)
})

test('every part counts, in the currency of the account', async () => {
  const two = { answer: () => taken(part(), part({ 'message-id': '0B' })) }
  const accepted = { kind: 'accepted', providerMessageId: MESSAGE_ID, segments: 2 }
  expect((await sent(two)).result).toEqual({
    ...accepted,
    cost: { micros: 66_600, currency: 'EUR' },
  })
  const unpriced = { ...two, settings: { currency: undefined } }
  expect((await sent(unpriced)).result).toEqual({ ...accepted, cost: undefined })
  const half = { answer: () => taken(part(), part({ 'message-price': 'free' })) }
  expect((await sent(half)).result).toEqual({ ...accepted, cost: undefined })
})

test('parts that fared differently are unknown', async () => {
  const answer = () => taken(part({ status: '1' }), part())
  expect((await sent({ answer })).result).toMatchObject({
    kind: 'unknown',
    error: { code: 'parts_differ' },
  })
})

test.each([
  ['1', 'throttled'],
  ['10', 'throttled'],
  ['33', 'invalid_number'],
  ['7', 'blocked_by_carrier'],
  ['4', 'credentials'],
  ['8', 'credentials'],
  ['11', 'credentials'],
  ['14', 'credentials'],
  ['32', 'credentials'],
  ['9', 'balance'],
  ['12', 'content_refused'],
])('%s is refused: %s', async (status, kind) => {
  const answer = () => taken(part({ status, 'error-text': 'why' }))
  expect((await sent({ answer })).result).toEqual({
    kind: 'refused',
    error: { kind, code: status, text: 'why' },
  })
})

test.each([
  ['3', 'Invalid `to` param', 'refused'],
  ['3', 'Invalid msisdn', 'refused'],
  ['6', 'The destination number is not in a supported network', 'refused'],
  ['3', 'Invalid from param', 'failed'],
  ['6', undefined, 'failed'],
  ['2', 'Missing to param', 'failed'],
  ['15', 'Illegal Sender Address - rejected', 'failed'],
  ['22', 'Invalid Network Code', 'failed'],
  ['23', 'Invalid Callback URL', 'failed'],
  ['29', 'Non-Whitelisted Destination', 'failed'],
  ['99', 'Something new', 'failed'],
])('%s that says “%s” is %s', async (status, text, kind) => {
  const { result } = await sent({ answer: () => taken(part({ status, 'error-text': text })) })
  const error = { kind: kind === 'refused' ? 'invalid_number' : 'unknown', code: status }
  expect(result).toMatchObject({ kind, error })
})

test('after an internal error nobody knows', async () => {
  const { result } = await sent({ answer: () => taken(part({ status: '5' })) })
  expect(result).toMatchObject({ kind: 'unknown', error: { code: '5' } })
})

const calling = (message: Options['message'] = {}, settings: Options['settings'] = {}) =>
  sent({ answer: called, message: { channel: 'voice', ...message }, settings })

test('a call says the code twice, digit by digit, in the language of the text', async () => {
  const template = { ...aMessage().template, locale: 'zh-TW' }
  const { call, json, result } = await calling({ body: '驗證碼 123456', template, from: 'Shop' })
  const accepted = { kind: 'accepted', providerMessageId: CALL_ID, segments: undefined }
  expect(result).toEqual({ ...accepted, cost: undefined })
  expect(call?.url).toBe('https://api.nexmo.com/v1/calls')
  expect(json).toEqual({
    to: [{ type: 'phone', number: '447700900123' }],
    from: { type: 'phone', number: '447700900000' },
    ncco: [
      {
        action: 'talk',
        text: '驗證碼 1, 2, 3, 4, 5, 6',
        language: 'cmn-TW',
        style: 0,
        loop: 2,
      },
    ],
    event_url: [`${RECEIPT_URL}?reference=${aMessage().id}`],
    ringing_timer: 30,
    length_timer: 120,
  })
})

test('a call is authorised by a token of the application that the key signed', async () => {
  const { call } = await calling()
  const [header = '', claims = '', signature = ''] =
    /Bearer ([^"]+)/.exec(call?.headers ?? '')?.[1]?.split('.') ?? []
  const signed = Buffer.from(`${header}.${claims}`)
  const key = createPublicKey(PUBLIC_KEY)
  expect(verify('sha256', signed, key, Buffer.from(signature, 'base64url'))).toBe(true)
  const jsonOf = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString())
  expect(jsonOf(header)).toEqual({ alg: 'RS256', typ: 'JWT' })
  expect(jsonOf(claims)).toEqual({
    application_id: SETTINGS.voice.application_id,
    iat: NOW_MS / 1000,
    exp: NOW_MS / 1000 + 900,
    jti: expect.stringMatching(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
  })
})

test('a key may come in one line, and one that is none calls nobody', async () => {
  const keyed = (private_key: string) => ({ voice: { ...SETTINGS.voice, private_key } })
  const oneLine = await calling({}, keyed(PRIVATE_KEY.replaceAll('\n', '\\n')))
  expect(oneLine.result.kind).toBe('accepted')
  const broken = PRIVATE_KEY.replace(/\n[\s\S]*\n-/, '\nAAAA\n-')
  const { result, call } = await calling({}, keyed(broken))
  expect(result).toMatchObject({
    kind: 'refused',
    error: { kind: 'credentials', code: 'bad_private_key' },
  })
  expect(call).toBeUndefined()
})

test('a language without a voice is left to others', async () => {
  const { result, call } = await calling({ template: { ...aMessage().template, locale: 'mn' } })
  expect(result).toMatchObject({ kind: 'failed', error: { kind: 'template_refused' } })
  expect(call).toBeUndefined()
})

test.each([
  [400, 'failed', 'unknown'],
  [401, 'refused', 'credentials'],
  [403, 'refused', 'credentials'],
  [402, 'refused', 'balance'],
  [429, 'refused', 'throttled'],
  [500, 'unknown', 'unknown'],
])('a call that is answered %i is %s', async (status, kind, error) => {
  const answer = () => Response.json({ title: 'No', detail: 'why' }, { status })
  const { result } = await sent({ answer, message: { channel: 'voice' } })
  expect(result).toMatchObject({ kind, error: { kind: error, text: 'why' } })
})

test('only what is configured is offered', async () => {
  const channelsOf = (change: Record<string, unknown>) =>
    openVonage(aPlatform(fetch), change).channels
  expect(channelsOf({})).toEqual(['sms', 'voice'])
  expect(channelsOf({ voice: undefined })).toEqual(['sms'])
  expect(channelsOf({ sms: undefined })).toEqual(['voice'])
  const { result } = await calling({}, { voice: undefined })
  expect(result).toMatchObject({ kind: 'failed', error: { code: 'no_such_channel' } })
})

test('reports go to the secret path where nothing is signed, and nowhere without one', async () => {
  const receipt_token = 'a-secret-of-ours-1'
  const unsigned = { signature_secret: undefined, receipt_token }
  expect((await sent({ settings: unsigned })).json.callback).toBe(`${RECEIPT_URL}/${receipt_token}`)
  const { json } = await sent({ settings: { signature_secret: undefined } })
  expect(json).not.toHaveProperty('callback')
  const { fetch, calls } = scriptedFetch({ answer: called })
  const deps = { platform: aPlatform(fetch), receiptUrl: undefined }
  const provider = openProvider(vonageProvider, SETTINGS, deps)
  await provider.send(aMessage({ channel: 'voice' }), DEADLINE_MS)
  expect(calls[0]?.body).not.toContain('event_url')
})

async function queried(
  answer: unknown,
  change: Parameters<typeof aSent>[0] = {},
  { status = 200, settings = {} } = {},
) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(answer, { status }) })
  const result = await openVonage(aPlatform(fetch), settings).query?.(aSent(change), DEADLINE_MS)
  return { result, url: calls[0]?.url }
}
const { id } = aMessage()
const RECORD = {
  message_id: MESSAGE_ID,
  client_ref: id,
  status: 'delivered',
  error_code: '0',
  total_price: '0.0666',
  currency: 'EUR',
}

test('a lost text is found by our reference, a known one by its id', async () => {
  const { result, url } = await queried({ records: [{ ...RECORD, client_ref: null }, RECORD] })
  expect(url).toBe(
    'https://api.nexmo.com/v2/reports/records?account_id=abcd1234&product=SMS&direction=outbound' +
      '&date_start=2026-01-02T03%3A04%3A00.000Z&date_end=2026-01-02T03%3A04%3A40.000Z',
  )
  expect(result).toEqual({
    kind: 'found',
    delivery: {
      providerMessageId: MESSAGE_ID,
      reference: id,
      status: 'delivered',
      error: undefined,
      segments: undefined,
      cost: { micros: 66_600, currency: 'EUR' },
    },
  })
  const known = await queried({ records: [RECORD] }, { providerMessageId: MESSAGE_ID })
  expect(known.url).toMatch(/direction=outbound&id=0A0000001B0FE827$/)
  expect(known.result).toMatchObject({ kind: 'found' })
})

test('a text that no report has is absent, if the report is whole and may be asked for', async () => {
  expect((await queried({ records: [] })).result).toEqual({ kind: 'absent' })
  const more = { records: [], _links: { next: { href: 'https://api.nexmo.com/x' } } }
  expect((await queried(more)).result).toMatchObject({ error: { code: 'too_many_found' } })
  const odd = { records: [{ ...RECORD, status: 'new' }] }
  expect((await queried(odd)).result).toMatchObject({ kind: 'unclear', error: { code: 'new' } })
  const refused = await queried({ title: 'Forbidden' }, {}, { status: 403 })
  expect(refused.result).toMatchObject({ kind: 'unclear', error: { kind: 'credentials' } })
  const unpaid = await queried({}, {}, { settings: { sms: { from: 'Acme' } } })
  expect(unpaid.result).toMatchObject({ kind: 'unclear', error: { code: 'no_reports' } })
  expect(unpaid.url).toBeUndefined()
})

const CALL = {
  uuid: CALL_ID,
  status: 'completed',
  to: { type: 'phone', number: '447700900123' },
  duration: '12',
  price: '0.01200000',
}
const voice = { channel: 'voice' } as const

test('a call is asked after by its id, or it is the only one to its number at that time', async () => {
  const { result, url } = await queried(CALL, { ...voice, providerMessageId: CALL_ID })
  expect(url).toBe(`https://api.nexmo.com/v1/calls/${CALL_ID}`)
  const found = {
    kind: 'found',
    delivery: {
      providerMessageId: CALL_ID,
      reference: id,
      status: 'delivered',
      cost: { micros: 12_000, currency: 'EUR' },
    },
  }
  expect(result).toMatchObject(found)
  const other = { ...CALL, to: { type: 'phone', number: '447700900124' } }
  const lost = await queried({ _embedded: { calls: [other, CALL] } }, voice)
  expect(lost.url).toBe(
    'https://api.nexmo.com/v1/calls?date_start=2026-01-02T03%3A04%3A00.000Z&date_end=2026-01-02T03%3A04%3A40.000Z&page_size=100',
  )
  expect(lost.result).toMatchObject(found)
})

test('what cannot be told of a call is said', async () => {
  const calls = (...list: unknown[]) => ({ _embedded: { calls: list } })
  expect((await queried(calls(), voice)).result).toEqual({ kind: 'absent' })
  expect((await queried(calls(CALL, CALL), voice)).result).toMatchObject({
    error: { code: 'several_found' },
  })
  const other = { ...CALL, to: { type: 'phone', number: '1' } }
  const full = calls(...Array.from({ length: 100 }, () => other))
  expect((await queried(full, voice)).result).toMatchObject({ error: { code: 'too_many_found' } })
  const byId = (providerMessageId: string) => ({ ...voice, providerMessageId })
  expect((await queried({}, byId(CALL_ID), { status: 404 })).result).toEqual({ kind: 'absent' })
  expect(await queried({}, byId('../x'))).toEqual({ result: { kind: 'absent' }, url: undefined })
  expect((await queried({}, byId(CALL_ID), { status: 401 })).result).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
})

test.each([
  ['no channel', { sms: undefined, voice: undefined }, ['sms']],
  ['a key of another length', { api_key: 'abc' }, ['api_key']],
  ['a sender with a plus', { sms: { from: '+447700900000' } }, ['sms', 'from']],
  ['a caller with a name', { voice: { ...SETTINGS.voice, from: 'Acme' } }, ['voice', 'from']],
  [
    'a key of another kind',
    { voice: { ...SETTINGS.voice, private_key: PRIVATE_KEY.replaceAll('PRIVATE', 'RSA PRIVATE') } },
    ['voice', 'private_key'],
  ],
  ['an unknown way to sign', { signature_method: 'md4' }, ['signature_method']],
  ['a short receipt token', { receipt_token: 'short' }, ['receipt_token']],
  ['a currency that is none', { currency: 'euro' }, ['currency']],
])('%s is refused in the settings', (_claim, change, path) => {
  const parsed = vonageProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path])
})
