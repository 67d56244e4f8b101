import { expect, test } from 'vitest'
import { signedClaims } from '../../src/channels/json-web-token.ts'
import type { ReceiptMethod } from '../../src/channels/provider.ts'
import {
  type SignatureMethod,
  vonageSignature,
} from '../../src/channels/providers/vonage/signature.ts'
import { aCallback, aMessage, aPlatform, NOW_MS, RECEIPT_URL } from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'
import { CALL_ID, eventToken, MESSAGE_ID, openVonage, SECRET } from './vonage-account.ts'

const { id } = aMessage()
const NOW_S = NOW_MS / 1000
const read = (callback: Parameters<typeof aCallback>[0], settings: Record<string, unknown> = {}) =>
  openVonage(aPlatform(scriptedFetch({ answer: undefined }).fetch), settings).readReceipts?.(
    aCallback(callback),
  )

const RECEIPT = {
  msisdn: '447700900123',
  to: 'Acme',
  'network-code': '23430',
  messageId: MESSAGE_ID,
  price: '0.03330000',
  status: 'delivered',
  scts: '2601020304',
  'err-code': '0',
  'api-key': 'abcd1234',
  'client-ref': id,
  'message-timestamp': '2026-01-02 03:04:05',
  timestamp: String(NOW_S),
  nonce: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
}
type Fields = Record<string, string>
const signed = (fields: Fields, method: SignatureMethod = 'md5hash', secret = SECRET): Fields => ({
  ...fields,
  sig: vonageSignature(fields, { method, secret }),
})
const asJson = (fields: unknown) => ({
  body: JSON.stringify(fields),
  headers: { 'content-type': 'application/json' },
})
const FORM = 'application/x-www-form-urlencoded'

const delivered = {
  kind: 'read',
  deliveries: [
    {
      providerMessageId: MESSAGE_ID,
      reference: id,
      status: 'delivered',
      error: undefined,
      segments: undefined,
      cost: undefined,
    },
  ],
}

test('a signed receipt is a delivery, however it comes, and once more when it comes once more', async () => {
  const fields = signed(RECEIPT)
  const form = new URLSearchParams(fields).toString()
  expect(await read(asJson(fields))).toEqual(delivered)
  expect(await read(asJson(fields))).toEqual(delivered)
  expect(await read({ body: form, headers: { 'content-type': FORM } })).toEqual(delivered)
  const method: ReceiptMethod = 'GET'
  expect(await read({ method, url: `${RECEIPT_URL}?${form}` })).toEqual(delivered)
})

test.each(['md5hash', 'md5', 'sha1', 'sha256', 'sha512'] as const)(
  'a receipt may be signed by %s, in any case',
  async (method) => {
    const { sig = '', ...fields } = signed(RECEIPT, method)
    const upper = { ...fields, sig: sig.toUpperCase() }
    expect(await read(asJson(upper), { signature_method: method })).toEqual(delivered)
  },
)

test.each([
  ['accepted', 'sent'],
  ['buffered', 'sent'],
  ['unknown', 'sent'],
  ['submitted', 'sent'],
  ['expired', 'undelivered'],
  ['failed', 'undelivered'],
  ['rejected', 'undelivered'],
  ['deleted', 'undelivered'],
])('a text that is %s is %s', async (theirs, status) => {
  const reading = await read(asJson(signed({ ...RECEIPT, status: theirs })))
  expect(reading).toMatchObject({ deliveries: [{ status }] })
})

const ERRORS = [
  ['unreachable', [2, 7, 8, 12, 15]],
  ['invalid_number', [3, 5, 9, 11]],
  ['blocked_by_carrier', [4, 6, 14]],
  ['content_refused', [10]],
  ['unknown', [1, 99]],
] as const
test.each(ERRORS.flatMap(([kind, codes]) => codes.map((code) => [code, kind] as const)))(
  'a failed text of %i is for %s',
  async (code, kind) => {
    const fields = { ...RECEIPT, status: 'failed', 'err-code': String(code) }
    expect(await read(asJson(signed(fields)))).toMatchObject({
      deliveries: [{ status: 'undelivered', error: { kind, code: String(code) } }],
    })
  },
)

test('a text without a code for its failure has its status for one', async () => {
  expect(await read(asJson(signed({ ...RECEIPT, status: 'expired' })))).toMatchObject({
    deliveries: [{ error: { kind: 'unknown', code: 'expired' } }],
  })
})

test('what the vendor did not sign is not believed', async () => {
  const unauthentic = { kind: 'unauthentic' }
  const fields = signed(RECEIPT)
  expect(await read(asJson(RECEIPT))).toEqual(unauthentic)
  expect(await read(asJson({ ...fields, status: 'failed' }))).toEqual(unauthentic)
  expect(await read(asJson({ ...fields, added: '1' }))).toEqual(unauthentic)
  expect(await read(asJson(signed(RECEIPT, 'md5hash', 'another')))).toEqual(unauthentic)
  expect(await read(asJson(signed(RECEIPT, 'sha256')))).toEqual(unauthentic)
  expect(await read({ body: '{' })).toEqual(unauthentic)
  expect(await read(asJson({ ...fields, nested: {} }))).toEqual(unauthentic)
})

test('a signature is good for a day', async () => {
  const at = (seconds: number) => asJson(signed({ ...RECEIPT, timestamp: String(seconds) }))
  expect(await read(at(NOW_S - 86_400))).toEqual(delivered)
  expect(await read(at(NOW_S - 86_401))).toEqual({ kind: 'unauthentic' })
  expect(await read(at(NOW_S + 86_401))).toEqual({ kind: 'unauthentic' })
  const { timestamp: _none, ...timeless } = RECEIPT
  expect(await read(asJson(signed(timeless)))).toEqual({ kind: 'unauthentic' })
})

test('another account’s receipt is not ours, and what is no receipt cannot be read', async () => {
  const other = signed({ ...RECEIPT, 'api-key': 'dcba4321' })
  expect(await read(asJson(other))).toEqual({ kind: 'forbidden' })
  const { messageId: _none, ...nameless } = RECEIPT
  expect(await read(asJson(signed(nameless)))).toEqual({ kind: 'malformed' })
})

const EVENT = {
  from: '447700900000',
  to: '447700900123',
  uuid: CALL_ID,
  conversation_uuid: 'CON-aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  status: 'completed',
  direction: 'outbound',
  duration: '12',
  start_time: '2026-01-02T03:04:10.000Z',
  rate: '0.02400000',
  price: '0.00480000',
  timestamp: '2026-01-02T03:04:22.000Z',
}
const url = `${RECEIPT_URL}?reference=${id}`
function event(change: Record<string, unknown> = {}, claims: Record<string, unknown> = {}) {
  const body = JSON.stringify({ ...EVENT, ...change })
  const headers = { authorization: `Bearer ${eventToken(body, claims)}` }
  return { url, body, headers }
}

test('the event of a call is read under its token', async () => {
  expect(await read(event())).toEqual({
    kind: 'read',
    deliveries: [
      {
        providerMessageId: CALL_ID,
        reference: id,
        status: 'delivered',
        error: undefined,
        segments: undefined,
        cost: { micros: 4_800, currency: 'EUR' },
      },
    ],
  })
})

test.each([
  ['started', 'queued', undefined],
  ['ringing', 'sent', undefined],
  ['answered', 'sent', undefined],
  ['human', 'sent', undefined],
  ['machine', 'undelivered', 'unreachable'],
  ['busy', 'undelivered', 'unreachable'],
  ['timeout', 'undelivered', 'unreachable'],
  ['unanswered', 'undelivered', 'unreachable'],
  ['rejected', 'undelivered', 'unknown'],
  ['failed', 'failed', 'unknown'],
  ['cancelled', 'failed', 'unknown'],
])('a call that is %s is %s', async (theirs, status, error) => {
  const reading = await read(event({ status: theirs, detail: 'why' }))
  expect(reading).toMatchObject({ deliveries: [{ providerMessageId: CALL_ID, status }] })
  if (reading?.kind === 'read') expect(reading.deliveries[0]?.error?.kind).toBe(error)
})

test.each(['0', 0, null, undefined])(
  'a completed call of %s seconds was not answered',
  async (duration) => {
    expect(await read(event({ duration }))).toMatchObject({
      deliveries: [{ status: 'undelivered' }],
    })
  },
)

test('an event that is no delivery says nothing', async () => {
  const silent = { kind: 'read', deliveries: [] }
  expect(await read(event({ status: undefined }))).toEqual(silent)
  expect(await read(event({ status: 'transfer' }))).toEqual(silent)
})

test('an event without a good token is not believed', async () => {
  const unauthentic = { kind: 'unauthentic' }
  const { body, headers } = event()
  expect(await read({ url, body })).toEqual(unauthentic)
  expect(await read({ url, body: `${body} `, headers })).toEqual(unauthentic)
  expect(
    await read({ url, body, headers: { authorization: `${headers.authorization}x` } }),
  ).toEqual(unauthentic)
  expect(await read(event({}, { iat: NOW_S - 86_401 }))).toEqual(unauthentic)
  expect(await read(event({}, { payload_hash: undefined }))).toEqual(unauthentic)
  const asQuery = `${RECEIPT_URL}?${new URLSearchParams({ uuid: CALL_ID, status: 'completed' })}`
  const emptyToken = { authorization: `Bearer ${eventToken('')}` }
  expect(await read({ method: 'GET', url: asQuery, headers: emptyToken })).toEqual(unauthentic)
  expect(await read(event({}, { api_key: 'dcba4321' }))).toEqual({ kind: 'forbidden' })
  expect(await read(event({ uuid: 'x' }))).toEqual({ kind: 'malformed' })
})

// The token of the vendor's own tests; its body is not published, so that alone must stop it.
test('the published token is read, and proves no other body', async () => {
  const token = [
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
    Buffer.from(
      '{"iat":1587494962,"jti":"c5ba8f24-1a14-4c10-bfdf-3fbe8ce511b5","iss":"Vonage","payload_hash":"d6c0e74b5857df20e3b7e51b30c0c2a40ec73a77879b6f074ddc7a2317dd031b","api_key":"a1b2c3d","application_id":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}',
    ).toString('base64url'),
    'JQRKi1d0SQitmjPINfTWMpt3XZkGsLbD7EjCdXoNSbk',
  ].join('.')
  expect(signedClaims(token, SECRET, NOW_MS)).toMatchObject({ api_key: 'a1b2c3d', iss: 'Vonage' })
  const headers = { authorization: `Bearer ${token}` }
  expect(await read({ url, body: '{}', headers })).toEqual({ kind: 'unauthentic' })
})

test('where nothing is signed the secret path proves it, and nothing does without one', async () => {
  const receipt_token = 'a-secret-of-ours-1'
  const unsigned = { signature_secret: undefined, receipt_token }
  const token = receipt_token
  expect(await read({ ...asJson(RECEIPT), token }, unsigned)).toEqual(delivered)
  const spoken = {
    url: `${RECEIPT_URL}/${token}?reference=${id}`,
    token,
    body: JSON.stringify(EVENT),
  }
  expect(await read(spoken, unsigned)).toMatchObject({ deliveries: [{ reference: id }] })
  const unauthentic = { kind: 'unauthentic' }
  expect(await read({ ...asJson(RECEIPT), token: `${token}x` }, unsigned)).toEqual(unauthentic)
  const closed = { signature_secret: undefined, receipt_token: undefined }
  expect(await read({ ...asJson(RECEIPT), token }, closed)).toEqual(unauthentic)
  expect(await read({ ...asJson(RECEIPT), token }, { receipt_token })).toEqual(unauthentic)
})
