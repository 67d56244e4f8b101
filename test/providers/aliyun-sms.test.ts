import { expect, test } from 'vitest'
import { aliyunSmsProvider } from '../../src/channels/providers/aliyun/domestic/provider.ts'
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
  access_key_id: 'testid',
  access_key_secret: 'testsecret',
  signature: '阿里云',
  templates: [{ id: 'SMS_1', variables: { code: 'code', min: 'minutes' } }],
  receipt_token: 'a-secret-of-ours-1',
}
const CHINESE = { to: '+8613900001234' as Phone, country: 'CN' } as const

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(aliyunSmsProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})

const refusal = (code: string, status = 200) =>
  Response.json({ Code: code, Message: '触发天级流控Permits:10', RequestId: 'r' }, { status })

providerSuite({
  kind: 'aliyun-sms',
  open,
  channels: ['sms'],
  message: CHINESE,
  carries: ({ id }) => [id, '13900001234', '{"code":"123456","min":"10"}', '阿里云', 'SMS_1'],
  wire: {
    accepted: () => Response.json({ BizId: '90061^0', Code: 'OK', Message: 'OK', RequestId: 'r' }),
    refused: () => refusal('isv.MOBILE_NUMBER_ILLEGAL'),
    refusedKind: 'invalid_number',
  },
})

async function answered(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const { provider } = open(aPlatform(fetch), change)
  return { result: await provider.send(aMessage(CHINESE), DEADLINE_MS), call: calls[0] }
}

test.each([
  ['isv.MOBILE_NUMBER_ILLEGAL', 'refused', 'invalid_number'],
  ['isv.BLACK_KEY_CONTROL_LIMIT', 'refused', 'blocked_by_carrier'],
  ['isv.SMS_CONTENT_ILLEGAL', 'refused', 'content_refused'],
  ['isv.UNSUPPORTED_CONTENT', 'refused', 'content_refused'],
  ['isv.PARAM_NOT_SUPPORT_URL', 'refused', 'content_refused'],
  ['isv.SMS_CONTENT_MISMATCH_TEMPLATE_TYPE', 'refused', 'content_refused'],
  ['isv.SMS_TEMPLATE_ILLEGAL', 'refused', 'template_refused'],
  ['isv.SMS_SIGNATURE_ILLEGAL', 'refused', 'template_refused'],
  ['isv.SMS_SIGNATURE_SCENE_ILLEGAL', 'refused', 'template_refused'],
  ['isv.SIGN_STATE_ILLEGAL', 'refused', 'template_refused'],
  ['isv.SIGN_NAME_ILLEGAL', 'refused', 'template_refused'],
  ['isv.SMS_SIGN_ILLEGAL', 'refused', 'template_refused'],
  ['isv.TEMPLATE_MISSING_PARAMETERS', 'refused', 'template_refused'],
  ['isv.TEMPLATE_PARAMS_ILLEGAL', 'refused', 'template_refused'],
  ['isv.INVALID_JSON_PARAM', 'refused', 'template_refused'],
  ['isv.PARAM_LENGTH_LIMIT', 'refused', 'template_refused'],
  ['isv.AMOUNT_NOT_ENOUGH', 'refused', 'balance'],
  ['isv.OUT_OF_SERVICE', 'refused', 'balance'],
  ['isv.BUSINESS_LIMIT_CONTROL', 'refused', 'throttled'],
  ['isv.DAY_LIMIT_CONTROL', 'refused', 'throttled'],
  ['isv.MONTH_LIMIT_CONTROL', 'refused', 'throttled'],
  ['Throttling.User', 'refused', 'throttled'],
  ['SignatureDoesNotMatch', 'refused', 'credentials'],
  ['InvalidAccessKeyId.NotFound', 'refused', 'credentials'],
  ['InvalidTimeStamp.Expired', 'refused', 'credentials'],
  ['isp.RAM_PERMISSION_DENY', 'refused', 'credentials'],
  ['isv.ACCOUNT_NOT_EXISTS', 'refused', 'credentials'],
  ['isv.ACCOUNT_ABNORMAL', 'refused', 'credentials'],
  ['isv.DENY_IP_RANGE', 'refused', 'credentials'],
  ['isv.PRODUCT_UN_SUBSCRIPT', 'refused', 'credentials'],
  ['isv.SECURITY_FROZEN_ACCOUNT', 'refused', 'credentials'],
  ['isp.SYSTEM_ERROR', 'unknown', 'unknown'],
  ['isp.GATEWAY_ERROR', 'unknown', 'unknown'],
  ['SignatureNonceUsed', 'unknown', 'unknown'],
  ['isv.EXTEND_CODE_ERROR', 'failed', 'unknown'],
  ['isv.DOMESTIC_NUMBER_NOT_SUPPORTED', 'failed', 'unknown'],
  ['isv.INVALID_PARAMETERS', 'failed', 'unknown'],
  ['isv.NEVER_SEEN', 'failed', 'unknown'],
])('%s is %s: %s', async (code, kind, error) => {
  for (const status of [200, 400]) {
    const { result } = await answered(() => refusal(code, status))
    expect(result).toEqual({ kind, error: { kind: error, code, text: '触发天级流控Permits:10' } })
  }
})

test('a code that nobody knows from a server that broke may have sent the message', async () => {
  const { result } = await answered(() => refusal('ServiceUnavailable', 503))
  expect(result).toMatchObject({ kind: 'unknown', error: { code: 'ServiceUnavailable' } })
})

test('the message goes to the host of the region, and its own signature goes before', async () => {
  const ok = () => Response.json({ Code: 'OK' })
  expect((await answered(ok)).call?.url).toMatch(/^https:\/\/dysmsapi\.aliyuncs\.com\/\?OutId=VL/)
  const abroad = await answered(ok, { region: 'ap-southeast-1' })
  expect(abroad.call?.url).toContain('https://dysmsapi.ap-southeast-1.aliyuncs.com/?')
  const { fetch, calls } = scriptedFetch({ answer: ok })
  const { provider } = open(aPlatform(fetch))
  await provider.send(aMessage({ ...CHINESE, signature: '店' }), DEADLINE_MS)
  await provider.send(aMessage({ to: '+85251234567' as Phone, country: 'HK' }), DEADLINE_MS)
  const [own, hongKong] = calls.map(({ url }) => new URL(url).searchParams)
  expect(own?.get('SignName')).toBe('店')
  expect(hongKong?.get('PhoneNumbers')).toBe('85251234567')
})

test('without a template for its language a message is not sent', async () => {
  const templates = [{ id: 'SMS_1', locale: 'zh', variables: { code: 'code' } }]
  const { result, call } = await answered(() => Response.json({ Code: 'OK' }), { templates })
  expect(result).toMatchObject({ kind: 'failed', error: { kind: 'template_refused' } })
  expect(call).toBeUndefined()
})

const RECEIPT = {
  phone_number: '13900001234',
  send_time: '2026-01-02 11:04:05',
  report_time: '2026-01-02 11:04:09',
  success: true,
  err_code: 'DELIVERED',
  err_msg: '用户接收成功',
  sms_size: '1',
  biz_id: '90061^0',
  out_id: aMessage().id,
}
const read = (body: unknown, token: string | undefined = SETTINGS.receipt_token) => {
  const { provider } = open(aPlatform(scriptedFetch({ answer: undefined }).fetch))
  const callback = aCallback({ ...(token && { token }), body: JSON.stringify(body) })
  return provider.readReceipts?.(callback)
}

test('receipts come as an array and are answered in the words the vendor wants', async () => {
  expect(await read([RECEIPT])).toEqual({
    kind: 'read',
    deliveries: [
      {
        providerMessageId: '90061^0',
        reference: RECEIPT.out_id,
        status: 'delivered',
        error: undefined,
        segments: 1,
        cost: undefined,
      },
    ],
    answer: { contentType: 'application/json', body: '{"code":0,"msg":"OK"}' },
  })
})

test.each([
  ['REQUEST_SUCCESS', true, 'sent', undefined],
  ['MOBILE_NOT_ON_SERVICE', false, 'undelivered', 'unreachable'],
  ['MOBLLE_TERMINAL_ERROR', false, 'undelivered', 'unreachable'],
  ['INVALID_NUMBER', false, 'undelivered', 'invalid_number'],
  ['MOBILE_IN_BLACK', false, 'undelivered', 'blocked_by_carrier'],
  ['MOBILE_SEND_LIMIT', false, 'undelivered', 'blocked_by_carrier'],
  ['CONTENT_KEYWORD', false, 'undelivered', 'content_refused'],
  ['SP_UNKNOWN_ERROR', false, 'undelivered', 'unknown'],
])('a receipt of %s (%s) is %s because of %s', async (err_code, success, status, error) => {
  const reading = await read([{ ...RECEIPT, err_code, success }])
  expect(reading).toMatchObject({ deliveries: [{ status }] })
  if (reading?.kind === 'read') expect(reading.deliveries[0]?.error?.kind).toBe(error)
})

test('receipts without the secret path are not believed, and what is no array is not read', async () => {
  expect(await read([RECEIPT], 'another-secret-of')).toEqual({ kind: 'unauthentic' })
  expect(await read([RECEIPT], '')).toEqual({ kind: 'unauthentic' })
  const { receipt_token: _none, ...bare } = SETTINGS
  const closed = openProvider(aliyunSmsProvider, bare)
  const callback = aCallback({ token: SETTINGS.receipt_token, body: '[]' })
  expect(await closed.readReceipts?.(callback)).toEqual({ kind: 'unauthentic' })
  expect(await read(RECEIPT)).toEqual({ kind: 'malformed' })
  expect(await read([{ ...RECEIPT, biz_id: undefined }])).toEqual({ kind: 'malformed' })
})

const message = aMessage(CHINESE)
async function queried(details: unknown, status = 200) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(details, { status }) })
  const { provider } = open(aPlatform(fetch))
  // Eight in the evening in London is the next day in China.
  const sentAtMs = NOW_MS + 17 * 3_600_000
  const reference = aSent({ id: message.id, to: message.to, sentAtMs })
  return { found: await provider.query?.(reference, DEADLINE_MS), query: calls[0]?.url }
}
const detailsOf = (...rows: readonly unknown[]) => ({
  Code: 'OK',
  TotalCount: String(rows.length),
  SmsSendDetailDTOs: { SmsSendDetailDTO: rows },
})

test('a message whose answer was lost is found by our reference', async () => {
  const mine = { OutId: message.id, SendStatus: 2, ErrCode: 'MOBILE_IN_BLACK' }
  const { found, query } = await queried(detailsOf({ OutId: 'x', SendStatus: 3 }, mine))
  expect(new URL(query ?? '').search).toBe(
    '?CurrentPage=1&PageSize=50&PhoneNumber=13900001234&SendDate=20260103',
  )
  expect(found).toMatchObject({
    kind: 'found',
    delivery: {
      reference: message.id,
      status: 'undelivered',
      error: { kind: 'blocked_by_carrier' },
    },
  })
  expect((await queried(detailsOf())).found).toEqual({ kind: 'absent' })
  expect((await queried({ Code: 'isv.X', Message: 'no' })).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'isv.X' },
  })
  expect((await queried('no', 500)).found).toMatchObject({ kind: 'unclear' })
})

test.each([
  ['no signature', { signature: undefined }, 'signature'],
  ['no templates', { templates: [] }, 'templates'],
  [
    'a variable that we do not have',
    { templates: [{ id: 'S', variables: { a: 'b' } }] },
    'templates',
  ],
  ['a region of elsewhere', { region: 'mars-1' }, 'region'],
  ['an endpoint with a path', { endpoint: 'https://example.com/x' }, 'endpoint'],
  ['a short receipt token', { receipt_token: 'short' }, 'receipt_token'],
  ['a key with a line end', { access_key_secret: 'a\nb' }, 'access_key_secret'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = aliyunSmsProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
