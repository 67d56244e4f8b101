import { expect, test } from 'vitest'
import { birdProvider } from '../../src/channels/providers/bird/provider.ts'
import { fromBase64, hmacOf, toBase64 } from '../../src/channels/signing.ts'
import { aCallback, aMessage, NOW_MS, openProvider } from './provider.suite.ts'

const SECRET = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const SECONDS = String(NOW_MS / 1000)

function readText(body: string, webhook_secret: string | undefined = `whsec_${SECRET}`) {
  const text = `evt_1.${SECONDS}.${body}`
  const signature = toBase64(hmacOf('sha256', fromBase64(SECRET) ?? '', text))
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': SECONDS,
    'webhook-signature': `v1,${signature}`,
  }
  const settings = { api_key: 'bk_eu1_secret', from: 'Acme', webhook_secret }
  return openProvider(birdProvider, settings).readReceipts?.(aCallback({ headers, body }))
}
const event = (type: string, change: Record<string, unknown> = {}) => ({
  type,
  timestamp: '2026-01-02T03:04:05Z',
  data: {
    sms_id: 'sms_1',
    to: '+447700900123',
    from: 'Acme',
    tags: null,
    metadata: { send: aMessage().id },
    cost: { amount: '0.05', currency_code: 'EUR', transaction_amount: '0.05' },
    ...change,
  },
})
const read = (value: unknown) => readText(JSON.stringify(value))

test('an event tells id, reference and cost', async () => {
  expect(await read(event('sms.delivered'))).toEqual({
    kind: 'read',
    deliveries: [
      {
        providerMessageId: 'sms_1',
        reference: aMessage().id,
        status: 'delivered',
        error: undefined,
        segments: undefined,
        cost: { micros: 50_000, currency: 'EUR' },
      },
    ],
  })
  const accepted = { segments: { count: 2 }, cost: null, metadata: null }
  expect(await read(event('sms.accepted', accepted))).toMatchObject({
    deliveries: [{ status: 'queued', segments: 2, cost: undefined, reference: undefined }],
  })
})

test.each([
  ['sms.accepted', 'queued', undefined],
  ['sms.sent', 'sent', undefined],
  ['sms.delivered', 'delivered', undefined],
  ['sms.undelivered', 'undelivered', 'unknown'],
  ['sms.expired', 'undelivered', 'unreachable'],
  ['sms.failed', 'failed', 'unknown'],
  ['sms.rejected', 'failed', 'unknown'],
])('%s is %s', async (type, status, kind) => {
  const [delivery] = (await deliveriesOf(type)) ?? []
  expect(delivery).toMatchObject({ status })
  expect(delivery?.error?.kind).toBe(kind)
})

async function deliveriesOf(type: string) {
  const reading = await read(event(type))
  return reading?.kind === 'read' ? reading.deliveries : undefined
}

test('a failure has the reason of its code and the words of the carrier', async () => {
  const error = { code: 'blocked_by_carrier', description: 'spam filter', carrier_error_code: '5' }
  expect(await read(event('sms.undelivered', { error }))).toMatchObject({
    deliveries: [
      { error: { kind: 'blocked_by_carrier', code: 'blocked_by_carrier', text: 'spam filter' } },
    ],
  })
})

test.each(['sms.received', 'email.delivered', 'sms_suppression.created', 'sms.constructor'])(
  '%s is taken and left',
  async (type) => {
    expect(await read(event(type))).toEqual({ kind: 'read', deliveries: [] })
  },
)

test.each([
  ['no JSON', '{'],
  ['no event', '{}'],
  ['no id', JSON.stringify(event('sms.sent', { sms_id: undefined }))],
])('%s is malformed', async (_claim, body) => {
  expect(await readText(body)).toEqual({ kind: 'malformed' })
})

test('a forged event is not believed, nor any without a configured secret', async () => {
  const body = JSON.stringify(event('sms.delivered'))
  expect(await readText(body, 'whsec_bm8=')).toEqual({ kind: 'unauthentic' })
  const provider = openProvider(birdProvider, { api_key: 'bk_eu1_secret', from: 'Acme' })
  expect(await provider.readReceipts?.(aCallback({ body }))).toEqual({ kind: 'unauthentic' })
})
