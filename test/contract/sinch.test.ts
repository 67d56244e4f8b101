import { createHmac } from 'node:crypto'
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { sinchProvider } from '../../src/channels/providers/sinch/provider.ts'
import { isSignedBySinch } from '../../src/channels/providers/sinch/signature.ts'
import { aMessage, DEADLINE_MS, openProvider, RECEIPT_URL } from '../providers/provider.suite.ts'
import {
  CONTRACT_MS,
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorder,
} from './recorder.ts'

/** The SDK reads its version out of a package that it does not depend on; its own will do. */
const OWN_PACKAGE = pathToFileURL('node_modules/@sinch/sdk-client/package.json').href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@sinch/sdk-core/package.json'
      ? { url: OWN_PACKAGE, format: 'json', shortCircuit: true }
      : next(specifier, context),
})
const { SmsCallbackWebhooks, SmsService } = await import('@sinch/sms')

/** The SDK names a content type where there is no content. */
const ON_A_GET = ['content-type']

const message = aMessage({ body: 'Your code is 123456. 验证码' })
const record = () =>
  openRecorder({ json: { id: 'b1', batches: [], count: 0, page: 0, page_size: 0 } })
const sdkOn = ({ url: smsHostname }: Recorder) =>
  new SmsService({ servicePlanId: 'plan1', apiToken: 'TOKEN', smsHostname })
const oursOn = ({ url: endpoint }: Recorder) =>
  openProvider(
    sinchProvider,
    { service_plan_id: 'plan1', api_token: 'TOKEN', from: '+12065550100', endpoint },
    { platform: contractPlatform() },
  )
const sent = (providerMessageId: string | undefined) => ({
  ...message,
  providerMessageId,
  sentAtMs: CONTRACT_MS,
})

test('sending is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).batches.send({
    sendSMSRequestBody: {
      to: [message.to.slice(1)],
      from: '12065550100',
      body: message.body,
      type: 'mt_text',
      delivery_report: 'per_recipient',
      callback_url: RECEIPT_URL,
      client_reference: message.id,
      expire_at: new Date(CONTRACT_MS + message.validForMs),
    },
  })
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs)
})

test('looking a batch up is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).batches.list({
    page_size: 1,
    start_date: new Date(CONTRACT_MS - 60_000),
    client_reference: message.id,
  })
  await oursOn(recorder).query?.(sent(undefined), DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs, ON_A_GET)
})

test('looking at a report is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).deliveryReports.getForNumber({
    batch_id: 'b1',
    recipient_msisdn: message.to.slice(1),
  })
  await oursOn(recorder).query?.(sent('b1'), DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs, ON_A_GET)
})

test('what the SDK takes for authentic is what we take for it', () => {
  const body = '{"type":"mo_text"}'
  const text = `${body}.n.1`
  const headers = {
    'x-sinch-webhook-signature': createHmac('sha256', 'secret').update(text).digest('base64'),
    'x-sinch-webhook-signature-nonce': 'n',
    'x-sinch-webhook-signature-timestamp': '1',
  }
  const request = { headers: new Headers(headers), body: new TextEncoder().encode(body) }
  for (const secret of ['secret', 'another']) {
    const theirs = new SmsCallbackWebhooks(secret).validateAuthenticationHeader(headers, body)
    expect(isSignedBySinch(request, secret)).toBe(theirs)
    expect(theirs).toBe(secret === 'secret')
  }
})
