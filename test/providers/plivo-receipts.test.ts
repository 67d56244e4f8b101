import { validateV3Signature } from 'plivo'
import { expect, test } from 'vitest'
import { plivoProvider } from '../../src/channels/providers/plivo/provider.ts'
import { hmacOf, toBase64 } from '../../src/channels/signing.ts'
import { aCallback, aMessage, openProvider, RECEIPT_URL } from './provider.suite.ts'

const TOKEN = 'my_auth_token'
const URL_OF_OURS = `${RECEIPT_URL}?reference=${aMessage().id}`
const UUID = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196'

/** By hand, so that the signing side is not the checked one. */
function signatureOf(fields: Readonly<Record<string, string>>, url: string): string {
  const sorted = Object.entries(fields).sort(([left], [right]) => (left < right ? -1 : 1))
  const body = sorted.map(([name, value]) => name + value).join('')
  const text = `${url}${url.includes('?') ? '.' : '?'}${body}.42`
  return toBase64(hmacOf('sha256', TOKEN, text))
}

function read(fields: Readonly<Record<string, string>>, change: Record<string, string> = {}) {
  const { url = URL_OF_OURS, signature = signatureOf(fields, url), ...settings } = change
  const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': '42' }
  const body = new URLSearchParams(fields).toString()
  return openProvider(plivoProvider, {
    auth_id: 'MAXXXXXXXXXXXXXXXXXX',
    auth_token: TOKEN,
    from: 'Acme',
    ...settings,
  }).readReceipts?.(aCallback({ url, headers, body }))
}
const FIELDS = {
  MessageUUID: UUID,
  From: '14151112222',
  To: '447700900123',
  Status: 'delivered',
  ErrorCode: '000',
  Units: '2',
  TotalRate: '0.0035',
  TotalAmount: '0.00700',
  MCC: '234',
  MNC: '10',
}

test('a callback tells id, units and cost, and its address our reference', async () => {
  const delivery = {
    providerMessageId: UUID,
    reference: aMessage().id,
    status: 'delivered',
    error: undefined,
    segments: 2,
    cost: { micros: 7_000, currency: 'USD' },
  }
  expect(await read(FIELDS)).toEqual({ kind: 'read', deliveries: [delivery] })
  const part = { ...FIELDS, MessageUUID: 'part-2', ParentMessageUUID: UUID, PartInfo: '2 of 2' }
  expect(await read(part)).toEqual({ kind: 'read', deliveries: [delivery] })
  expect(await read(FIELDS, { url: RECEIPT_URL })).toMatchObject({
    deliveries: [{ reference: undefined }],
  })
})

test.each([
  ['queued', '000', 'queued', undefined],
  ['sent', '', 'sent', undefined],
  ['delivered', '000', 'delivered', undefined],
  ['read', '000', 'delivered', undefined],
  ['undelivered', '10', 'undelivered', 'content_refused'],
  ['undelivered', '30', 'undelivered', 'content_refused'],
  ['undelivered', '110', 'undelivered', 'content_refused'],
  ['undelivered', '50', 'undelivered', 'invalid_number'],
  ['undelivered', '70', 'undelivered', 'invalid_number'],
  ['undelivered', '80', 'undelivered', 'unreachable'],
  ['undelivered', '420', 'undelivered', 'unreachable'],
  ['failed', '100', 'failed', 'blocked_by_carrier'],
  ['failed', '200', 'failed', 'blocked_by_carrier'],
  ['rejected', '900', 'failed', 'balance'],
  ['rejected', '910', 'failed', 'credentials'],
  ['failed', '20', 'failed', 'unknown'],
  ['failed', '40', 'failed', 'unknown'],
  ['failed', '60', 'failed', 'unknown'],
  ['failed', '90', 'failed', 'unknown'],
  ['failed', '201', 'failed', 'unknown'],
  ['failed', '300', 'failed', 'unknown'],
  ['failed', '1000', 'failed', 'unknown'],
])('%s with %s is %s: %s', async (Status, ErrorCode, status, kind) => {
  const error = kind === undefined ? undefined : { kind, code: ErrorCode, text: undefined }
  expect(await read({ ...FIELDS, Status, ErrorCode })).toMatchObject({
    deliveries: [{ status, error }],
  })
})

test('a failure without a code has its status for one', async () => {
  expect(await read({ ...FIELDS, Status: 'failed' })).toMatchObject({
    deliveries: [{ error: { kind: 'unknown', code: 'failed' } }],
  })
})

test('a forged callback is not believed', async () => {
  expect(await read(FIELDS, { signature: 'bm8=' })).toEqual({ kind: 'unauthentic' })
  expect(await read(FIELDS, { auth_token: 'another' })).toEqual({ kind: 'unauthentic' })
  const elsewhere = signatureOf(FIELDS, URL_OF_OURS)
  expect(await read(FIELDS, { url: RECEIPT_URL, signature: elsewhere })).toEqual({
    kind: 'unauthentic',
  })
})

test.each([
  ['an unknown status', { ...FIELDS, Status: 'constructor' }],
  ['no id', { Status: 'sent' }],
])('%s is malformed', async (_claim, fields) => {
  expect(await read(fields)).toEqual({ kind: 'malformed' })
})

test('a body that is no text is malformed', async () => {
  const provider = openProvider(plivoProvider, {
    auth_id: 'MAXXXXXXXXXXXXXXXXXX',
    auth_token: TOKEN,
    from: 'Acme',
  })
  const callback = aCallback({ url: URL_OF_OURS, body: Uint8Array.of(0xff) })
  expect(await provider.readReceipts?.(callback)).toEqual({ kind: 'malformed' })
})

test('what is signed here by hand is what the SDK takes for signed', () => {
  const signature = signatureOf(FIELDS, URL_OF_OURS)
  expect(validateV3Signature('POST', URL_OF_OURS, '42', TOKEN, signature, { ...FIELDS })).toBe(true)
})
