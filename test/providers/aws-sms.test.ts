import { expect, test } from 'vitest'
import { awsSmsProvider } from '../../src/channels/providers/aws-sms/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import { aMessage, aPlatform, DEADLINE_MS, openProvider, providerSuite } from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = {
  region: 'eu-west-1',
  access_key_id: 'AKIDEXAMPLE',
  secret_access_key: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  from: '+12065550100',
  configuration_set: 'codes',
}

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(awsSmsProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const taken = () => Response.json({ MessageId: '862a8790-60c0' })
const error = (type: string, change: Record<string, unknown> = {}, status = 400) =>
  Response.json(
    { __type: `com.amazonaws.pinpointsmsvoicev2#${type}`, Message: 'not this one', ...change },
    { status },
  )
const WRONG_NUMBER = {
  Reason: 'FIELD_VALIDATION_FAILED',
  Fields: [{ Name: 'DestinationPhoneNumber', Message: 'no' }],
}

providerSuite({
  kind: 'aws-sms',
  open,
  channels: ['sms'],
  wire: {
    accepted: taken,
    refused: () => error('ValidationException', WRONG_NUMBER),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(), DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('a message has our reference in its context and ends with its code', async () => {
  const { result, call, body } = await sent(taken)
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: '862a8790-60c0',
    segments: undefined,
    cost: undefined,
  })
  expect(call?.url).toBe('https://sms-voice.eu-west-1.amazonaws.com/')
  expect(call?.headers).toContain('/20260102/eu-west-1/sms-voice/aws4_request')
  expect(body).toEqual({
    DestinationPhoneNumber: '+447700900123',
    OriginationIdentity: '+12065550100',
    MessageBody: '123456 is your code.',
    MessageType: 'TRANSACTIONAL',
    ConfigurationSetName: 'codes',
    TimeToLive: 600,
    Context: { send: aMessage().id },
  })
})

test('what is configured goes along, and a message is good for three days at most', async () => {
  const { fetch, calls } = scriptedFetch({ answer: taken })
  const { provider } = open(aPlatform(fetch), {
    region: 'cn-north-1',
    from: undefined,
    configuration_set: undefined,
    session_token: 'token',
    max_price: '0.10',
    india: { entity_id: '12', template_id: '34' },
    protect_configuration: 'protect-1',
  })
  await provider.send(aMessage({ validForMs: 1e12, from: 'Shop' }), DEADLINE_MS)
  await provider.send(aMessage({ validForMs: 1 }), DEADLINE_MS)
  const [first, second] = calls.map(({ body }) => JSON.parse(body))
  expect(calls[0]?.url).toBe('https://sms-voice.cn-north-1.amazonaws.com.cn/')
  expect(calls[0]?.headers).toContain('["x-amz-security-token","token"]')
  expect(first).toMatchObject({
    OriginationIdentity: 'Shop',
    MaxPrice: '0.10',
    TimeToLive: 259_200,
    DestinationCountryParameters: { IN_ENTITY_ID: '12', IN_TEMPLATE_ID: '34' },
    ProtectConfigurationId: 'protect-1',
  })
  expect(second).toMatchObject({ TimeToLive: 5 })
  expect(second).not.toHaveProperty('OriginationIdentity')
  expect(second).not.toHaveProperty('ConfigurationSetName')
})

const PROTECTED = 'DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE'
test.each([
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_OPTED_OUT', 'refused', 'blocked_by_carrier'],
  ['ConflictException', PROTECTED, 'refused', 'blocked_by_carrier'],
  [
    'ConflictException',
    'DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION',
    'refused',
    'blocked_by_carrier',
  ],
  ['ConflictException', 'DESTINATION_PHONE_NUMBER_NOT_VERIFIED', 'failed', 'unknown'],
  [
    'ConflictException',
    'NO_ORIGINATION_IDENTITIES_FOUND_FOR_DESTINATION_COUNTRY',
    'failed',
    'unknown',
  ],
  ['ValidationException', 'MAXIMUM_SIZE_EXCEEDED', 'refused', 'content_refused'],
  ['ValidationException', 'PRICE_OVER_THRESHOLD', 'failed', 'unknown'],
  ['ValidationException', 'DESTINATION_COUNTRY_BLOCKED', 'failed', 'unknown'],
  ['ValidationException', 'SENDER_ID_NOT_REGISTERED', 'failed', 'unknown'],
  ['ValidationException', 'INVALID_PARAMETER', 'failed', 'unknown'],
  ['ServiceQuotaExceededException', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT', 'refused', 'balance'],
  ['ServiceQuotaExceededException', 'MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE', 'refused', 'balance'],
  ['ServiceQuotaExceededException', 'DAILY_DESTINATION_CALL_LIMIT', 'refused', 'throttled'],
  ['AccessDeniedException', 'ACCOUNT_DISABLED', 'refused', 'credentials'],
  ['AccessDeniedException', 'INSUFFICIENT_ACCOUNT_REPUTATION', 'refused', 'credentials'],
])('%s for %s is %s: %s', async (type, reason, kind, ours) => {
  for (const status of [400, 402, 403]) {
    const { result } = await sent(() => error(type, { Reason: reason }, status))
    expect(result).toEqual({ kind, error: { kind: ours, code: reason, text: 'not this one' } })
  }
})

test.each([
  ['ThrottlingException', 400, 'refused', 'throttled'],
  ['UnrecognizedClientException', 400, 'refused', 'credentials'],
  ['InvalidSignatureException', 400, 'refused', 'credentials'],
  ['IncompleteSignatureException', 400, 'refused', 'credentials'],
  ['ExpiredTokenException', 400, 'refused', 'credentials'],
  ['MissingAuthenticationTokenException', 400, 'refused', 'credentials'],
  ['ResourceNotFoundException', 400, 'failed', 'unknown'],
  ['SomethingNewException', 400, 'failed', 'unknown'],
  ['constructor', 400, 'failed', 'unknown'],
  ['InternalServerException', 500, 'unknown', 'unknown'],
  ['ThrottlingException', 503, 'unknown', 'unknown'],
])('%s with status %i is %s: %s', async (type, status, kind, ours) => {
  const { result } = await sent(() => error(type, {}, status))
  expect(result).toEqual({ kind, error: { kind: ours, code: type, text: 'not this one' } })
})

test('a wrong number is told by its field or in words', async () => {
  const inWords = { Reason: 'INVALID_PARAMETER', Message: 'DestinationPhoneNumber is not valid' }
  const { result } = await sent(() => error('ValidationException', inWords))
  expect(result).toMatchObject({ kind: 'refused', error: { kind: 'invalid_number' } })
  const bare = () =>
    Response.json({ __type: 'ThrottlingException', message: 'slow' }, { status: 400 })
  expect((await sent(bare)).result).toMatchObject({ error: { kind: 'throttled', text: 'slow' } })
})

test('there is nothing to ask afterwards', () => {
  expect(open(aPlatform(fetch)).provider.query).toBeUndefined()
})

test.each([
  ['a region with a dot', { region: 'evil.example' }, 'region'],
  ['no key', { access_key_id: undefined }, 'access_key_id'],
  ['a price in words', { max_price: 'ten' }, 'max_price'],
  ['the ARN of a queue', { topic_arn: 'arn:aws:sqs:eu-west-1:123456789012:q' }, 'topic_arn'],
  ['a short receipt token', { receipt_token: 'short' }, 'receipt_token'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = awsSmsProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})

test('advertising goes as such', async () => {
  const { fetch, calls } = scriptedFetch({ answer: taken })
  const { provider } = open(aPlatform(fetch))
  for (const kind of ['notice', 'bulk'] as const)
    await provider.send(aMessage({ kind }), DEADLINE_MS)
  const types = calls.map(({ body }) => (JSON.parse(body) as { MessageType: string }).MessageType)
  expect(types).toEqual(['TRANSACTIONAL', 'PROMOTIONAL'])
})
