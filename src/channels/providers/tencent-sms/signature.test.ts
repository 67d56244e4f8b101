import { expect, test } from 'vitest'
import { requestHash, tc3Authorization } from './signature.ts'

test('the example of the vendor’s documentation', () => {
  const request = {
    service: 'cvm',
    timestampSeconds: 1_551_113_065,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      host: 'cvm.tencentcloudapi.com',
      'x-tc-action': 'describeinstances',
    },
    body: '{"Limit": 1, "Filters": [{"Values": ["\\u672a\\u547d\\u540d"], "Name": "instance-name"}]}',
  }
  expect(requestHash(request)).toBe(
    '7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84',
  )
  const key = { id: 'AKID', secret: 'Gu5t9xGARNpq86cd98joQYCN3*******' }
  expect(tc3Authorization(request, key)).toBe(
    'TC3-HMAC-SHA256 Credential=AKID/2019-02-25/cvm/tc3_request, SignedHeaders=content-type;host;x-tc-action, ' +
      'Signature=be4f67d323c78ab9acb7395e43c0dbcf822a9cfac32fea2449a7bc7726b770a3',
  )
})

test('a message in Chinese', () => {
  const request = {
    service: 'sms',
    timestampSeconds: 1_767_323_045,
    headers: { 'content-type': 'application/json', host: 'sms.tencentcloudapi.com' },
    body: '{"PhoneNumberSet":["+8618511122233"],"SmsSdkAppId":"1400006666","TemplateId":"1110","SignName":"腾讯云","TemplateParamSet":["4370"]}',
  }
  expect(requestHash(request)).toBe(
    'fc5f6fa9771ebf97eaf49c7e9c65b6326bbffd7164c3d92948b7ecb285377f1d',
  )
  const key = { id: 'AKIDEXAMPLE', secret: 'SECRETEXAMPLE' }
  expect(tc3Authorization(request, key)).toContain(
    'Signature=61b66f5724c6284a6bd0ba8cc8362c3ad4bb4b19c4c5dd436ce516f57f90920d',
  )
})
