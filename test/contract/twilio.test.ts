import twilio from 'twilio'
import { expect, test } from 'vitest'
import { twilioProvider } from '../../src/channels/providers/twilio/provider.ts'
import { isSignedByTwilio, twilioSignature } from '../../src/channels/providers/twilio/signature.ts'
import { sayTwice } from '../../src/channels/providers/twilio/voice/twiml.ts'
import { sha256Hex } from '../../src/channels/signing.ts'
import {
  aMessage,
  aSent,
  DEADLINE_MS,
  openProvider,
  RECEIPT_URL,
} from '../providers/provider.suite.ts'
import { contractPlatform, expectSameRequest, openRecorder, type Recorder } from './recorder.ts'

const ACCOUNT = `AC${'1'.repeat(32)}`
const TOKEN = 'auth-token'
const SM = `SM${'2'.repeat(32)}`
const message = aMessage({ body: "123456 is your code. Don't (ever) share it! *~ 验证码 & <b>" })
const CALLBACK = `${RECEIPT_URL}?reference=${message.id}`
/** The SDK says it always; our client, only where there is something to accept. */
const OF_THE_SDK = ['accept-charset']

const record = (status = 201) =>
  openRecorder({
    status,
    json: { sid: SM, status: 'queued', date_created: null, num_segments: '1', messages: [] },
  })

/** The SDK knows its host only; its own HTTP client is told where that is. */
function sdkOn(recorder: Recorder) {
  const httpClient = new twilio.RequestClient()
  const request = httpClient.request.bind(httpClient)
  httpClient.request = (options) =>
    request({ ...options, uri: options.uri.replace('https://api.twilio.com', recorder.url) })
  return twilio(ACCOUNT, TOKEN, { httpClient })
}
const oursOn = (recorder: Recorder) =>
  openProvider(
    twilioProvider,
    {
      account_sid: ACCOUNT,
      auth_token: TOKEN,
      sms: { from: '+15017122661' },
      voice: { from: '+15017122662' },
      endpoint: recorder.url,
    },
    { platform: contractPlatform() },
  )
const expectSame = ({ requests: [theirs, ours] }: Recorder) =>
  expectSameRequest(ours, theirs, OF_THE_SDK)

test('a message is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).messages.create({
    to: message.to,
    from: '+15017122661',
    body: message.body,
    validityPeriod: 600,
    statusCallback: CALLBACK,
  })
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  expectSame(recorder)
})

test('a call is what the SDK sends, TwiML and all', async () => {
  const recorder = await record()
  const spoken = message.body.replace('123456', '1, 2, 3, 4, 5, 6')
  const twiml = new twilio.twiml.VoiceResponse()
  for (let time = 0; time < 2; time += 1) {
    twiml.pause({ length: 1 })
    twiml.say({ language: 'en-US' }, spoken)
  }
  expect(sayTwice(spoken, 'en-US')).toBe(twiml.toString())
  await sdkOn(recorder).calls.create({
    to: message.to,
    from: '+15017122662',
    twiml,
    timeout: 30,
    statusCallback: CALLBACK,
    statusCallbackEvent: ['initiated', 'answered', 'completed'],
  })
  const result = await oursOn(recorder).send({ ...message, channel: 'voice' }, DEADLINE_MS)
  expect(result.kind).toBe('accepted')
  expectSame(recorder)
})

test('a look-up is what the SDK asks', async () => {
  const one = await record(200)
  await sdkOn(one).messages(SM).fetch()
  await oursOn(one).query?.(aSent({ providerMessageId: SM }), DEADLINE_MS)
  expectSame(one)
  const all = await record(200)
  await sdkOn(all).messages.list({ to: message.to, pageSize: 50, limit: 50 })
  await oursOn(all).query?.(aSent(), DEADLINE_MS)
  expectSame(all)
})

test.each([
  ['https://otp.example.com/receipts/twilio/us?reference=VL1', 'a=1&b=2&B=3&a=0&a=1'],
  ['https://otp.example.com:8443/receipts/twilio/us', 'To=%2B447700900123&Body='],
  ['http://otp.example.com/receipts/twilio/us?x=%2B', 'umlaut=%C3%A4&empty=&n=%F0%9F%98%80'],
])('what the SDK’s validator takes of %s we take, and the other way round', (url, body) => {
  const form = new URLSearchParams(body)
  const params = Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name)
      return [name, values.length === 1 ? values[0] : values]
    }),
  )
  expect(twilio.validateRequest(TOKEN, twilioSignature(TOKEN, url, form), url, params)).toBe(true)
  const request = { url, body: new Uint8Array(), form }
  const theirs = twilio.getExpectedTwilioSignature(TOKEN, url, params)
  expect(isSignedByTwilio(request, theirs, TOKEN)).toBe(true)
  expect(isSignedByTwilio(request, theirs, `${TOKEN}x`)).toBe(false)
})

test('the SDK’s validator takes what we sign of a body of another type', () => {
  const body = '{"MessageSid":"SM1"}'
  const url = `${RECEIPT_URL}?bodySHA256=${sha256Hex(body)}`
  const signature = twilioSignature(TOKEN, url, new URLSearchParams())
  expect(twilio.validateRequestWithBody(TOKEN, signature, url, body)).toBe(true)
})
