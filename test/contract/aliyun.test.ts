import DomesticSdk, * as domestic from '@alicloud/dysmsapi20170525'
import GlobeSdk, * as globe from '@alicloud/dysmsapi20180501'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import { expect, test } from 'vitest'
import type { Provider } from '../../src/channels/provider.ts'
import { aliyunSmsProvider } from '../../src/channels/providers/aliyun/domestic/provider.ts'
import { aliyunSmsIntlProvider } from '../../src/channels/providers/aliyun/international/provider.ts'
import { acs3Authorization } from '../../src/channels/providers/aliyun/signature.ts'
import type { Phone } from '../../src/domain/phone.ts'
import { aMessage, aSent, DEADLINE_MS, openProvider } from '../providers/provider.suite.ts'
import {
  CONTRACT_MS,
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorded,
  type Recorder,
  withClockStopped,
} from './recorder.ts'

/**
 * The SDK says where it found its key and signs that header too, so `authorization` differs by it; that we sign as the SDK does
 * is claimed on the SDK's own headers.
 */
const OF_THE_SDK = ['x-acs-credentials-provider', 'authorization']
const ACCOUNT = { access_key_id: 'testid', access_key_secret: 'testsecret' }
const message = aMessage({
  to: '+8613900001234' as Phone,
  country: 'CN',
  body: 'Your code is 123456. 验证码',
})

const record = () =>
  openRecorder({ json: { Code: 'OK', ResponseCode: 'OK', SmsSendDetailDTOs: null } })
const configFor = ({ host: endpoint }: Recorder) =>
  new $OpenApiUtil.Config({
    accessKeyId: ACCOUNT.access_key_id,
    accessKeySecret: ACCOUNT.access_key_secret,
    endpoint,
    protocol: 'HTTP',
  })

const nonceOf = (recorder: Recorder) => recorder.requests[0]?.headers['x-acs-signature-nonce']
const oursOn = (recorder: Recorder) => ({
  settings: { ...ACCOUNT, endpoint: recorder.url },
  deps: { platform: contractPlatform({ nonce: nonceOf(recorder) }) },
})

/** Our signature of the request that the SDK made. */
function signedByUs({ method, target, headers }: Recorded): string {
  const url = new URL(target, 'http://x')
  return acs3Authorization(
    {
      method,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.entries(headers),
      payloadHash: headers['x-acs-content-sha256'] ?? '',
    },
    { id: ACCOUNT.access_key_id, secret: ACCOUNT.access_key_secret },
  )
}

function expectSame(recorder: Recorder): void {
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs, OF_THE_SDK)
  for (const request of [theirs, ours]) {
    expect(request && signedByUs(request)).toBe(request?.headers.authorization)
  }
}

const openDomestic = (recorder: Recorder): Provider => {
  const { settings, deps } = oursOn(recorder)
  const templates = [{ id: 'SMS_1', variables: { code: 'code', min: 'minutes' } }]
  return openProvider(aliyunSmsProvider, { ...settings, signature: '阿里云', templates }, deps)
}

test('SendSms is what the SDK sends', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    new DomesticSdk(configFor(recorder)).sendSms(
      new domestic.SendSmsRequest({
        phoneNumbers: '13900001234',
        signName: '阿里云',
        templateCode: 'SMS_1',
        templateParam: '{"code":"123456","min":"10"}',
        outId: message.id,
      }),
    ),
  )
  const result = await openDomestic(recorder).send(message, DEADLINE_MS)
  expect(result.kind).toBe('accepted')
  expectSame(recorder)
})

test('QuerySendDetails is what the SDK sends', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    new DomesticSdk(configFor(recorder)).querySendDetails(
      new domestic.QuerySendDetailsRequest({
        phoneNumber: '13900001234',
        sendDate: '20260102',
        pageSize: 50,
        currentPage: 1,
        bizId: '90061^0',
      }),
    ),
  )
  const { id, to } = message
  const sent = aSent({ id, to, providerMessageId: '90061^0', sentAtMs: CONTRACT_MS })
  await openDomestic(recorder).query?.(sent, DEADLINE_MS)
  expectSame(recorder)
})

const mainland = { signature: '阿里云', templates: [{ id: 'SMS_1', variables: { code: 'code' } }] }
const openGlobe = (recorder: Recorder): Provider => {
  const { settings, deps } = oursOn(recorder)
  return openProvider(aliyunSmsIntlProvider, { ...settings, from: 'Acme', mainland }, deps)
}

test('SendMessageToGlobe is what the SDK sends', async () => {
  const recorder = await record()
  const abroad = { ...message, to: '+6581234567' as Phone, country: 'SG' }
  await withClockStopped(() =>
    new GlobeSdk(configFor(recorder)).sendMessageToGlobe(
      new globe.SendMessageToGlobeRequest({
        to: '6581234567',
        from: 'Acme',
        message: message.body,
        taskId: message.id,
        type: 'OTP',
        validityPeriod: 600,
      }),
    ),
  )
  expect((await openGlobe(recorder).send(abroad, DEADLINE_MS)).kind).toBe('accepted')
  expectSame(recorder)
})

test('SendMessageWithTemplate is what the SDK sends', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    new GlobeSdk(configFor(recorder)).sendMessageWithTemplate(
      new globe.SendMessageWithTemplateRequest({
        to: '8613900001234',
        from: '阿里云',
        templateCode: 'SMS_1',
        templateParam: '{"code":"123456"}',
        validityPeriod: 600,
      }),
    ),
  )
  expect((await openGlobe(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  expectSame(recorder)
})

test('QueryMessage is what the SDK sends', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    new GlobeSdk(configFor(recorder)).queryMessage(
      new globe.QueryMessageRequest({ messageId: '1008030300' }),
    ),
  )
  const { id, to } = message
  const sent = aSent({ id, to, providerMessageId: '1008030300', sentAtMs: CONTRACT_MS })
  await openGlobe(recorder).query?.(sent, DEADLINE_MS)
  expectSame(recorder)
})
