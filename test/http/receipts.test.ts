import { expect, test } from 'vitest'
import { openHarness } from '../support/harness.ts'
import { call, issue, phoneOf, problemIn, read } from './suites/door-house.ts'

const TOKEN = 'receipts-token'
const ROUTES = `
providers:
  cheap:
    kind: http
    settings: { url: "http://127.0.0.1:9/send", receipt_token: "${TOKEN}" }
    cost_micros: 20000
routes:
  - { match: {}, use: [cheap] }
`

/** A house whose gateway takes every message and calls it m-1. */
const openWithGateway = () =>
  openHarness({
    rules: { 'routes.yaml': ROUTES },
    fetch: async () => Response.json({ id: 'm-1', segments: 1 }),
  })
type House = Awaited<ReturnType<typeof openWithGateway>>

async function receipt(house: House, body: string, token?: string, path = 'http/cheap') {
  const headers = token === undefined ? {} : { 'x-receipt-token': token }
  return read(await house.request(`/receipts/${path}`, { method: 'POST', headers, body }))
}

const DELIVERED = JSON.stringify({ id: 'm-1', status: 'delivered' })

test('a receipt changes the send, and the same receipt again changes nothing', async () => {
  const house = await openWithGateway()
  const id = await issue(house, phoneOf(1))
  await house.settle()
  const sendOf = async () => (await call(house, `GET /v1/verifications/${id}`)).body.send
  expect(await sendOf()).toMatchObject({ status: 'sent' })
  for (let time = 0; time < 2; time++) {
    const answer = await receipt(house, DELIVERED, TOKEN)
    expect(answer).toMatchObject({ status: 204, text: '' })
    expect(await sendOf()).toMatchObject({ status: 'delivered' })
  }
})

test('a provider that is told by POST takes nothing else', async () => {
  const house = await openWithGateway()
  const answer = await read(await house.request('/receipts/http/cheap'))
  expect(answer.status).toBe(405)
  expect(answer.headers.get('allow')).toBe('POST')
})

test('a receipt must prove where it comes from', async () => {
  const house = await openWithGateway()
  for (const token of [undefined, 'another-token']) {
    const answer = await receipt(house, DELIVERED, token)
    expect(answer.status).toBe(401)
    expect(problemIn(answer).code).toBe('unauthenticated')
  }
})

test('a receipt for a provider that does not exist, or takes none, finds nothing', async () => {
  const house = await openWithGateway()
  expect((await receipt(house, DELIVERED, TOKEN, 'http/nobody')).status).toBe(404)
  expect((await receipt(house, DELIVERED, TOKEN, 'sandbox/cheap')).status).toBe(404)
  const sandbox = await openHarness()
  expect((await receipt(sandbox, DELIVERED, TOKEN, 'sandbox/inbox')).status).toBe(404)
})

test('receipts that cannot be read are refused, and so are too many at once', async () => {
  const house = await openWithGateway()
  const unreadable = await receipt(house, '{"id":', TOKEN)
  expect(unreadable.status).toBe(400)
  expect(problemIn(unreadable).code).toBe('invalid_request')
  const tooLong = await receipt(house, 'x'.repeat(1_048_577), TOKEN)
  expect(tooLong.status).toBe(413)
})

test('a house without a sandbox provider has no sandbox messages', async () => {
  const house = await openWithGateway()
  const answer = await call(house, 'GET /v1/sandbox/messages')
  expect(answer.status).toBe(404)
  expect(problemIn(answer).code).toBe('not_found')
})

const SECRET = 'word-of-16-letters'
const CHINESE_ROUTES = `
providers:
  cn:
    kind: aliyun-sms
    settings:
      access_key_id: id
      access_key_secret: secret
      signature: 阿里云
      templates: [{ id: SMS_1, variables: { code: code } }]
      receipt_token: ${SECRET}
routes:
  - { match: {}, use: [cn] }
`

test('a vendor that signs nothing calls a secret path, and is answered in its own words', async () => {
  const house = await openHarness({
    rules: { 'routes.yaml': CHINESE_ROUTES },
    fetch: () => Promise.reject(new Error('connection lost')),
  })
  const id = await issue(house, phoneOf(1))
  await house.settle()
  const sendOf = async () => (await call(house, `GET /v1/verifications/${id}`)).body.send
  const { id: reference } = (await sendOf()) as { id: string }
  expect(await sendOf()).toMatchObject({ status: 'unknown' })
  const told = { biz_id: 'b', out_id: reference, success: true, err_code: 'DELIVERED' }
  const body = JSON.stringify([told])
  const open = await read(await house.request('/receipts/aliyun-sms/cn', { method: 'POST', body }))
  expect(open.status).toBe(401)
  const path = `/receipts/aliyun-sms/cn/${SECRET}`
  const answer = await read(await house.request(path, { method: 'POST', body }))
  expect(answer).toMatchObject({ status: 200, text: '{"code":0,"msg":"OK"}' })
  expect(answer.headers.get('content-type')).toBe('application/json')
  expect(await sendOf()).toMatchObject({ status: 'delivered' })
  expect(house.logs.join()).not.toContain(SECRET)
})

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:sms-events'
const SIGNED_BY_SNS = `
providers:
  aws:
    kind: aws-sms
    settings: { region: eu-west-1, access_key_id: AKID, secret_access_key: x, topic_arn: "${TOPIC}" }
    cost_micros: 20000
routes:
  - { match: {}, use: [aws] }
`

test('while a receipt cannot be checked the vendor is asked to come again', async () => {
  const house = await openHarness({
    rules: { 'routes.yaml': SIGNED_BY_SNS },
    fetch: () => Promise.reject(new TypeError('fetch failed')),
  })
  const envelope = {
    Type: 'Notification',
    MessageId: 'n1',
    TopicArn: TOPIC,
    Message: '{}',
    Timestamp: '2026-01-02T03:04:05.000Z',
    SignatureVersion: '1',
    Signature: 'bm8=',
    SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/x.pem',
  }
  const answer = await receipt(house, JSON.stringify(envelope), undefined, 'aws-sms/aws')
  expect(answer.status).toBe(503)
  expect(problemIn(answer).code).toBe('unavailable')
})
