import fc from 'fast-check'
import { Client, validateV3Signature } from 'plivo'
import { expect, test } from 'vitest'
import { plivoProvider } from '../../src/channels/providers/plivo/provider.ts'
import { isSignedByPlivo } from '../../src/channels/providers/plivo/signature.ts'
import { hmacOf, toBase64 } from '../../src/channels/signing.ts'
import {
  aMessage,
  aSent,
  DEADLINE_MS,
  openProvider,
  RECEIPT_URL,
} from '../providers/provider.suite.ts'
import { contractPlatform, expectSameRequest, openRecorder, type Recorder } from './recorder.ts'

const ACCOUNT = { auth_id: 'MAXXXXXXXXXXXXXXXXXX', auth_token: 'my_auth_token' }
const message = aMessage({ body: 'Your code is 123456. 验证码' })
const record = () => openRecorder({ json: { message_uuid: ['m1'], objects: [], meta: {} } })
const sdkOn = ({ url }: Recorder) =>
  new Client(ACCOUNT.auth_id, ACCOUNT.auth_token, {
    url: `${url}/v1/Account/${ACCOUNT.auth_id}`,
  } as never)
const oursOn = ({ url: endpoint }: Recorder) =>
  openProvider(
    plivoProvider,
    { ...ACCOUNT, from: '+14151112222', endpoint },
    { platform: contractPlatform() },
  )

test('sending is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).messages.create('+14151112222', message.to, message.body, {
    url: `${RECEIPT_URL}?reference=${message.id}`,
    method: 'POST',
    type: 'sms',
    log: 'false',
  } as never)
  expect((await oursOn(recorder).send(message, DEADLINE_MS)).kind).toBe('accepted')
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs)
})

test('looking a message up is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).messages.get('m1')
  await oursOn(recorder).query?.(aSent({ providerMessageId: 'm1' }), DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  // The SDK gives its GET a body: two quotation marks.
  expect(theirs?.body).toBe('""')
  expectSameRequest(ours, theirs && { ...theirs, body: '' })
})

test('listing messages is what the SDK sends', async () => {
  const recorder = await record()
  await sdkOn(recorder).messages.list({
    limit: 20,
    message_direction: 'outbound',
    message_time__gte: '2026-01-02 03:04:00',
    message_time__lte: '2026-01-02 03:04:40',
  } as never)
  await oursOn(recorder).query?.(aSent(), DEADLINE_MS)
  const [theirs, ours] = recorder.requests
  expectSameRequest(ours, theirs)
})

const word = fc.stringMatching(/^[A-Za-z0-9 ._:+-]{1,12}$/)
const fields = fc.dictionary(fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{0,9}$/), word, { maxKeys: 8 })

test('what is signed is what the SDK signs, whatever the fields', () => {
  void fc.assert(
    fc.property(fields, fields, fc.constantFrom('GET', 'POST'), (query, body, method) => {
      const search = new URLSearchParams(query).toString()
      const url = `https://otp.example.com/receipts${search === '' ? '' : `?${search}`}`
      const sdkTakes = (signature: string) =>
        validateV3Signature(method, url, '42', 'token', signature, method === 'GET' ? {} : body)
      const signing = (signature: string) => ({
        method,
        url,
        headers: new Headers({
          'x-plivo-signature-v3': signature,
          'x-plivo-signature-v3-nonce': '42',
        }),
        form: new URLSearchParams(body),
      })
      const signature = signatureOf(url, method === 'GET' ? {} : body)
      const tokens = { authToken: 'token', mainAuthToken: 'token' }
      expect(sdkTakes(signature)).toBe(true)
      expect(isSignedByPlivo(signing(signature), tokens)).toBe(true)
    }),
  )
})

/** Signed by the description of the vendor, for the SDK only checks. */
function signatureOf(url: string, body: Readonly<Record<string, string>>): string {
  const { origin, pathname, searchParams } = new URL(url)
  searchParams.sort()
  const query = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&')
  const names = Object.keys(body).sort()
  const run = names.map((name) => `${name}${body[name]}`).join('')
  const mark = query === '' && names.length === 0 ? '' : '?'
  const dot = query !== '' && names.length > 0 ? '.' : ''
  const text = `${origin}${pathname}${mark}${query}${dot}${run}.42`
  return toBase64(hmacOf('sha256', 'token', text))
}
