import { AuthType, Infobip } from '@infobip-api/sdk'
import { expect, test } from 'vitest'
import { infobipProvider } from '../../src/channels/providers/infobip/provider.ts'
import { aMessage, aSent, DEADLINE_MS, openProvider } from '../providers/provider.suite.ts'
import { contractPlatform, expectSameRequest, openRecorder, type Recorder } from './recorder.ts'

const message = aMessage({ body: 'Your code is 123456. 验证码' })
const record = () => openRecorder({ json: { messages: [], results: [] } })
const sdkOn = ({ url: baseUrl }: Recorder) =>
  new Infobip({ baseUrl, apiKey: 'KEY0', authType: AuthType.ApiKey }).channels.sms
const oursOn = ({ url: endpoint }: Recorder) =>
  openProvider(
    infobipProvider,
    { subdomain: 'abc123', api_key: 'KEY0', from: 'Acme', endpoint },
    { platform: contractPlatform() },
  )

/** The SDK's own calls speak older versions of the API; its client says how every version is called. */
test('sending is what the client of the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).http.post('/sms/3/messages', {
    messages: [
      {
        sender: 'Acme',
        destinations: [{ to: message.to.slice(1), messageId: message.id }],
        content: { text: message.body },
        options: { validityPeriod: { amount: 10, timeUnit: 'MINUTES' } },
        webhooks: { callbackData: message.id },
      },
    ],
    options: { includeSmsCountInResponse: true },
  })
  await oursOn(recorder).send(message, DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs)
})

test('looking a message up is what the SDK sends to the older version', async () => {
  const recorder = await record()
  await sdkOn(recorder).logs.get({ messageId: message.id, limit: 1 })
  await oursOn(recorder).query?.(aSent(), DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expect(theirs?.target).toBe(ours?.target.replace('/sms/3/', '/sms/1/'))
  expectSameRequest(ours && { ...ours, target: theirs?.target ?? '' }, theirs)
})
