import { expect, test } from 'vitest'
import { twilioProvider } from '../../src/channels/providers/twilio/provider.ts'
import { twilioSignature } from '../../src/channels/providers/twilio/signature.ts'
import { sha256Hex } from '../../src/channels/signing.ts'
import {
  aCallback,
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  NOW_MS,
  openProvider,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const TOKEN = 'auth-token'
const ACCOUNT = `AC${'1'.repeat(32)}`
const SM = `SM${'2'.repeat(32)}`
const CA = `CA${'3'.repeat(32)}`
const SETTINGS = {
  account_sid: ACCOUNT,
  auth_token: TOKEN,
  sms: { from: '+15017122661' },
  voice: { from: '+15017122661' },
}
const { id } = aMessage()
const URL_WITH_ID = `${RECEIPT_URL}?reference=${id}`
const FORM = 'application/x-www-form-urlencoded'

const STATUS = {
  MessageSid: SM,
  SmsSid: SM,
  MessageStatus: 'delivered',
  SmsStatus: 'delivered',
  To: '+447700900123',
  From: '+15017122661',
  AccountSid: ACCOUNT,
  ApiVersion: '2010-04-01',
  RawDlrDoneDate: '2601020304',
}
const CALL = { CallSid: CA, AccountSid: ACCOUNT, CallStatus: 'completed', CallDuration: '12' }

type Tampering = {
  readonly url?: string
  readonly token?: string
  readonly body?: string
  readonly type?: string
}

async function read(fields: Record<string, string>, tampering: Tampering = {}) {
  const { url = URL_WITH_ID, token = TOKEN, type = `${FORM}; charset=UTF-8` } = tampering
  const form = new URLSearchParams(fields)
  const signature = twilioSignature(token, url, form)
  const headers = { 'content-type': type, 'x-twilio-signature': signature }
  const body = tampering.body ?? form.toString()
  return openProvider(twilioProvider, SETTINGS).readReceipts?.(aCallback({ url, headers, body }))
}
const delivered = {
  kind: 'read',
  deliveries: [
    {
      providerMessageId: SM,
      reference: id,
      status: 'delivered',
      error: undefined,
      segments: undefined,
      cost: undefined,
    },
  ],
}

test('a signed callback is a delivery, once more when it comes once more', async () => {
  expect(await read(STATUS)).toEqual(delivered)
  expect(await read(STATUS)).toEqual(delivered)
})

test.each([
  ['queued', 'queued'],
  ['accepted', 'queued'],
  ['scheduled', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'failed'],
  ['canceled', 'failed'],
])('a message that is %s is %s', async (MessageStatus, status) => {
  expect(await read({ ...STATUS, MessageStatus })).toMatchObject({ deliveries: [{ status }] })
})

test.each([
  ['queued', 'queued', undefined],
  ['initiated', 'queued', undefined],
  ['ringing', 'sent', undefined],
  ['in-progress', 'sent', undefined],
  ['completed', 'delivered', undefined],
  ['busy', 'undelivered', 'unreachable'],
  ['no-answer', 'undelivered', 'unreachable'],
  ['failed', 'failed', 'unknown'],
  ['canceled', 'failed', 'unknown'],
])('a call that is %s is %s', async (CallStatus, status, error) => {
  const reading = await read({ ...CALL, CallStatus })
  expect(reading).toMatchObject({ deliveries: [{ providerMessageId: CA, reference: id, status }] })
  if (reading?.kind === 'read') expect(reading.deliveries[0]?.error?.kind).toBe(error)
})

const ERRORS = [
  ['throttled', [30001, 30022, 30023, 30027, 30017, 63018]],
  ['unreachable', [30003, 63003, 63024]],
  ['blocked_by_carrier', [30004, 30450]],
  ['invalid_number', [30005, 30006]],
  ['content_refused', [30007]],
  ['credentials', [30002]],
  ['unknown', [30008, 30018, 30032, 30034, 63016]],
] as const

test.each(ERRORS.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)))(
  'an undelivered message of %i is for %s',
  async (code, kind) => {
    const ErrorCode = String(code)
    const reading = await read({ ...STATUS, MessageStatus: 'undelivered', ErrorCode })
    expect(reading).toMatchObject({
      deliveries: [{ status: 'undelivered', error: { kind, code: ErrorCode } }],
    })
  },
)

test('a status that is no delivery says nothing', async () => {
  expect(await read({ ...STATUS, MessageStatus: 'receiving' })).toEqual({
    kind: 'read',
    deliveries: [],
  })
})

test('a body of another type is believed by its hash', async () => {
  const body = JSON.stringify({ ...STATUS, ErrorCode: 30003, MessageStatus: 'undelivered' })
  const url = `${URL_WITH_ID}&bodySHA256=${sha256Hex(body)}`
  const type = 'application/json'
  const reading = await read({}, { url, body, type })
  expect(reading).toMatchObject({ deliveries: [{ error: { kind: 'unreachable' }, reference: id }] })
  expect(await read({}, { url, body: `${body} `, type })).toEqual({ kind: 'unauthentic' })
  expect(await read({}, { body, type })).toEqual({ kind: 'unauthentic' })
})

test('what the vendor did not sign is not believed', async () => {
  const provider = openProvider(twilioProvider, SETTINGS)
  const body = new URLSearchParams(STATUS).toString()
  const bare = aCallback({ url: URL_WITH_ID, headers: { 'content-type': FORM }, body })
  expect(await provider.readReceipts?.(bare)).toEqual({ kind: 'unauthentic' })
  expect(await read(STATUS, { token: 'another' })).toEqual({ kind: 'unauthentic' })
  const changed = body.replace('MessageStatus=delivered', 'MessageStatus=failed')
  expect(await read(STATUS, { body: changed })).toEqual({ kind: 'unauthentic' })
  const signature = twilioSignature(TOKEN, URL_WITH_ID, new URLSearchParams(STATUS))
  const headers = { 'content-type': FORM, 'x-twilio-signature': signature }
  const other = aCallback({ url: URL_WITH_ID.replace(/.$/, 'f'), headers, body })
  expect(await provider.readReceipts?.(other)).toEqual({ kind: 'unauthentic' })
})

test('another account’s callback is not ours, and what lacks a status cannot be read', async () => {
  const AccountSid = `AC${'9'.repeat(32)}`
  expect(await read({ ...STATUS, AccountSid })).toEqual({ kind: 'forbidden' })
  expect(await read({ MessageSid: SM, AccountSid: ACCOUNT })).toEqual({ kind: 'malformed' })
  expect(await read({ ...STATUS, MessageSid: 'a\u0000' })).toEqual({ kind: 'malformed' })
})

const RECORD = {
  sid: SM,
  status: 'delivered',
  date_created: 'Fri, 02 Jan 2026 03:04:06 +0000',
  error_code: null,
  num_segments: '2',
  price: '-0.01500',
  price_unit: 'USD',
}

async function queried(answer: unknown, change: Parameters<typeof aSent>[0] = {}, status = 200) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(answer, { status }) })
  const provider = openProvider(twilioProvider, SETTINGS, { platform: aPlatform(fetch) })
  const result = await provider.query?.(aSent(change), DEADLINE_MS)
  return { result, path: calls[0]?.url.split(ACCOUNT)[1] }
}
const bySid = { providerMessageId: SM }
const call = { channel: 'voice' } as const

test('a message or a call is asked after by its id', async () => {
  const { result, path } = await queried(RECORD, bySid)
  expect(path).toBe(`/Messages/${SM}.json`)
  expect(result).toEqual({
    kind: 'found',
    delivery: {
      providerMessageId: SM,
      reference: id,
      status: 'delivered',
      error: undefined,
      segments: 2,
      cost: { micros: 15_000, currency: 'USD' },
    },
  })
  const busy = { ...RECORD, sid: CA, status: 'busy' }
  const asked = await queried(busy, { ...call, providerMessageId: CA })
  expect(asked.path).toBe(`/Calls/${CA}.json`)
  expect(asked.result).toMatchObject({ delivery: { status: 'undelivered' } })
  const lost = { ...RECORD, status: 'undelivered', error_code: 30003 }
  expect((await queried(lost, bySid)).result).toMatchObject({
    delivery: { error: { kind: 'unreachable', code: '30003' } },
  })
})

test('what the vendor does not know is absent, and a refusal is no answer', async () => {
  expect((await queried({ code: 20404 }, bySid, 404)).result).toEqual({ kind: 'absent' })
  const odd = await queried({}, { providerMessageId: '../Messages' })
  expect(odd).toEqual({ result: { kind: 'absent' }, path: undefined })
  expect((await queried({ code: 20003 }, bySid, 401)).result).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
  expect((await queried({ ...RECORD, status: 'receiving' }, bySid)).result).toMatchObject({
    kind: 'unclear',
    error: { code: 'receiving' },
  })
})

const at = (seconds: number, sid = SM) => ({
  ...RECORD,
  sid,
  date_created: new Date(NOW_MS + seconds * 1000).toUTCString(),
})

test('a send without an id is the only one to its number at that time', async () => {
  const text = await queried({ messages: [at(90), at(1), at(-60)] })
  expect(text.path).toBe('/Messages.json?To=%2B447700900123&PageSize=50')
  expect(text.result).toMatchObject({
    kind: 'found',
    delivery: { providerMessageId: SM, reference: id },
  })
  const spoken = await queried({ calls: [at(34, CA)] }, call)
  expect(spoken.path).toBe('/Calls.json?To=%2B447700900123&PageSize=50')
  expect(spoken.result).toMatchObject({ kind: 'found', delivery: { providerMessageId: CA } })
  expect((await queried({ messages: [at(36), at(-6)] })).result).toEqual({ kind: 'absent' })
})

test('two of them, a page that does not reach back and a refusal are no answer', async () => {
  expect((await queried({ messages: [at(1), at(2)] })).result).toMatchObject({
    kind: 'unclear',
    error: { code: 'several_found' },
  })
  const full = { messages: Array.from({ length: 50 }, () => at(90)) }
  expect((await queried(full)).result).toMatchObject({
    kind: 'unclear',
    error: { code: 'too_many_found' },
  })
  expect((await queried({ code: 20429 }, {}, 429)).result).toMatchObject({
    kind: 'unclear',
    error: { kind: 'throttled' },
  })
})
