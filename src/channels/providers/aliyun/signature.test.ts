import { expect, test } from 'vitest'
import { sha256Hex } from '../../signing.ts'
import { type Acs3Request, acs3Authorization, requestHash } from './signature.ts'

const EMPTY = sha256Hex('')
const TEST_KEY = { id: 'testid', secret: 'testsecret' }

function call(host: string, [action, version]: readonly [string, string], at: readonly string[]) {
  const [date = '', nonce = ''] = at
  return (query: Record<string, string>): Acs3Request => ({
    method: 'POST',
    path: '/',
    query,
    headers: [
      ['host', host],
      ['x-acs-action', action],
      ['x-acs-content-sha256', EMPTY],
      ['x-acs-date', date],
      ['x-acs-signature-nonce', nonce],
      ['x-acs-version', version],
    ],
    payloadHash: EMPTY,
  })
}
const AT = ['2026-01-02T03:04:05Z', '0123456789abcdef0123456789abcdef']
const signatureOf = (authorization: string): string => authorization.split('Signature=')[1] ?? ''

test('the example of the vendor’s documentation', () => {
  const request = call(
    'ecs.cn-shanghai.aliyuncs.com',
    ['RunInstances', '2014-05-26'],
    ['2023-10-26T10:22:32Z', '3156853299f313e23d1673dc12e1703d'],
  )({
    ImageId: 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd',
    RegionId: 'cn-shanghai',
  })
  expect(requestHash(request)).toBe(
    '7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259',
  )
  expect(acs3Authorization(request, { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' })).toBe(
    'ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;x-acs-content-sha256;' +
      'x-acs-date;x-acs-signature-nonce;x-acs-version,Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
  )
})

test('the example of the SDK’s own tests, with one header twice', () => {
  // That test sets no method, and its SDK then signs the word.
  const request: Acs3Request = {
    method: 'undefined',
    path: '',
    query: { test: 'ok', empty: '' },
    headers: [
      ['x-acs-TEST', 'https'],
      ['x-acs-test', 'http'],
      ['accept', 'application/json'],
    ],
    payloadHash: '55e12e91650d2fec56ec74e1d3e4ddbfce2ef3a65890c2a19ecf88a307e76a23',
  }
  const authorization = acs3Authorization(request, { id: 'acesskey', secret: 'secret' })
  expect(signatureOf(authorization)).toBe(
    '0f2d549523cf082c83bb8135b5863614f7fe16ca7c2c7fc537e74d67374eeeac',
  )
})

test('texts in Chinese and JSON', () => {
  const request = call(
    'dypnsapi.aliyuncs.com',
    ['SendSmsVerifyCode', '2017-05-25'],
    AT,
  )({
    PhoneNumber: '13900001234',
    SignName: '阿里云',
    TemplateCode: '100001',
    TemplateParam: '{"code":"##code##","min":"5"}',
  })
  expect(signatureOf(acs3Authorization(request, TEST_KEY))).toBe(
    '1e4f80d83a97abcc3a5687d631d9974e738e26dc9d5441fc639520292f9aa6f1',
  )
})

test('an international message', () => {
  const request = call(
    'dysmsapi.ap-southeast-1.aliyuncs.com',
    ['SendMessageToGlobe', '2018-05-01'],
    AT,
  )({
    From: 'Acme',
    Message: 'Your code is 123456',
    TaskId: 'm1',
    To: '6581234567',
    Type: 'OTP',
    ValidityPeriod: '600',
  })
  expect(requestHash(request)).toBe(
    '190e4cfb27974a28237053d1a7890b86203087a0ae2e5607224851ffad2e842e',
  )
  expect(signatureOf(acs3Authorization(request, TEST_KEY))).toBe(
    'a497a9bac6adfb56e405105c0b0bdf96016b086ea1d8c4e045c3bcbd4b64d8c4',
  )
})
