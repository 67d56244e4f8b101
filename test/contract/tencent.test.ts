import { Agent } from 'node:http'
import { sms } from 'tencentcloud-sdk-nodejs-sms'
import { expect, test } from 'vitest'
import { tencentSmsProvider } from '../../src/channels/providers/tencent-sms/provider.ts'
import type { Phone } from '../../src/domain/phone.ts'
import { aMessage, DEADLINE_MS, openProvider } from '../providers/provider.suite.ts'
import {
  CONTRACT_MS,
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorder,
  withClockStopped,
} from './recorder.ts'

/** A number for tracing and the version of the SDK; neither is signed. */
const OF_THE_SDK = ['x-tc-traceid', 'x-tc-requestclient']
const HOST = 'sms.tencentcloudapi.com'
const KEY = { secretId: 'AKIDEXAMPLE', secretKey: 'SECRETEXAMPLE' }
const APP = '1400006666'
const message = aMessage({ to: '+8618511122233' as Phone, country: 'CN' })

const record = () =>
  openRecorder({ json: { Response: { SendStatusSet: [], PullSmsSendStatusSet: [] } } })

/** Its signature names the first word of the host as the service, so it must believe to talk to the real one. */
function sdkOn({ host }: Recorder) {
  const port = host.split(':')[1]
  const agent = new Agent({
    lookup: (_name, _options, found) => found(null, [{ address: '127.0.0.1', family: 4 }]),
  })
  return new sms.v20210111.Client({
    credential: KEY,
    region: 'ap-guangzhou',
    profile: { httpProfile: { endpoint: `${HOST}:${port}`, protocol: 'http://', agent } },
  })
}

const oursOn = (recorder: Recorder) =>
  openProvider(
    tencentSmsProvider,
    {
      secret_id: KEY.secretId,
      secret_key: KEY.secretKey,
      sdk_app_id: APP,
      signature: '腾讯云',
      templates: [{ id: '1110', variables: ['code'] }],
    },
    { platform: contractPlatform({ to: recorder }) },
  )

test('SendSms is what the SDK sends, signature and all', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    sdkOn(recorder).SendSms({
      PhoneNumberSet: ['+8618511122233'],
      SmsSdkAppId: APP,
      TemplateId: '1110',
      SignName: '腾讯云',
      TemplateParamSet: ['123456'],
      SessionContext: message.id,
    }),
  )
  await oursOn(recorder).send(message, DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs, OF_THE_SDK)
  expect(ours?.headers.authorization).toContain('/sms/tc3_request')
})

test('PullSmsSendStatusByPhoneNumber is what the SDK sends, signature and all', async () => {
  const recorder = await record()
  await withClockStopped(() =>
    sdkOn(recorder).PullSmsSendStatusByPhoneNumber({
      BeginTime: CONTRACT_MS / 1000 - 60,
      Offset: 0,
      Limit: 100,
      PhoneNumber: message.to,
      SmsSdkAppId: APP,
    }),
  )
  const sent = { ...message, providerMessageId: undefined, sentAtMs: CONTRACT_MS }
  await oursOn(recorder).query?.(sent, DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs, OF_THE_SDK)
})
