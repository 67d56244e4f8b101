import http from 'node:http'
import https from 'node:https'
import { initClient } from 'messagebird'
import { expect, onTestFinished, test, vi } from 'vitest'
import { messageBirdProvider } from '../../src/channels/providers/messagebird/provider.ts'
import {
  aMessage,
  aSent,
  DEADLINE_MS,
  openProvider,
  RECEIPT_URL,
} from '../providers/provider.suite.ts'
import { contractPlatform, expectSameRequest, openRecorder, type Recorder } from './recorder.ts'

const message = aMessage({ body: 'Your code is 123456. 验证码' })
const record = () => openRecorder({ json: { id: 'm1', items: [] } })

/** The SDK knows one host only, by TLS: what it wants to send there goes to the recorder. */
function sdkOn({ url }: Recorder) {
  const { hostname, port } = new URL(url)
  const rerouted = vi
    .spyOn(https, 'request')
    .mockImplementation((options) => http.request({ ...(options as object), hostname, port }))
  onTestFinished(() => rerouted.mockRestore())
  return initClient('KEY0')
}
const oursOn = ({ url: endpoint }: Recorder) =>
  openProvider(
    messageBirdProvider,
    { access_key: 'KEY0', from: 'Acme', endpoint },
    { platform: contractPlatform() },
  )

test('sending is what the SDK sends', async () => {
  const recorder = await record()
  const { messages } = sdkOn(recorder)
  const params = {
    originator: 'Acme',
    recipients: [message.to.slice(1)],
    body: message.body,
    reference: message.id,
    datacoding: 'auto' as const,
    validity: 600,
    reportUrl: RECEIPT_URL,
  }
  await new Promise((resolve) => messages.create(params, resolve))
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs)
})

test('looking a message up is what the SDK sends', async () => {
  const recorder = await record()
  const { messages } = sdkOn(recorder)
  await new Promise((resolve) => messages.read('m1', resolve))
  await oursOn(recorder).query?.(aSent({ providerMessageId: 'm1' }), DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs)
})
