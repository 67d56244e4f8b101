import { expect, test } from 'vitest'
import { isSignedBySinch } from './signature.ts'

// Of the tests of the vendor's own SDKs.
const SECRET = 'SMSWebhooksSecret'
const BODY =
  '{"at":"2025-01-13T09:22:40.914Z","batch_id":"01JHFFHQ0P99JPPNQPJDV7JTBP","client_reference":"a client reference",' +
  '"code":0,"operator_status_at":"2025-01-13T09:22:00Z","recipient":"33662162466","status":"Delivered",' +
  '"type":"recipient_delivery_report_sms"}'
const HEADERS = {
  'x-sinch-webhook-signature': 'ZoHei66PPN/kZjw7hFVfGhJOnml3iGNCMWoyQVcE5o0=',
  'x-sinch-webhook-signature-nonce': '01JHFFHWYY7HSS4FWTMDTQEK8V',
  'x-sinch-webhook-signature-timestamp': '1736760161',
}
const isGood = (headers: Record<string, string>, body = BODY, secret = SECRET) =>
  isSignedBySinch({ headers: new Headers(headers), body: new TextEncoder().encode(body) }, secret)

test('the published signature is believed', () => {
  expect(isGood(HEADERS)).toBe(true)
})

test('nothing else is', () => {
  for (const name of Object.keys(HEADERS)) {
    expect(isGood({ ...HEADERS, [name]: `${HEADERS[name as keyof typeof HEADERS]}0` })).toBe(false)
    const { [name]: _left, ...others } = HEADERS as Record<string, string>
    expect(isGood(others)).toBe(false)
  }
  expect(isGood(HEADERS, `${BODY} `)).toBe(false)
  expect(isGood(HEADERS, BODY, 'another')).toBe(false)
})
