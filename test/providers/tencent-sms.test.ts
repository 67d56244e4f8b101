import { expect, test } from 'vitest'
import { tencentSmsProvider } from '../../src/channels/providers/tencent-sms/provider.ts'
import type { Phone } from '../../src/domain/phone.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aCallback,
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  NOW_MS,
  openProvider,
  providerSuite,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = {
  secret_id: 'AKIDEXAMPLE',
  secret_key: 'SECRETEXAMPLE',
  sdk_app_id: '1400006666',
  signature: '腾讯云',
  templates: [{ id: '1110', variables: ['code', 'minutes'] }],
  receipt_token: 'a-secret-of-ours-1',
}
const CHINESE = { to: '+8618511122233' as Phone, country: 'CN' } as const
const SERIAL = '5000:1045710669157053657849499619'

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(tencentSmsProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})

const status = (change: Record<string, unknown> = {}) => {
  const one = { SerialNo: SERIAL, Fee: 2, Code: 'Ok', Message: 'send success', ...change }
  return Response.json({ Response: { SendStatusSet: [one], RequestId: 'r' } })
}
const error = (Code: string) =>
  Response.json({ Response: { Error: { Code, Message: 'no' }, RequestId: 'r' } })

providerSuite({
  kind: 'tencent-sms',
  open,
  channels: ['sms'],
  message: CHINESE,
  carries: ({ id, to }) => [id, to, '["123456","10"]', '腾讯云', '"1110"'],
  wire: {
    accepted: () => status(),
    refused: () => status({ Code: 'InvalidParameterValue.IncorrectPhoneNumber', Fee: 0 }),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(CHINESE), DEADLINE_MS)
  return { result, call: calls[0] }
}

test('an answer tells id and segments', async () => {
  expect((await sent(() => status())).result).toEqual({
    kind: 'accepted',
    providerMessageId: SERIAL,
    segments: 2,
    cost: undefined,
  })
})

test.each([
  ['InvalidParameterValue.IncorrectPhoneNumber', 'refused', 'invalid_number'],
  ['FailedOperation.PhoneNumberInBlacklist', 'refused', 'blocked_by_carrier'],
  ['FailedOperation.ContainSensitiveWord', 'refused', 'content_refused'],
  ['InvalidParameterValue.ContentLengthLimit', 'refused', 'content_refused'],
  ['InvalidParameterValue.ProhibitedUseUrlInTemplateParameter', 'refused', 'content_refused'],
  ['FailedOperation.TemplateIncorrectOrUnapproved', 'refused', 'template_refused'],
  ['FailedOperation.SignatureIncorrectOrUnapproved', 'refused', 'template_refused'],
  ['InvalidParameterValue.TemplateParameterFormatError', 'refused', 'template_refused'],
  ['InvalidParameterValue.TemplateParameterLengthLimit', 'refused', 'template_refused'],
  ['FailedOperation.InsufficientBalanceInSmsPackage', 'refused', 'balance'],
  ['UnauthorizedOperation.SerivceSuspendDueToArrears', 'refused', 'balance'],
  ['LimitExceeded.DeliveryFrequencyLimit', 'refused', 'throttled'],
  ['LimitExceeded.PhoneNumberThirtySecondLimit', 'refused', 'throttled'],
  ['LimitExceeded.PhoneNumberSameContentDailyLimit', 'refused', 'throttled'],
  ['LimitExceeded.AppDailyLimit', 'refused', 'throttled'],
  ['RequestLimitExceeded', 'refused', 'throttled'],
  ['RequestLimitExceeded.UinLimitExceeded', 'refused', 'throttled'],
  ['AuthFailure.SignatureFailure', 'refused', 'credentials'],
  ['UnauthorizedOperation.RequestIpNotInWhitelist', 'refused', 'credentials'],
  ['UnauthorizedOperation.SmsSdkAppIdVerifyFail', 'refused', 'credentials'],
  ['InvalidParameterValue.SdkAppIdNotExist', 'refused', 'credentials'],
  ['InternalError.SigVerificationFail', 'refused', 'credentials'],
  ['InternalError.RequestTimeException', 'refused', 'credentials'],
  ['UnsupportedOperation.UnsuportedRegion', 'failed', 'unknown'],
  ['UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber', 'failed', 'unknown'],
  ['FailedOperation.FailResolvePacket', 'failed', 'unknown'],
  ['FailedOperation.MarketingSendTimeConstraint', 'failed', 'unknown'],
  ['LimitExceeded.PhoneNumberCountLimit', 'failed', 'unknown'],
  ['MissingParameter', 'failed', 'unknown'],
  ['InvalidParameter', 'failed', 'unknown'],
  ['InternalError.Timeout', 'unknown', 'unknown'],
  ['InternalError.SendAndRecvFail', 'unknown', 'unknown'],
  ['InternalError.OtherError', 'unknown', 'unknown'],
  ['InternalError.UnknownError', 'unknown', 'unknown'],
  ['FailedOperation.OtherError', 'unknown', 'unknown'],
])('%s is %s: %s, whether of the request or of the number', async (code, kind, reason) => {
  for (const answer of [() => error(code), () => status({ Code: code, Message: 'no' })]) {
    const { result } = await sent(answer)
    expect(result).toEqual({ kind, error: { kind: reason, code, text: 'no' } })
  }
})

test('a mainland message has a signature, all others a sender', async () => {
  const { fetch, calls } = scriptedFetch({ answer: () => status() })
  const { provider } = open(aPlatform(fetch), { sender_id: 'Acme', extend_code: '01' })
  await provider.send(aMessage({ ...CHINESE, from: 'Shop', signature: '店' }), DEADLINE_MS)
  await provider.send(aMessage({ from: 'Shop' }), DEADLINE_MS)
  await provider.send(aMessage(), DEADLINE_MS)
  const [mainland, abroad, plain] = calls.map(({ body }) => JSON.parse(body))
  expect(mainland).toEqual({
    PhoneNumberSet: ['+8618511122233'],
    SmsSdkAppId: '1400006666',
    TemplateId: '1110',
    SignName: '店',
    TemplateParamSet: ['123456', '10'],
    ExtendCode: '01',
    SessionContext: aMessage().id,
  })
  expect(abroad).toMatchObject({ PhoneNumberSet: ['+447700900123'], SenderId: 'Shop' })
  expect(abroad).not.toHaveProperty('SignName')
  expect(plain).toMatchObject({ SenderId: 'Acme' })
})

test('the international site has its own host and region', async () => {
  const china = (await sent(() => status())).call
  expect(china?.url).toBe('https://sms.tencentcloudapi.com/')
  expect(china?.headers).toContain('"ap-guangzhou"')
  const abroad = (await sent(() => status(), { site: 'international' })).call
  expect(abroad?.url).toBe('https://sms.intl.tencentcloudapi.com/')
  expect(abroad?.headers).toContain('"ap-singapore"')
})

test.each([
  ['template for its language', { templates: [{ id: '1', locale: 'zh', variables: [] }] }],
  ['signature', { signature: undefined }],
])('without a %s a mainland message is not sent', async (_claim, change) => {
  const { result, call } = await sent(() => status(), change)
  expect(result).toMatchObject({ kind: 'failed', error: { kind: 'template_refused' } })
  expect(call).toBeUndefined()
})

const RECEIPT = {
  user_receive_time: '2026-01-02 11:04:09',
  nationcode: '86',
  mobile: '18511122233',
  report_status: 'SUCCESS',
  errmsg: 'DELIVRD',
  description: '用户短信送达成功',
  sid: SERIAL,
}
const read = (body: unknown, token = SETTINGS.receipt_token) =>
  open(aPlatform(fetch)).provider.readReceipts?.(aCallback({ token, body: JSON.stringify(body) }))

test('receipts come as an array and are answered in the words the vendor wants', async () => {
  const failure = { ...RECEIPT, report_status: 'FAIL', errmsg: 'MK:0012', description: '关机' }
  const known = {
    providerMessageId: SERIAL,
    reference: undefined,
    segments: undefined,
    cost: undefined,
  }
  expect(await read([RECEIPT, failure])).toEqual({
    kind: 'read',
    deliveries: [
      { ...known, status: 'delivered', error: undefined },
      {
        ...known,
        status: 'undelivered',
        error: { kind: 'unknown', code: 'MK:0012', text: '关机' },
      },
    ],
    answer: { contentType: 'application/json', body: '{"result":0,"errmsg":"OK"}' },
  })
})

test('receipts without the secret path are not believed, and what is no array is not read', async () => {
  expect(await read([RECEIPT], 'another-secret-of')).toEqual({ kind: 'unauthentic' })
  expect(await read(RECEIPT)).toEqual({ kind: 'malformed' })
  expect(await read([{ ...RECEIPT, report_status: 'MAYBE' }])).toEqual({ kind: 'malformed' })
})

const message = aMessage(CHINESE)
async function queried(answer: unknown, providerMessageId?: string) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(answer) })
  const { id, to } = message
  const reference = aSent({ id, to, providerMessageId })
  const found = await open(aPlatform(fetch)).provider.query?.(reference, DEADLINE_MS)
  return { found, asked: JSON.parse(calls[0]?.body ?? '') }
}
const reports = (...set: readonly unknown[]) => ({ Response: { PullSmsSendStatusSet: set } })

test('a message is found among the reports of its number by our reference or by its id', async () => {
  const mine = { SerialNo: SERIAL, SessionContext: message.id, ReportStatus: 'SUCCESS' }
  const other = { SerialNo: 'x', SessionContext: '', ReportStatus: 'FAIL' }
  const { found, asked } = await queried(reports(other, mine))
  expect(asked).toEqual({
    BeginTime: NOW_MS / 1000 - 60,
    Offset: 0,
    Limit: 100,
    PhoneNumber: '+8618511122233',
    SmsSdkAppId: '1400006666',
  })
  expect(found).toMatchObject({
    kind: 'found',
    delivery: { status: 'delivered', providerMessageId: SERIAL, reference: message.id },
  })
  const byId = await queried(reports({ ...other, SerialNo: SERIAL }), SERIAL)
  expect(byId.found).toMatchObject({ kind: 'found', delivery: { status: 'undelivered' } })
})

test('a message that no carrier has reported on is not said to be absent', async () => {
  expect((await queried(reports())).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'not_reported' },
  })
  const refusal = { Response: { Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'no' } } }
  expect((await queried(refusal)).found).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
})

test.each([
  ['no templates', { templates: undefined }, 'templates'],
  ['an app id of letters', { sdk_app_id: 'app' }, 'sdk_app_id'],
  ['a site of its own', { site: 'moon' }, 'site'],
  ['a region with a dot', { region: 'a.b' }, 'region'],
  ['a short receipt token', { receipt_token: 'short' }, 'receipt_token'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = tencentSmsProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
