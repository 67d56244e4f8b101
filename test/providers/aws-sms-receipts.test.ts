import { expect, test } from 'vitest'
import { awsSmsProvider } from '../../src/channels/providers/aws-sms/provider.ts'
import { aCallback, aMessage, aPlatform, openProvider } from './provider.suite.ts'
import {
  CERTIFICATE_URL,
  certificatePem,
  openTopic,
  SUBSCRIBE_URL,
  TOPIC_ARN,
} from './sns-topic.ts'

const TOKEN = 'a-secret-of-ours-1'
const topic = await openTopic()

/** Answers what SNS has to offer and tells what was asked of it. */
function openSns(status = 200) {
  const asked: string[] = []
  const answering: typeof fetch = async (input) => {
    asked.push(String(input))
    const text = String(input).endsWith('.pem') ? topic.pem : '<ConfirmSubscriptionResponse/>'
    return new Response(text, { status })
  }
  return { asked, fetch: answering }
}

function opened(change: Record<string, unknown> = {}, sns = openSns()) {
  const settings = {
    region: 'eu-west-1',
    access_key_id: 'AKIDEXAMPLE',
    secret_access_key: 'secret',
    topic_arn: TOPIC_ARN,
    ...change,
  }
  const provider = openProvider(awsSmsProvider, settings, { platform: aPlatform(sns.fetch) })
  const read = (value: unknown, token?: string) => {
    const body = typeof value === 'string' ? value : JSON.stringify(value)
    return provider.readReceipts?.(aCallback({ body, ...(token === undefined ? {} : { token }) }))
  }
  return { read, asked: sns.asked }
}

const EVENT = {
  eventType: 'TEXT_DELIVERED',
  eventVersion: '1.0',
  eventTimestamp: 1_767_323_045_000,
  isFinal: true,
  destinationPhoneNumber: '+447700900123',
  messageId: '862a8790-60c0',
  messageStatus: 'DELIVERED',
  messageStatusDescription: 'Message has been accepted by phone',
  context: { send: aMessage().id },
  totalMessageParts: 2,
  totalMessagePrice: 0.09582,
  totalCarrierFee: 0.003,
}
const DELIVERY = {
  providerMessageId: '862a8790-60c0',
  reference: aMessage().id,
  status: 'delivered',
  error: undefined,
  segments: 2,
  cost: { micros: 98_820, currency: 'USD' },
}
const DELIVERED = { kind: 'read', deliveries: [DELIVERY] }
const NOTHING = { kind: 'read', deliveries: [] }
const UNAUTHENTIC = { kind: 'unauthentic' }

const notification = (event: unknown, change: Record<string, string> = {}) => ({
  Type: 'Notification',
  MessageId: 'n1',
  TopicArn: TOPIC_ARN,
  Message: typeof event === 'string' ? event : JSON.stringify(event),
  Timestamp: '2026-01-02T03:04:05.000Z',
  ...change,
})
const confirmation = (change: Record<string, string> = {}) => ({
  ...notification('You have chosen to subscribe.'),
  Type: 'SubscriptionConfirmation',
  Token: 'abc',
  SubscribeURL: SUBSCRIBE_URL,
  ...change,
})

test.each(['1', '2'] as const)('an event signed by version %s is believed', async (version) => {
  const { read } = opened()
  expect(await read(await topic.sign(notification(EVENT), version))).toEqual(DELIVERED)
  const titled = notification(EVENT, { Subject: 'Delivered' })
  expect(await read(await topic.sign(titled, version))).toEqual(DELIVERED)
})

test('the certificate is fetched once', async () => {
  const { read, asked } = opened()
  for (let time = 0; time < 3; time++) await read(await topic.sign(notification(EVENT)))
  expect(asked).toEqual([CERTIFICATE_URL])
})

test('what was changed after it was signed is not believed', async () => {
  const { read } = opened()
  const signed = await topic.sign(notification(EVENT))
  const changes: Record<string, string>[] = [
    { Message: JSON.stringify({ ...EVENT, eventType: 'TEXT_INVALID' }) },
    { MessageId: 'n2' },
    { Timestamp: '2026-01-02T03:04:06.000Z' },
    { Subject: 'More' },
    { SignatureVersion: '2' },
    { Signature: 'bm8=' },
    { Signature: '%' },
  ]
  for (const change of changes) expect(await read({ ...signed, ...change })).toEqual(UNAUTHENTIC)
  expect(await read({ ...signed, SignatureVersion: '3' })).toEqual(UNAUTHENTIC)
})

test('the topic of somebody else and certificates from elsewhere are not even asked for', async () => {
  const { read, asked } = opened()
  const other = TOPIC_ARN.replace('123456789012', '210987654321')
  expect(await read(await topic.sign(notification(EVENT, { TopicArn: other })))).toEqual(
    UNAUTHENTIC,
  )
  const elsewhere = { SigningCertURL: 'https://evil.example/sns.pem' }
  expect(await read(await topic.sign(notification(EVENT, elsewhere)))).toEqual(UNAUTHENTIC)
  const unnamed = opened({ topic_arn: undefined })
  expect(await unnamed.read(await topic.sign(notification(EVENT)))).toEqual(UNAUTHENTIC)
  expect([...asked, ...unnamed.asked]).toEqual([])
})

test('while the certificate cannot be had the vendor is asked to come again', async () => {
  const { read, asked } = opened({}, openSns(503))
  const signed = await topic.sign(notification(EVENT))
  expect(await read(signed)).toEqual({ kind: 'unavailable' })
  expect(await read(signed)).toEqual({ kind: 'unavailable' })
  expect(asked).toHaveLength(2)
})

test('a certificate with a key of another kind proves nothing', async () => {
  const elliptic = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', elliptic.publicKey))
  const pem = certificatePem(spki)
  const sns = { asked: [], fetch: async () => new Response(pem) }
  const { read } = opened({}, sns)
  expect(await read(await topic.sign(notification(EVENT)))).toEqual(UNAUTHENTIC)
})

test('a subscription is confirmed, once it is proven', async () => {
  const { read, asked } = opened()
  expect(await read(await topic.sign(confirmation()))).toEqual(NOTHING)
  expect(asked).toEqual([CERTIFICATE_URL, SUBSCRIBE_URL])
  const forged = opened()
  const signed = await topic.sign(confirmation())
  expect(await forged.read({ ...signed, Token: 'xyz' })).toEqual(UNAUTHENTIC)
  expect(forged.asked).toEqual([CERTIFICATE_URL])
})

test('a subscription is confirmed at its own topic alone, and again if that failed', async () => {
  const elsewhere = { SubscribeURL: 'https://127.0.0.1/?Action=ConfirmSubscription' }
  const { read, asked } = opened()
  expect(await read(await topic.sign(confirmation(elsewhere)))).toEqual({ kind: 'forbidden' })
  expect(asked).toEqual([CERTIFICATE_URL])
  const down = opened({ receipt_token: TOKEN }, openSns(500))
  expect(await down.read(await topic.sign(confirmation()), TOKEN)).toEqual({ kind: 'unavailable' })
})

test('the end of a subscription is taken and left', async () => {
  const { read, asked } = opened()
  const end = confirmation({ Type: 'UnsubscribeConfirmation' })
  expect(await read(await topic.sign(end))).toEqual(NOTHING)
  expect(asked).toEqual([CERTIFICATE_URL])
})

test('under the secret path events come bare, by EventBridge, or in an envelope', async () => {
  const { read, asked } = opened({ receipt_token: TOKEN, topic_arn: undefined })
  const bridged = {
    'detail-type': 'Text Message Delivery Status Updated',
    source: 'aws.sms-voice',
    detail: EVENT,
  }
  expect(await read(EVENT, TOKEN)).toEqual(DELIVERED)
  expect(await read(bridged, TOKEN)).toEqual(DELIVERED)
  expect(await read(await topic.sign(notification(EVENT)), TOKEN)).toEqual(DELIVERED)
  expect(asked).toEqual([])
  for (const token of [undefined, 'another-secret-of-ours']) {
    expect(await read(EVENT, token)).toEqual(UNAUTHENTIC)
    expect(await read(bridged, token)).toEqual(UNAUTHENTIC)
  }
})

test('another topic is not for us, whoever brings it', async () => {
  const { read } = opened({ receipt_token: TOKEN })
  const other = notification(EVENT, { TopicArn: TOPIC_ARN.replace('sms', 'other') })
  expect(await read(await topic.sign(other), TOKEN)).toEqual({ kind: 'forbidden' })
})

test.each([
  ['TEXT_QUEUED', 'queued', undefined],
  ['TEXT_PENDING', 'queued', undefined],
  ['TEXT_SENT', 'sent', undefined],
  ['TEXT_SUCCESSFUL', 'sent', undefined],
  ['TEXT_UNKNOWN', 'sent', undefined],
  ['TEXT_DELIVERED', 'delivered', undefined],
  ['TEXT_UNREACHABLE', 'undelivered', 'unreachable'],
  ['TEXT_CARRIER_UNREACHABLE', 'undelivered', 'unreachable'],
  ['TEXT_TTL_EXPIRED', 'undelivered', 'unreachable'],
  ['TEXT_BLOCKED', 'undelivered', 'blocked_by_carrier'],
  ['TEXT_CARRIER_BLOCKED', 'undelivered', 'blocked_by_carrier'],
  ['TEXT_PROTECT_BLOCKED', 'undelivered', 'blocked_by_carrier'],
  ['TEXT_SPAM', 'undelivered', 'content_refused'],
  ['TEXT_INVALID', 'failed', 'invalid_number'],
  ['TEXT_INVALID_MESSAGE', 'failed', 'content_refused'],
])('%s is %s: %s', async (eventType, status, kind) => {
  const { read } = opened({ receipt_token: TOKEN })
  const event = { ...EVENT, eventType, messageStatusDescription: 'why' }
  const error = kind === undefined ? undefined : { kind, code: eventType, text: 'why' }
  expect(await read(event, TOKEN)).toMatchObject({ deliveries: [{ status, error }] })
})

test('an event without context, parts and price is read all the same', async () => {
  const { read } = opened({ receipt_token: TOKEN })
  const bare = { eventType: 'TEXT_SENT', messageId: 'm1' }
  const left = { reference: undefined, segments: undefined, cost: undefined, error: undefined }
  const delivery = { ...left, providerMessageId: 'm1', status: 'sent' }
  expect(await read(bare, TOKEN)).toEqual({ kind: 'read', deliveries: [delivery] })
  const free = { ...bare, totalMessagePrice: 0.01, context: { send: 7 } }
  expect(await read(free, TOKEN)).toMatchObject({
    deliveries: [{ cost: { micros: 10_000 }, reference: undefined }],
  })
})

test('what is no event of a text is taken and left', async () => {
  const { read } = opened({ receipt_token: TOKEN })
  const greeting = 'Successfully validated SNS topic for event publishing.'
  for (const value of [{ ...EVENT, eventType: 'VOICE_COMPLETED' }, {}, '{', 'x']) {
    expect(await read(value, TOKEN)).toEqual(NOTHING)
  }
  expect(await read(await topic.sign(notification(greeting)))).toEqual(NOTHING)
})

test.each([
  ['no id', { ...EVENT, messageId: undefined }],
  ['an unknown status', { ...EVENT, eventType: 'TEXT_LOST' }],
])('a text event with %s is malformed', async (_claim, event) => {
  const { read } = opened({ receipt_token: TOKEN })
  expect(await read(event, TOKEN)).toEqual({ kind: 'malformed' })
})
