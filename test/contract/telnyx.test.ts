import Telnyx from 'telnyx'
import { expect, test } from 'vitest'
import { telnyxProvider } from '../../src/channels/providers/telnyx/provider.ts'
import { isSignedByTelnyx } from '../../src/channels/providers/telnyx/signature.ts'
import { joined } from '../../src/channels/signed-parts.ts'
import { toBase64 } from '../../src/channels/signing.ts'
import { aMessage, DEADLINE_MS, openProvider, RECEIPT_URL } from '../providers/provider.suite.ts'
import {
  CONTRACT_MS,
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorded,
  type Recorder,
  withClockStopped,
} from './recorder.ts'

/** What the SDK says of itself. */
const ofTheSdk = (request: Recorded | undefined): readonly string[] =>
  Object.keys(request?.headers ?? {}).filter((name) => name.startsWith('x-stainless-'))

const message = aMessage({ body: 'Your code is 123456. 验证码' })
const record = () => openRecorder({ json: { data: { id: 'm1', to: [{ status: 'queued' }] } } })
const sdkOn = ({ url }: Recorder) => new Telnyx({ apiKey: 'KEY0', baseURL: `${url}/v2` })
const oursOn = ({ url }: Recorder, change: Record<string, unknown> = {}) =>
  openProvider(
    telnyxProvider,
    { api_key: 'KEY0', from: '+12065550100', endpoint: url, ...change },
    { platform: contractPlatform() },
  )

function expectSame({ requests: [theirs, ours] }: Recorder): void {
  expectSameRequest(ours, theirs, ofTheSdk(theirs))
}

test('sending is what the SDK sends', async () => {
  const recorder = await record()
  const params = {
    from: '+12065550100',
    to: message.to,
    text: message.body,
    type: 'SMS' as const,
    encoding: 'auto' as const,
    webhook_url: RECEIPT_URL,
    use_profile_webhooks: false,
    tags: [message.id],
  }
  await sdkOn(recorder).messages.send(params)
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  expectSame(recorder)
})

const sent = (providerMessageId: string | undefined) => ({
  ...message,
  providerMessageId,
  sentAtMs: CONTRACT_MS,
})

test('looking a message up is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).messages.retrieve('40385f64-5717')
  await oursOn(recorder).query?.(sent('40385f64-5717'), DEADLINE_MS)
  expectSame(recorder)
})

test('looking for records is what the SDK sends', async () => {
  const recorder = await openRecorder({ json: { data: [], meta: {} } })
  await sdkOn(recorder).detailRecords.list({
    filter: {
      record_type: 'messaging',
      direction: 'outbound',
      cld: message.to,
      created_at: { gte: '2026-01-02' },
    },
    sort: ['-created_at'],
    'page[size]': 20,
  })
  await oursOn(recorder).query?.(sent(undefined), DEADLINE_MS)
  expectSame(recorder)
})

test('what the SDK takes for authentic is what we take for it', async () => {
  const keys = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  const key = toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey)))
  const seconds = String(CONTRACT_MS / 1000)
  const body = '{"data":{}}'
  const bytes = new TextEncoder().encode(body)
  const signed = await crypto.subtle.sign('Ed25519', keys.privateKey, joined(`${seconds}|`, bytes))
  const signature = toBase64(new Uint8Array(signed))
  const headers = { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': seconds }
  const sdk = sdkOn(await record())
  await withClockStopped(() => sdk.webhooks.unwrap(body, { headers, key }))
  const request = { headers: new Headers(headers), body: bytes }
  expect(await isSignedByTelnyx(request, key, CONTRACT_MS)).toBe(true)
})
