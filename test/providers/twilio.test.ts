import { expect, test } from 'vitest'
import { twilioProvider } from '../../src/channels/providers/twilio/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aMessage,
  aPlatform,
  DEADLINE_MS,
  openProvider,
  providerSuite,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = {
  account_sid: `AC${'1'.repeat(32)}`,
  auth_token: 'auth-token',
  sms: { from: '+15017122661' },
  voice: { from: '+15017122662' },
}
const SM = `SM${'2'.repeat(32)}`
const CA = `CA${'3'.repeat(32)}`
const MESSAGE = {
  sid: SM,
  status: 'queued',
  num_segments: '1',
  price: null,
  price_unit: null,
  error_code: null,
}
const CALL = { sid: CA, status: 'queued', price: null, price_unit: 'USD' }
const INVALID = { code: 21211, message: "The 'To' number is not valid.", status: 400 }

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(twilioProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})

providerSuite({
  kind: 'twilio',
  open,
  channels: ['sms'],
  wire: {
    accepted: () => Response.json(MESSAGE, { status: 201 }),
    refused: () => Response.json(INVALID, { status: 400 }),
    refusedKind: 'invalid_number',
  },
})

providerSuite({
  kind: 'twilio',
  open,
  channels: ['voice'],
  carries: ({ id, to }) => [id, to, '1, 2, 3, 4, 5, 6 is your code.'],
  wire: {
    accepted: () => Response.json(CALL, { status: 201 }),
    refused: () => Response.json(INVALID, { status: 400 }),
    refusedKind: 'invalid_number',
  },
})

type Options = {
  readonly answer?: () => Response
  readonly message?: Parameters<typeof aMessage>[0]
  readonly settings?: Record<string, unknown>
}

async function sent({ answer, message, settings }: Options = {}) {
  const accepted = () => Response.json(MESSAGE, { status: 201 })
  const { fetch, calls } = scriptedFetch({ answer: answer ?? accepted })
  const { provider } = open(aPlatform(fetch), settings)
  const result = await provider.send(aMessage(message), DEADLINE_MS)
  const [call] = calls
  return { result, call, form: Object.fromEntries(new URLSearchParams(call?.body)) }
}

test('a text goes to the account with its lifetime and where to report', async () => {
  const { call, form } = await sent({ message: { validForMs: 299_999 } })
  expect(call?.url).toBe(
    `https://api.twilio.com/2010-04-01/Accounts/${SETTINGS.account_sid}/Messages.json`,
  )
  expect(call?.headers).toContain(`Basic ${btoa(`${SETTINGS.account_sid}:auth-token`)}`)
  expect(form).toEqual({
    To: '+447700900123',
    StatusCallback: `${RECEIPT_URL}?reference=${aMessage().id}`,
    ValidityPeriod: '299',
    From: '+15017122661',
    Body: '123456 is your code.',
  })
})

test('an answer tells the id, and segments once they are known', async () => {
  const { result } = await sent()
  const accepted = { kind: 'accepted', providerMessageId: SM, segments: 1, cost: undefined }
  expect(result).toEqual(accepted)
  const unknownYet = { ...MESSAGE, num_segments: '0' }
  const { result: later } = await sent({ answer: () => Response.json(unknownYet) })
  expect(later).toEqual({ ...accepted, segments: undefined })
})

test('a messaging service, the service’s own sender and an API key go the way they should', async () => {
  const sid = `MG${'4'.repeat(32)}`
  const api_key = { sid: `SK${'5'.repeat(32)}`, secret: 'key-secret' }
  const settings = { sms: { messaging_service_sid: sid }, api_key }
  const pooled = await sent({ settings })
  expect(pooled.form).toMatchObject({ MessagingServiceSid: sid })
  expect(pooled.form).not.toHaveProperty('From')
  expect(pooled.call?.headers).toContain(`Basic ${btoa(`${api_key.sid}:key-secret`)}`)
  const own = await sent({ settings, message: { from: 'Shop' } })
  expect(own.form).toMatchObject({ From: 'Shop' })
  expect(own.form).not.toHaveProperty('MessagingServiceSid')
})

test.each([
  [500, '1'],
  [100_000_000, '36000'],
])('a lifetime of %i ms is sent as %s s', async (validForMs, seconds) => {
  expect((await sent({ message: { validForMs } })).form.ValidityPeriod).toBe(seconds)
})

const calling = (message: Options['message'] = {}, settings = {}) =>
  sent({
    answer: () => Response.json(CALL, { status: 201 }),
    message: { channel: 'voice', ...message },
    settings,
  })

test('a call says the code twice, digit by digit, in the language of the text', async () => {
  const body = '123456 ist Ihr Code für <Acme> & Co.'
  const template = { ...aMessage().template, locale: 'de' }
  const { call, result, form } = await calling({ body, template, from: 'Shop' })
  expect(result).toMatchObject({ kind: 'accepted', providerMessageId: CA, segments: undefined })
  expect(call?.url).toMatch(/\/Calls\.json$/)
  const said =
    '<Pause length="1"/><Say language="de-DE">1, 2, 3, 4, 5, 6 ist Ihr Code für &lt;Acme&gt; &amp; Co.</Say>'
  expect(form).toEqual({
    To: '+447700900123',
    From: '+15017122662',
    StatusCallback: `${RECEIPT_URL}?reference=${aMessage().id}`,
    StatusCallbackEvent: 'completed',
    Timeout: '30',
    Twiml: `<?xml version="1.0" encoding="UTF-8"?><Response>${said}${said}</Response>`,
  })
  const events = new URLSearchParams(call?.body).getAll('StatusCallbackEvent')
  expect(events).toEqual(['initiated', 'answered', 'completed'])
})

test('a language without a voice is left to others', async () => {
  const { result, call } = await calling({ template: { ...aMessage().template, locale: 'mn' } })
  expect(result).toMatchObject({ kind: 'failed', error: { kind: 'template_refused' } })
  expect(call).toBeUndefined()
})

test('only what is configured is offered', async () => {
  const channelsOf = (change: Record<string, unknown>) =>
    open(aPlatform(fetch), change).provider.channels
  expect(channelsOf({})).toEqual(['sms', 'voice'])
  expect(channelsOf({ voice: undefined })).toEqual(['sms'])
  expect(channelsOf({ sms: undefined })).toEqual(['voice'])
  const { result, call } = await calling({}, { voice: undefined })
  expect(result).toMatchObject({ kind: 'failed', error: { code: 'no_such_channel' } })
  expect(call).toBeUndefined()
})

test('without a public URL no callback is asked for', async () => {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(MESSAGE) })
  const deps = { platform: aPlatform(fetch), receiptUrl: undefined }
  const provider = openProvider(twilioProvider, SETTINGS, deps)
  await provider.send(aMessage(), DEADLINE_MS)
  await provider.send(aMessage({ channel: 'voice' }), DEADLINE_MS)
  for (const { body } of calls) expect(body).not.toContain('StatusCallback')
})

const TABLE = [
  ['invalid_number', [21211, 21214, 21217, 21604, 21614, 21635, 21202, 13224]],
  ['unreachable', [21612]],
  ['blocked_by_carrier', [21610, 21216, 13225]],
  ['content_refused', [21602, 21617, 21618, 21619]],
  ['template_refused', [21654, 21655, 21656]],
  ['credentials', [20003, 20005, 10001]],
  ['throttled', [20429, 21611, 14107, 10004]],
] as const
const ROWS = TABLE.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const))
const problem = (code: number, status = 400) => ({
  answer: () => Response.json({ code, message: 'why', status }, { status }),
})

test.each(ROWS)('%i is refused: %s', async (code, kind) => {
  const { result } = await sent(problem(code))
  expect(result).toEqual({ kind: 'refused', error: { kind, code: String(code), text: 'why' } })
})

test.each([
  21408, 21606, 21603, 21212, 21703, 21704, 21705, 21608, 21609, 21910, 21215, 13227, 21210, 60001,
])('%i is for the next provider', async (code) => {
  expect((await sent(problem(code))).result).toMatchObject({
    kind: 'failed',
    error: { kind: 'unknown', code: String(code) },
  })
})

test('what is not set up is no matter of credentials, whatever the status', async () => {
  expect((await sent(problem(21408, 403))).result.kind).toBe('failed')
  expect((await sent(problem(60001, 403))).result).toMatchObject({ error: { kind: 'credentials' } })
})

test.each([20500, 20503])('after %i nobody knows', async (code) => {
  expect((await sent(problem(code, 500))).result).toMatchObject({ kind: 'unknown' })
})

test.each([
  ['no channel', { sms: undefined, voice: undefined }, ['sms']],
  ['another account', { account_sid: 'AC1' }, ['account_sid']],
  [
    'an API key without its secret',
    { api_key: { sid: `SK${'5'.repeat(32)}` } },
    ['api_key', 'secret'],
  ],
  ['a long sender', { sms: { from: 'A name that is long' } }, ['sms', 'from']],
  ['two senders', { sms: { from: 'Shop', messaging_service_sid: `MG${'4'.repeat(32)}` } }, ['sms']],
  ['a caller with a name', { voice: { from: 'Shop' } }, ['voice', 'from']],
  [
    'a long ring',
    { voice: { from: '+15017122662', ring_seconds: 601 } },
    ['voice', 'ring_seconds'],
  ],
  ['a setting that nobody knows', { region: 'ie1' }, []],
])('%s is refused in the settings', (_claim, change, path) => {
  const parsed = twilioProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map((issue) => issue.path)).toEqual([path])
})
