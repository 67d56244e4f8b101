import { expect, test } from 'vitest'
import { isStandardWebhook, webhookSecretSetting } from './standard-webhook.ts'

// Of the tests of the vendor that began the standard.
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BODY = '{"test": 2432232314}'
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const SECONDS = 1_614_265_330

const signed = (change: Record<string, string> = {}) => ({
  headers: new Headers({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': String(SECONDS),
    'webhook-signature': SIGNATURE,
    ...change,
  }),
  body: new TextEncoder().encode(BODY),
})
const isGood = (change: Record<string, string> = {}, lateSeconds = 0, secret = SECRET) =>
  isStandardWebhook(signed(change), secret, (SECONDS + lateSeconds) * 1000)

test('the published signature is believed, alone and among others, for five minutes', () => {
  expect(isGood()).toBe(true)
  expect(isGood({ 'webhook-signature': `v1,bm8= v2,bm8= ${SIGNATURE}` })).toBe(true)
  expect(isGood({}, 300)).toBe(true)
  expect(isGood({}, -300)).toBe(true)
  expect(isGood({}, 301)).toBe(false)
  expect(isGood({}, -301)).toBe(false)
})

test.each([
  ['another id', { 'webhook-id': 'msg_2' }],
  ['no id', { 'webhook-id': '' }],
  ['another time', { 'webhook-timestamp': String(SECONDS + 1) }],
  ['a time that is no number', { 'webhook-timestamp': '1e9' }],
  ['no signature', { 'webhook-signature': '' }],
  ['another version', { 'webhook-signature': SIGNATURE.replace('v1', 'v1a') }],
  ['a signature cut short', { 'webhook-signature': SIGNATURE.slice(0, -1) }],
])('%s is not believed', (_claim, change) => {
  expect(isGood(change)).toBe(false)
})

test('a changed body or another secret is not believed', () => {
  const nowMs = SECONDS * 1000
  const body = new TextEncoder().encode(`${BODY} `)
  expect(isStandardWebhook({ ...signed(), body }, SECRET, nowMs)).toBe(false)
  expect(isGood({}, 0, 'whsec_bm8=')).toBe(false)
  expect(isGood({}, 0, SECRET.slice('whsec_'.length))).toBe(false)
})

test('a secret is the prefix and base64', () => {
  expect(webhookSecretSetting.safeParse(SECRET).success).toBe(true)
  for (const secret of ['', 'whsec_', 'whsec_%', SECRET.slice(6)]) {
    expect(webhookSecretSetting.safeParse(secret).success).toBe(false)
  }
})
