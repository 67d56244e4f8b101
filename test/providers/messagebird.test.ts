import { expect, test } from 'vitest'
import { messageBirdProvider } from '../../src/channels/providers/messagebird/provider.ts'
import { hmacOf, sha256Hex, toBase64 } from '../../src/channels/signing.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aCallback,
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

const SETTINGS = { access_key: 'KEY0', from: 'Acme', signing_key: 'signing-key' }
const ID = 'e8077d803532c0b5937c639b60216938'

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(messageBirdProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const message = (
  recipient: Record<string, unknown> = {},
  change: Record<string, unknown> = {},
) => ({
  id: ID,
  reference: aMessage().id,
  recipients: {
    totalCount: 1,
    items: [{ recipient: 447700900123, status: 'sent', messagePartCount: 2, ...recipient }],
  },
  ...change,
})
const taken = () => Response.json(message(), { status: 201 })
const error = (code: number, parameter: string | null = null, status = 422) =>
  Response.json({ errors: [{ code, description: 'not this one', parameter }] }, { status })

providerSuite({
  kind: 'messagebird',
  open,
  channels: ['sms'],
  carries: ({ id, to, body }) => [id, to.slice(1), body],
  wire: {
    accepted: taken,
    refused: () => error(9, 'recipients'),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(), DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('a message has our reference, which makes the vendor report, and ends with its code', async () => {
  const { result, call, body } = await sent(taken)
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: ID,
    segments: 2,
    cost: undefined,
  })
  expect(call?.url).toBe('https://rest.messagebird.com/messages')
  expect(call?.headers).toContain('AccessKey KEY0')
  expect(body).toEqual({
    originator: 'Acme',
    recipients: '447700900123',
    body: '123456 is your code.',
    reference: aMessage().id,
    datacoding: 'auto',
    validity: 600,
    reportUrl: RECEIPT_URL,
  })
})

test.each([
  [2, null, 401, 'refused', 'credentials'],
  [2, null, 422, 'refused', 'credentials'],
  [25, null, 422, 'refused', 'balance'],
  [9, 'recipients', 422, 'refused', 'invalid_number'],
  [10, 'recipient', 422, 'refused', 'invalid_number'],
  [9, 'originator', 422, 'failed', 'unknown'],
  [10, null, 422, 'failed', 'unknown'],
  [20, null, 404, 'failed', 'unknown'],
  [98, null, 404, 'failed', 'unknown'],
  [99, null, 422, 'unknown', 'unknown'],
  [99, null, 500, 'unknown', 'unknown'],
  [25, null, 500, 'unknown', 'unknown'],
  [77, null, 429, 'refused', 'throttled'],
  [77, null, 422, 'failed', 'unknown'],
])('%i of %s with status %i is %s: %s', async (code, parameter, status, kind, reason) => {
  const { result } = await sent(() => error(code, parameter, status))
  expect(result).toEqual({
    kind,
    error: { kind: reason, code: String(code), text: 'not this one' },
  })
})

const encoded = (value: unknown) => base64Url(new TextEncoder().encode(JSON.stringify(value)))
const base64Url = (bytes: Uint8Array) =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

function tokenFor(url: string, change: Record<string, unknown> = {}): string {
  const seconds = NOW_MS / 1000
  const times = { nbf: seconds, exp: seconds + 60 }
  const claims = { iss: 'MessageBird', jti: 'j', url_hash: sha256Hex(url), ...times, ...change }
  const text = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${base64Url(hmacOf('sha256', SETTINGS.signing_key, text))}`
}

const REPORT = {
  id: ID,
  reference: aMessage().id,
  recipient: '447700900123',
  status: 'delivered',
  statusDatetime: '2026-01-02T03:04:09+00:00',
}
const urlOf = (fields: Record<string, string>) => `${RECEIPT_URL}?${new URLSearchParams(fields)}`

function readUrl(url: string, token = tokenFor(url), change: Record<string, unknown> = {}) {
  const headers = { 'messagebird-signature-jwt': token }
  const { provider } = open(aPlatform(fetch), change)
  expect(provider.receiptMethods).toEqual(['GET'])
  return provider.readReceipts?.(aCallback({ method: 'GET', url, headers }))
}
const read = (fields: Record<string, string>) => readUrl(urlOf(fields))

test('a report tells id, reference and cost', async () => {
  const priced = { ...REPORT, 'price[amount]': '0.055', 'price[currency]': 'EUR' }
  expect(await read(priced)).toEqual({
    kind: 'read',
    deliveries: [
      {
        providerMessageId: ID,
        reference: aMessage().id,
        status: 'delivered',
        error: undefined,
        segments: undefined,
        cost: { micros: 55_000, currency: 'EUR' },
      },
    ],
  })
})

test.each([
  ['scheduled', 'queued', undefined],
  ['sent', 'sent', undefined],
  ['buffered', 'sent', undefined],
  ['delivered', 'delivered', undefined],
  ['expired', 'undelivered', 'unreachable'],
  ['delivery_failed', 'undelivered', 'unknown'],
])('%s is %s', async (theirs, status, kind) => {
  const error = kind === undefined ? undefined : { kind, code: theirs, text: undefined }
  expect(await read({ ...REPORT, status: theirs })).toMatchObject({
    deliveries: [{ status, error }],
  })
})

test.each([
  ['incorrect number', 'invalid_number'],
  ['unknown_subscriber', 'invalid_number'],
  ['Unavailable subscriber', 'unreachable'],
  ['expired', 'unreachable'],
  ['opted out', 'blocked_by_carrier'],
  ['carrier rejected', 'blocked_by_carrier'],
  ['insufficient balance', 'balance'],
  ['capacity limit reached', 'throttled'],
  ['generic delivery failure', 'unknown'],
])('a failure for %s is %s', async (statusReason, kind) => {
  const failure = { ...REPORT, status: 'delivery_failed', statusReason, statusErrorCode: '104' }
  expect(await read(failure)).toMatchObject({
    deliveries: [{ error: { kind, code: '104', text: statusReason } }],
  })
})

test('a forged, late or borrowed report is not believed, nor any without a key', async () => {
  const url = urlOf(REPORT)
  const unauthentic = { kind: 'unauthentic' }
  expect(await readUrl(url, 'x.y.z')).toEqual(unauthentic)
  expect(await readUrl(url, tokenFor(`${url}&a=b`))).toEqual(unauthentic)
  expect(await readUrl(url, tokenFor(url, { iss: 'Somebody' }))).toEqual(unauthentic)
  expect(await readUrl(url, tokenFor(url, { exp: NOW_MS / 1000 - 6 }))).toEqual(unauthentic)
  expect(await readUrl(url, tokenFor(url, { payload_hash: sha256Hex('') }))).toEqual(unauthentic)
  expect(await readUrl(url, tokenFor(url), { signing_key: 'another' })).toEqual(unauthentic)
  expect(await readUrl(url, tokenFor(url), { signing_key: undefined })).toEqual(unauthentic)
})

test.each([
  ['an unknown status', { ...REPORT, status: 'constructor' }],
  ['no status', { id: ID }],
  ['no id', { status: 'delivered' }],
])('%s is malformed', async (_claim, fields) => {
  expect(await read(fields)).toEqual({ kind: 'malformed' })
})

async function queried(providerMessageId: string | undefined, json: unknown, status = 200) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(json, { status }) })
  const reference = aSent({ providerMessageId })
  const found = await open(aPlatform(fetch)).provider.query?.(reference, DEADLINE_MS)
  return { found, url: calls[0]?.url }
}

test('a message is looked up by its id', async () => {
  const price = { amount: 0.055, currency: 'EUR' }
  const { found, url } = await queried(ID, message({ status: 'delivered', price }))
  expect(url).toBe(`https://rest.messagebird.com/messages/${ID}`)
  expect(found).toEqual({
    kind: 'found',
    delivery: {
      providerMessageId: ID,
      reference: aMessage().id,
      status: 'delivered',
      error: undefined,
      segments: 2,
      cost: { micros: 55_000, currency: 'EUR' },
    },
  })
  expect((await queried(ID, {}, 404)).found).toEqual({ kind: 'absent' })
  const failure = { status: 'delivery_failed', statusReason: 'opted out', statusErrorCode: 103 }
  expect((await queried(ID, message(failure))).found).toMatchObject({
    delivery: { status: 'undelivered', error: { kind: 'blocked_by_carrier', code: '103' } },
  })
  expect((await queried(ID, message({ status: 'lost' }))).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'lost' },
  })
})

test('a message without an id is found by our reference among the latest of its number', async () => {
  const other = message({}, { id: 'other', reference: null })
  const { found, url } = await queried(undefined, { items: [other, message()] })
  expect(url).toBe('https://rest.messagebird.com/messages?limit=20&recipient=447700900123')
  expect(found).toMatchObject({ kind: 'found', delivery: { providerMessageId: ID } })
  expect((await queried(undefined, { items: [other] })).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'not_reported' },
  })
  const refused = { errors: [{ code: 2, description: 'no' }] }
  expect((await queried(undefined, refused, 401)).found).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
})

test.each([
  ['no sender', { from: undefined }, 'from'],
  ['a key with a space', { access_key: 'a b' }, 'access_key'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = messageBirdProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
