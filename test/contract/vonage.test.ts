import { AlgorithmTypes, Auth } from '@vonage/auth'
import { SMS, TypeEnum } from '@vonage/sms'
import { NCCOActions, Voice } from '@vonage/voice'
import { expect, test } from 'vitest'
import { vonageProvider } from '../../src/channels/providers/vonage/provider.ts'
import { vonageSignature } from '../../src/channels/providers/vonage/signature.ts'
import {
  aMessage,
  aSent,
  DEADLINE_MS,
  openProvider,
  RECEIPT_URL,
} from '../providers/provider.suite.ts'
import { CALL_ID, PRIVATE_KEY, SETTINGS } from '../providers/vonage-account.ts'
import {
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorder,
  withClockStopped,
} from './recorder.ts'

const message = aMessage({ body: '123456 is your code & more. 验证码' })

const record = () =>
  openRecorder({
    json: {
      'message-count': '1',
      messages: [{ status: '0', 'message-id': '0A' }],
      uuid: CALL_ID,
      status: 'started',
    },
  })

/** What the SDK drew for the name of its token. */
function drawnBy(recorder: Recorder): string | undefined {
  const claims = recorder.requests[0]?.headers.authorization?.split('.')[1]
  if (claims === undefined) return undefined
  const { jti } = JSON.parse(Buffer.from(claims, 'base64url').toString())
  return jti.replaceAll('-', '')
}
const oursOn = (recorder: Recorder) =>
  openProvider(
    vonageProvider,
    { ...SETTINGS, rest_endpoint: recorder.url, api_endpoint: recorder.url },
    { platform: contractPlatform({ nonce: drawnBy(recorder) }) },
  )
const expectSame = ({ requests: [theirs, ours] }: Recorder) => expectSameRequest(ours, theirs)

const smsOn = ({ url }: Recorder) => {
  const { api_key: apiKey, api_secret: apiSecret } = SETTINGS
  return new SMS(new Auth({ apiKey, apiSecret }), { restHost: url })
}
const voiceOn = ({ url }: Recorder) => {
  const applicationId = SETTINGS.voice.application_id
  return new Voice(new Auth({ applicationId, privateKey: PRIVATE_KEY }), { apiHost: url })
}

test('a text is what the SDK sends', async () => {
  const recorder = await record()
  await smsOn(recorder).send({
    to: '447700900123',
    from: 'Acme',
    text: message.body,
    type: TypeEnum.UNICODE,
    ttl: 600_000,
    statusReportReq: true,
    callback: RECEIPT_URL,
    clientRef: message.id,
  })
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  expectSame(recorder)
})

test('a call is what the SDK sends, token and all', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    voiceOn(recorder).createOutboundCall({
      to: [{ type: 'phone', number: '447700900123' }],
      from: { type: 'phone', number: '447700900000' },
      ncco: [
        {
          action: NCCOActions.TALK,
          text: message.body.replace('123456', '1, 2, 3, 4, 5, 6'),
          language: 'en-US',
          style: 0,
          loop: 2,
        },
      ],
      eventUrl: [`${RECEIPT_URL}?reference=${message.id}`],
      ringingTimer: 30,
      lengthTimer: 120,
    }),
  )
  const result = await oursOn(recorder).send({ ...message, channel: 'voice' }, DEADLINE_MS)
  expect(result.kind).toBe('accepted')
  expectSame(recorder)
})

test('a look-up of a call is what the SDK asks', async () => {
  const recorder = await record()
  await withClockStopped(() => voiceOn(recorder).getCall(CALL_ID))
  const sent = aSent({ channel: 'voice', providerMessageId: CALL_ID })
  await oursOn(recorder).query?.(sent, DEADLINE_MS)
  expectSame(recorder)
})

test.each([
  ['md5hash', AlgorithmTypes.md5hash],
  ['md5', AlgorithmTypes.md5hmac],
  ['sha1', AlgorithmTypes.sha1hmac],
  ['sha256', AlgorithmTypes.sha256hmac],
  ['sha512', AlgorithmTypes.sha512hmac],
] as const)('the SDK takes a receipt that we signed by %s', async (method, algorithm) => {
  const fields = { messageId: '0A', text: 'a&b=c ü 验', B: '1', a: '2', timestamp: '1385047698' }
  const sig = vonageSignature(fields, { method, secret: 'secret' })
  const sdk = smsOn(await record())
  expect(sdk.verifySignature(sig, { ...fields, sig }, 'secret', algorithm)).toBe(true)
  expect(sdk.verifySignature(sig, { ...fields, a: '3' }, 'secret', algorithm)).toBe(false)
})
