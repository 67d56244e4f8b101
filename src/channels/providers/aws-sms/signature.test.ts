import { expect, test } from 'vitest'
import { signedHeaders } from './signature.ts'

const KEY = {
  id: 'AKIDEXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'us-east-1',
}
const REQUEST = {
  url: 'https://sms-voice.us-east-1.amazonaws.com/',
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': 'PinpointSMSVoiceV2.SendTextMessage',
  },
  body:
    '{"DestinationPhoneNumber":"+14155552345","OriginationIdentity":"+12065550100",' +
    '"MessageBody":"Your code is 123456","MessageType":"TRANSACTIONAL"}',
  nowMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
}

test('the request of the vector is signed as computed', async () => {
  const headers = await signedHeaders(REQUEST, KEY)
  expect(headers.get('x-amz-date')).toBe('20260102T030405Z')
  expect(headers.get('authorization')).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/sms-voice/aws4_request, ' +
      'SignedHeaders=content-type;host;x-amz-date;x-amz-target, ' +
      'Signature=7434d757f2d35fae06a41e0e58a2d2db37037eb993439b3e527e475fd3450524',
  )
})

test('the token of a temporary key goes along and is signed', async () => {
  const headers = await signedHeaders(REQUEST, { ...KEY, sessionToken: 'token' })
  expect(headers.get('x-amz-security-token')).toBe('token')
  expect(headers.get('authorization')).toContain(';x-amz-security-token;')
})
