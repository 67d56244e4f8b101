import { BirdClient } from '@messagebird/sdk'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { birdProvider } from '../../src/channels/providers/bird/provider.ts'
import { isStandardWebhook } from '../../src/channels/standard-webhook.ts'
import { aMessage, aSent, DEADLINE_MS, openProvider } from '../providers/provider.suite.ts'
import {
  CONTRACT_MS,
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorder,
  withClockStopped,
} from './recorder.ts'

/** What the SDK says of itself. */
const OF_THE_SDK = ['bird-caller', 'bird-surface', 'bird-version']
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const message = aMessage({ body: 'Your code is 123456. 验证码' })
const metadata = { send: message.id }

const record = () =>
  openRecorder({ status: 202, json: { id: 'sms_1', status: 'accepted', data: [] } })
const sdkOn = ({ url: baseUrl }: Recorder) =>
  new BirdClient({ apiKey: 'bk_eu1_secret', baseUrl, webhooks: { secret: SECRET } })
const oursOn = ({ url: endpoint }: Recorder, change: Record<string, unknown> = {}) =>
  openProvider(
    birdProvider,
    { api_key: 'bk_eu1_secret', from: 'Acme', endpoint, ...change },
    { platform: contractPlatform() },
  )

function expectSame({ requests: [theirs, ours] }: Recorder): void {
  expectSameRequest(ours, theirs, OF_THE_SDK)
}

test('sending a text is what the SDK sends', async () => {
  const recorder = await record()
  const text = { from: 'Acme', text: message.body, category: 'authentication' } as const
  await sdkOn(recorder).sms.send(
    { to: message.to, ...text, metadata },
    { idempotencyKey: message.id },
  )
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  expectSame(recorder)
})

test('sending by a template is what the SDK sends', async () => {
  const recorder = await record()
  const template = { slug: 'bird_otp_verification', parameters: { code: '123456' } }
  await sdkOn(recorder).sms.send(
    { to: message.to, template, metadata },
    { idempotencyKey: message.id },
  )
  const templates = [{ id: 'bird_otp_verification', variables: { code: 'code' } }]
  await oursOn(recorder, { templates }).send(message, DEADLINE_MS)
  expectSame(recorder)
})

test('looking a message up is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).sms.get('sms_1')
  await oursOn(recorder).query?.(aSent({ providerMessageId: 'sms_1' }), DEADLINE_MS)
  expectSame(recorder)
})

test('listing messages is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).sms.list({
    limit: 20,
    created_after: '2026-01-02T03:04:00.000Z',
    direction: 'outbound',
    to: message.to,
  })
  await oursOn(recorder).query?.(aSent(), DEADLINE_MS)
  expectSame(recorder)
})

test('what the SDK takes for authentic is what we take for it', async () => {
  const sdk = sdkOn(await record())
  const body = '{"type":"sms.sent","data":{}}'
  const headers = {
    'webhook-id': 'evt_1',
    'webhook-timestamp': String(CONTRACT_MS / 1000),
    'webhook-signature': new Webhook(SECRET).sign('evt_1', new Date(CONTRACT_MS), body),
  }
  const request = { headers: new Headers(headers), body: new TextEncoder().encode(body) }
  await withClockStopped(async () => {
    expect(sdk.webhooks.unwrap(body, headers)).toMatchObject({ type: 'sms.sent' })
    expect(() => sdk.webhooks.unwrap(`${body} `, headers)).toThrow()
  })
  expect(isStandardWebhook(request, SECRET, CONTRACT_MS)).toBe(true)
})
