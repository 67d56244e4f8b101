import { expect, test } from 'vitest'
import { telnyxProvider } from '../../src/channels/providers/telnyx/provider.ts'
import { joined } from '../../src/channels/signed-parts.ts'
import { toBase64 } from '../../src/channels/signing.ts'
import { aCallback, aMessage, NOW_MS, openProvider } from './provider.suite.ts'

const SECONDS = String(NOW_MS / 1000)
const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
const PUBLIC_KEY = toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)))

async function readText(body: string, public_key: string | undefined = PUBLIC_KEY) {
  const text = joined(`${SECONDS}|`, new TextEncoder().encode(body))
  const signature = await crypto.subtle.sign('Ed25519', keys.privateKey, text)
  const headers = {
    'telnyx-timestamp': SECONDS,
    'telnyx-signature-ed25519': toBase64(new Uint8Array(signature)),
  }
  const provider = openProvider(telnyxProvider, { api_key: 'K', from: 'Acme', public_key })
  return provider.readReceipts?.(aCallback({ headers, body }))
}
const event = (change: Record<string, unknown>, event_type = 'message.finalized') => ({
  data: {
    event_type,
    payload: {
      id: 'msg1',
      parts: 2,
      cost: { amount: '0.0051', currency: 'USD' },
      tags: ['campaign', aMessage().id],
      to: [{ phone_number: '+447700900123', status: 'delivered' }],
      errors: [],
      ...change,
    },
  },
})
const read = (value: unknown) => readText(JSON.stringify(value))

test('a receipt tells id, reference, parts and cost', async () => {
  expect(await read(event({}))).toEqual({
    kind: 'read',
    deliveries: [
      {
        providerMessageId: 'msg1',
        reference: aMessage().id,
        status: 'delivered',
        error: undefined,
        segments: 2,
        cost: { micros: 5_100, currency: 'USD' },
      },
    ],
  })
  expect(await read(event({ tags: null, cost: null }))).toMatchObject({
    deliveries: [{ reference: undefined, cost: undefined }],
  })
})

test.each([
  ['queued', 'queued', undefined],
  ['sending', 'queued', undefined],
  ['sent', 'sent', undefined],
  ['delivery_unconfirmed', 'sent', undefined],
  ['delivered', 'delivered', undefined],
  ['read', 'delivered', undefined],
  ['expired', 'undelivered', 'unreachable'],
  ['delivery_failed', 'undelivered', 'unknown'],
  ['sending_failed', 'failed', 'unknown'],
])('%s is %s', async (theirs, status, kind) => {
  const error = kind === undefined ? undefined : { kind, code: theirs, text: undefined }
  expect(await read(event({ to: [{ status: theirs }] }, 'message.sent'))).toMatchObject({
    deliveries: [{ status, error }],
  })
})

test('a failure has the reason of its code', async () => {
  const errors = [{ code: '40300', title: 'Blocked due to STOP message', detail: 'opted out' }]
  expect(await read(event({ to: [{ status: 'delivery_failed' }], errors }))).toMatchObject({
    deliveries: [{ error: { kind: 'blocked_by_carrier', code: '40300', text: 'opted out' } }],
  })
})

test('what is no news of a send is taken and left', async () => {
  expect(await read(event({}, 'message.received'))).toEqual({ kind: 'read', deliveries: [] })
})

test.each([
  ['no JSON', '{'],
  ['no event', '{}'],
  ['an unknown status', JSON.stringify(event({ to: [{ status: 'lost' }] }))],
  ['no recipient', JSON.stringify(event({ to: [] }))],
  ['no id', JSON.stringify(event({ id: undefined }))],
])('%s is malformed', async (_claim, body) => {
  expect(await readText(body)).toEqual({ kind: 'malformed' })
})

test('a forged receipt is not believed, nor any without a configured key', async () => {
  const body = JSON.stringify(event({}))
  const other = 'PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw='
  expect(await readText(body, other)).toEqual({ kind: 'unauthentic' })
  const provider = openProvider(telnyxProvider, { api_key: 'K', from: 'Acme' })
  expect(await provider.readReceipts?.(aCallback({ body }))).toEqual({ kind: 'unauthentic' })
})
