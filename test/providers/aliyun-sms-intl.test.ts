import { expect, test } from 'vitest'
import { aliyunSmsIntlProvider } from '../../src/channels/providers/aliyun/international/provider.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aCallback,
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  openProvider,
  providerSuite,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = {
  access_key_id: 'testid',
  access_key_secret: 'testsecret',
  from: 'Acme',
  mainland: { signature: '阿里云', templates: [{ id: 'SMS_1', variables: { code: 'code' } }] },
  receipt_token: 'a-secret-of-ours-1',
}
const CHINESE = { to: '+8613900001234' as Phone, country: 'CN' } as const
const ACCEPTED = {
  ResponseCode: 'OK',
  ResponseDescription: 'OK',
  MessageId: '1008030300',
  Segments: '2',
  To: '447700900123',
}

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(aliyunSmsIntlProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})

providerSuite({
  kind: 'aliyun-sms-intl',
  open,
  channels: ['sms'],
  carries: ({ id, body }) => [id, body, '447700900123', 'Acme'],
  wire: {
    accepted: () => Response.json(ACCEPTED),
    refused: () => Response.json({ ResponseCode: 'MOBILE_NUMBER_ILLEGAL' }),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Parameters<typeof aMessage>[0] = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch)).provider.send(aMessage(change), DEADLINE_MS)
  const [call] = calls
  return { result, call, query: new URL(call?.url ?? 'http://x/').searchParams }
}

test('an answer tells id and segments', async () => {
  const { result } = await sent(() => Response.json(ACCEPTED))
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: '1008030300',
    segments: 2,
    cost: undefined,
  })
})

test('abroad goes the text, into mainland China an approved template', async () => {
  const abroad = await sent(() => Response.json(ACCEPTED), { from: 'Shop', validForMs: 299_999 })
  expect(Object.fromEntries(abroad.query)).toEqual({
    From: 'Shop',
    Message: '123456 is your code.',
    TaskId: aMessage().id,
    To: '447700900123',
    Type: 'OTP',
    ValidityPeriod: '299',
  })
  const mainland = await sent(() => Response.json(ACCEPTED), CHINESE)
  expect(mainland.call?.headers).toContain('"SendMessageWithTemplate"')
  expect(Object.fromEntries(mainland.query)).toEqual({
    From: '阿里云',
    TemplateCode: 'SMS_1',
    TemplateParam: '{"code":"123456"}',
    To: '8613900001234',
    ValidityPeriod: '600',
  })
})

test('without settings for it mainland China is left to others', async () => {
  const { fetch, calls } = scriptedFetch({ answer: undefined })
  const { provider } = open(aPlatform(fetch), { mainland: undefined })
  const result = await provider.send(aMessage(CHINESE), DEADLINE_MS)
  expect(result).toMatchObject({ kind: 'failed', error: { kind: 'template_refused' } })
  expect(calls).toEqual([])
})

test.each([
  ['OUT_OF_SERVICE', 'refused', 'balance'],
  ['ACCOUNT_NOT_EXISTS', 'refused', 'credentials'],
  ['FORBIDDEN_ACTION', 'refused', 'credentials'],
  ['MOBILE_NUMBER_ILLEGAL', 'refused', 'invalid_number'],
  ['INVALID_SENDERID', 'failed', 'unknown'],
  ['MOBILE_COUNT_OVER_LIMIT', 'failed', 'unknown'],
  ['CONTENT_MISSING_PARAMETERS', 'failed', 'unknown'],
])('%s is %s: %s', async (code, kind, error) => {
  const { result } = await sent(() => Response.json({ ResponseCode: code }))
  expect(result).toMatchObject({ kind, error: { kind: error, code } })
})

test('the gateway refuses in words of its own', async () => {
  const refusal = { Code: 'SignatureDoesNotMatch', Message: 'no', RequestId: 'r' }
  const { result } = await sent(() => Response.json(refusal, { status: 400 }))
  expect(result).toMatchObject({ kind: 'refused', error: { kind: 'credentials', text: 'no' } })
})

const RECEIPT = {
  To: '447700900123',
  SendDate: 'Fri, 02 Jan 2026 11:04:05 +0800',
  ReceiveDate: 'Fri, 02 Jan 2026 11:04:09 +0800',
  Status: '1',
  ErrorCode: 'DELIVERED',
  ErrorDescription: 'success',
  TaskId: aMessage().id,
  SmsSize: '2',
  MessageId: '1008030300',
}
const read = (body: unknown, token = SETTINGS.receipt_token) =>
  open(aPlatform(fetch)).provider.readReceipts?.(aCallback({ token, body: JSON.stringify(body) }))

test('receipts come as an array and are answered in the words the vendor wants', async () => {
  expect(await read([RECEIPT])).toEqual({
    kind: 'read',
    deliveries: [
      {
        providerMessageId: '1008030300',
        reference: RECEIPT.TaskId,
        status: 'delivered',
        error: undefined,
        segments: 2,
        cost: undefined,
      },
    ],
    answer: { contentType: 'application/json', body: '{"code":0,"msg":"OK"}' },
  })
  const late = await read([{ ...RECEIPT, Status: 6, ErrorCode: '' }])
  expect(late).toMatchObject({
    deliveries: [{ status: 'undelivered', error: { kind: 'unknown', code: 'expired' } }],
  })
  const absent = await read([{ ...RECEIPT, Status: '2', ErrorCode: 'MOBILE_NOT_ON_SERVICE' }])
  expect(absent).toMatchObject({
    deliveries: [{ status: 'undelivered', error: { kind: 'unreachable' } }],
  })
})

test('receipts without the secret path are not believed, and what is no array is not read', async () => {
  expect(await read([RECEIPT], 'another-secret-of')).toEqual({ kind: 'unauthentic' })
  expect(await read({ RECEIPT })).toEqual({ kind: 'malformed' })
  expect(await read([{ ...RECEIPT, Status: '4' }])).toEqual({ kind: 'malformed' })
})

async function queried(answer: unknown, providerMessageId: string | undefined = '1008030300') {
  const { fetch } = scriptedFetch({ answer: () => Response.json(answer) })
  const reference = aSent({ providerMessageId })
  return open(aPlatform(fetch)).provider.query?.(reference, DEADLINE_MS)
}

test('a message can be asked after by the vendor’s id only', async () => {
  expect(await queried({ ResponseCode: 'OK', Status: '3' })).toMatchObject({
    kind: 'found',
    delivery: { status: 'sent' },
  })
  const failed = { ResponseCode: 'OK', Status: '2', ErrorCode: 'INVALID_NUMBER' }
  expect(await queried(failed)).toMatchObject({
    delivery: { status: 'undelivered', error: { kind: 'invalid_number' } },
  })
  expect(await queried({ ResponseCode: 'NO' })).toMatchObject({ kind: 'unclear' })
  const { fetch } = scriptedFetch({ answer: undefined })
  const unnamed = aSent()
  expect(await open(aPlatform(fetch)).provider.query?.(unnamed, DEADLINE_MS)).toMatchObject({
    kind: 'unclear',
    error: { code: 'no_message_id' },
  })
})

test('the vendor is told what a text is for', async () => {
  const types = ['otp', 'notice', 'bulk'] as const
  const told = await Promise.all(
    types.map(async (kind) => (await sent(() => Response.json(ACCEPTED), { kind })).query),
  )
  expect(told.map((query) => query.get('Type'))).toEqual(['OTP', 'NOTIFY', 'MKT'])
})
