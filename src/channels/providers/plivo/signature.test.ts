import { expect, test } from 'vitest'
import { isSignedByPlivo } from './signature.ts'

// Accepted by the vendor's own SDK.
const TOKEN = 'my_auth_token'
const NONCE = '05429567804466091622'
const URL_OF_OURS = 'https://otp.example.com/dlr/plivo'
const FIELDS = {
  ErrorCode: '000',
  From: '14151112222',
  MCC: '310',
  MNC: '004',
  MessageUUID: 'db3ce55a-7f1d-11e1-8ea7-1231380bc196',
  Status: 'delivered',
  To: '14155552345',
  TotalAmount: '0.00350',
  TotalRate: '0.0035',
  Units: '1',
}
const SIGNATURE = 'JP8WE6CNlnd+75+wMbWXPpzJ63xjEvkRD7P/HEs5AS0='
const WITH_QUERY = 'A3SCXpDam/NZSdAfy5QEw6rZQ3Sq2l8JaW7AsUcqtFo='

type Change = {
  readonly url?: string
  readonly fields?: Record<string, string>
  readonly headers?: Record<string, string>
  readonly authToken?: string
  readonly mainAuthToken?: string
}

function isGood(change: Change = {}): boolean {
  const { url = URL_OF_OURS, fields = FIELDS, authToken = TOKEN, mainAuthToken = TOKEN } = change
  const headers = new Headers({
    'x-plivo-signature-v3': SIGNATURE,
    'x-plivo-signature-v3-nonce': NONCE,
    ...change.headers,
  })
  const form = new URLSearchParams(Object.entries(fields).reverse())
  return isSignedByPlivo({ method: 'POST', url, headers, form }, { authToken, mainAuthToken })
}
const MAIN_ONLY = { 'x-plivo-signature-v3': '', 'x-plivo-signature-ma-v3': SIGNATURE }

test('the vectors are believed, with a query and without one', () => {
  expect(isGood()).toBe(true)
  const headers = { 'x-plivo-signature-v3': WITH_QUERY }
  expect(isGood({ url: `${URL_OF_OURS}?m=1`, headers })).toBe(true)
})

test('one signature of a list is enough, and the main account may sign in its own header', () => {
  expect(isGood({ headers: { 'x-plivo-signature-v3': `bm8=, ${SIGNATURE}` } })).toBe(true)
  expect(isGood({ headers: MAIN_ONLY })).toBe(true)
  expect(isGood({ headers: MAIN_ONLY, authToken: 'another' })).toBe(true)
  expect(isGood({ headers: MAIN_ONLY, mainAuthToken: 'another' })).toBe(false)
})

test.each([
  ['another token', { authToken: 'another' }],
  ['another nonce', { headers: { 'x-plivo-signature-v3-nonce': '1' } }],
  ['no signature', { headers: { 'x-plivo-signature-v3': '' } }],
  ['another address', { url: `${URL_OF_OURS}x` }],
  ['a query more', { url: `${URL_OF_OURS}?m=1` }],
  ['another status', { fields: { ...FIELDS, Status: 'failed' } }],
  ['a field less', { fields: { ErrorCode: '000' } }],
])('%s is not believed', (_claim, change) => {
  expect(isGood(change)).toBe(false)
})

test('without a nonce nothing is believed', () => {
  const headers = new Headers({ 'x-plivo-signature-v3': SIGNATURE })
  const form = new URLSearchParams(FIELDS)
  const tokens = { authToken: TOKEN, mainAuthToken: TOKEN }
  expect(isSignedByPlivo({ method: 'POST', url: URL_OF_OURS, headers, form }, tokens)).toBe(false)
})
