import {
  PinpointSMSVoiceV2Client,
  SendTextMessageCommand,
} from '@aws-sdk/client-pinpoint-sms-voice-v2'
import { expect, test } from 'vitest'
import { awsSmsProvider } from '../../src/channels/providers/aws-sms/provider.ts'
import { signedHeaders } from '../../src/channels/providers/aws-sms/signature.ts'
import { aMessage, DEADLINE_MS, openProvider } from '../providers/provider.suite.ts'
import {
  CONTRACT_MS,
  contractPlatform,
  expectSameRequest,
  openRecorder,
  type Recorded,
  withClockStopped,
} from './recorder.ts'

/**
 * What the SDK says of itself, which it also signs, so `authorization` differs by it; that we sign as the SDK does is claimed on
 * the SDK's own headers.
 */
const OF_THE_SDK = [
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'authorization',
  'x-amz-content-sha256',
  'x-amz-user-agent',
]
const KEY = { id: 'AKIDEXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG', sessionToken: 'token' }
const message = aMessage({ body: 'Your code is 123456. 验证码' })

/** Our signature of the request that stood on the wire, over the headers that it says were signed. */
async function signedByUs({ headers, body }: Recorded): Promise<string | null> {
  const named = /SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1]?.split(';') ?? []
  const ours = new Set(['host', 'x-amz-date', 'x-amz-security-token'])
  const fixed = named
    .filter((name) => !ours.has(name))
    .map((name) => [name, headers[name] ?? ''] as const)
  const signed = await signedHeaders(
    {
      url: `http://${headers.host}/`,
      headers: Object.fromEntries(fixed),
      body,
      nowMs: CONTRACT_MS,
    },
    { ...KEY, region: 'us-east-1' },
  )
  return signed.get('authorization')
}

test('SendTextMessage is what the SDK sends, and signed as the SDK signs', async () => {
  const recorder = await openRecorder({ json: { MessageId: 'm1' } })
  const client = new PinpointSMSVoiceV2Client({
    region: 'us-east-1',
    endpoint: recorder.url,
    credentials: {
      accessKeyId: KEY.id,
      secretAccessKey: KEY.secret,
      sessionToken: KEY.sessionToken,
    },
  })
  const command = new SendTextMessageCommand({
    DestinationPhoneNumber: message.to,
    OriginationIdentity: '+12065550100',
    MessageBody: message.body,
    MessageType: 'TRANSACTIONAL',
    ConfigurationSetName: 'codes',
    MaxPrice: '0.10',
    TimeToLive: 600,
    Context: { send: message.id },
    DestinationCountryParameters: { IN_ENTITY_ID: '12', IN_TEMPLATE_ID: '34' },
    ProtectConfigurationId: 'protect-1',
  })
  await withClockStopped(() => client.send(command))
  const provider = openProvider(
    awsSmsProvider,
    {
      region: 'us-east-1',
      access_key_id: KEY.id,
      secret_access_key: KEY.secret,
      session_token: KEY.sessionToken,
      from: '+12065550100',
      configuration_set: 'codes',
      max_price: '0.10',
      india: { entity_id: '12', template_id: '34' },
      protect_configuration: 'protect-1',
      endpoint: recorder.url,
    },
    { platform: contractPlatform() },
  )
  expect((await provider.send(message, DEADLINE_MS)).kind).toBe('accepted')
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs, OF_THE_SDK)
  for (const request of [theirs, ours]) {
    expect(request && (await signedByUs(request))).toBe(request?.headers.authorization)
  }
})
