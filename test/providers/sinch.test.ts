import { expect, test } from 'vitest'
import { sinchProvider } from '../../src/channels/providers/sinch/provider.ts'
import { hmacOf, toBase64 } from '../../src/channels/signing.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aCallback,
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  openProvider,
  providerSuite,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = { service_plan_id: 'plan1', api_token: 'TOKEN', from: '+12065550100' }
const TOKEN = 'a-secret-of-ours-1'
const BATCH = '01FC66621XXXXX119Z8PMV1QPQ'

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(sinchProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const taken = () => Response.json({ id: BATCH, canceled: false, type: 'mt_text' }, { status: 201 })
const error = (status: number, code: string, text = 'no') =>
  Response.json({ code, text }, { status })

providerSuite({
  kind: 'sinch',
  open,
  channels: ['sms'],
  carries: ({ id, to, body }) => [id, to.slice(1), body],
  wire: {
    accepted: taken,
    refused: () => error(400, 'syntax_invalid_parameter_format', "Invalid number in 'to'"),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(), DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('a message carries sender, reference, its end and where to report', async () => {
  const { result, call, body } = await sent(taken)
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: BATCH,
    segments: undefined,
    cost: undefined,
  })
  expect(call?.url).toBe('https://us.sms.api.sinch.com/xms/v1/plan1/batches')
  expect(call?.headers).toContain('Bearer TOKEN')
  expect(body).toEqual({
    to: ['447700900123'],
    from: '12065550100',
    body: '123456 is your code.',
    type: 'mt_text',
    delivery_report: 'per_recipient',
    callback_url: RECEIPT_URL,
    client_reference: aMessage().id,
    expire_at: '2026-01-02T03:14:05.000Z',
  })
})

test('region, default originator and the secret word of the callback are as configured', async () => {
  const change = { region: 'eu', from: undefined, receipt_token: TOKEN }
  const { call, body } = await sent(taken, change)
  expect(call?.url).toBe('https://eu.sms.api.sinch.com/xms/v1/plan1/batches')
  expect(body).not.toHaveProperty('from')
  expect(body.callback_url).toBe(`${RECEIPT_URL}/${TOKEN}`)
})

test.each([
  [400, 'syntax_invalid_parameter_format', 'Invalid [to]', 'refused', 'invalid_number'],
  [400, 'syntax_invalid_parameter_format', 'No such phone number', 'refused', 'invalid_number'],
  [400, 'syntax_invalid_parameter_format', "Bad 'from', see to it", 'failed', 'unknown'],
  [400, 'syntax_constraint_violation', "Too many in 'to'", 'failed', 'unknown'],
  [401, 'unauthorized', 'no', 'refused', 'credentials'],
  [402, 'no_money', 'no', 'refused', 'balance'],
  [403, 'unknown_group', 'no', 'failed', 'unknown'],
  [403, 'unknown_campaign', 'no', 'failed', 'unknown'],
  [403, 'missing_callback_url', 'no', 'failed', 'unknown'],
  [403, 'forbidden', 'no', 'refused', 'credentials'],
  [404, 'resource_not_found', 'no', 'failed', 'unknown'],
  [429, 'too_many', 'no', 'refused', 'throttled'],
  [500, 'internal_error', 'no', 'unknown', 'unknown'],
  [503, 'unavailable', 'no', 'failed', 'provider_down'],
])('%i %s, %s, is %s: %s', async (status, code, text, kind, reason) => {
  const { result } = await sent(() => error(status, code, text))
  expect(result).toEqual({ kind, error: { kind: reason, code, text } })
})

test('a batch that was cancelled on the way is not taken for accepted', async () => {
  const { result } = await sent(() => Response.json({ id: BATCH, canceled: true }))
  expect(result).toMatchObject({ kind: 'unknown', error: { code: 'unreadable_answer' } })
})

const SECRET = 'SMSWebhooksSecret'
const signed = (body: string) => ({
  'x-sinch-webhook-signature-nonce': 'n',
  'x-sinch-webhook-signature-timestamp': '1',
  'x-sinch-webhook-signature': toBase64(hmacOf('sha256', SECRET, `${body}.n.1`)),
})
const readText = (body: string, headers: HeadersInit = signed(body)) =>
  open(aPlatform(fetch), { webhook_secret: SECRET }).provider.readReceipts?.(
    aCallback({ headers, body }),
  )
const read = (value: unknown) => readText(JSON.stringify(value))
const REPORT = {
  type: 'recipient_delivery_report_sms',
  batch_id: BATCH,
  recipient: '447700900123',
  client_reference: aMessage().id,
  code: 0,
  status: 'Delivered',
  number_of_message_parts: 2,
  at: '2026-01-02T03:04:09.000Z',
}

test('a report tells batch, reference and parts', async () => {
  const delivery = {
    providerMessageId: BATCH,
    reference: aMessage().id,
    status: 'delivered',
    error: undefined,
    segments: 2,
    cost: undefined,
  }
  expect(await read(REPORT)).toEqual({ kind: 'read', deliveries: [delivery] })
  const { code, status, ...batch } = REPORT
  const statuses = [{ code, status, count: 1, recipients: ['447700900123'] }]
  expect(await read({ ...batch, type: 'delivery_report_sms', statuses })).toEqual({
    kind: 'read',
    deliveries: [{ ...delivery, segments: undefined }],
  })
})

test.each([
  ['Queued', 400, 'queued', undefined],
  ['Dispatched', 401, 'sent', undefined],
  ['Unknown', 0, 'sent', undefined],
  ['Delivered', 0, 'delivered', undefined],
  ['Expired', 0, 'undelivered', 'unreachable'],
  ['Expired', 406, 'undelivered', 'unreachable'],
  ['Failed', 402, 'undelivered', 'unreachable'],
  ['Failed', 404, 'undelivered', 'unreachable'],
  ['Failed', 403, 'undelivered', 'provider_down'],
  ['Failed', 42, 'undelivered', 'unknown'],
  ['Rejected', 408, 'undelivered', 'unknown'],
  ['Rejected', 410, 'undelivered', 'unknown'],
  ['Rejected', 412, 'undelivered', 'unknown'],
  ['Deleted', 405, 'undelivered', 'unknown'],
  ['Aborted', 411, 'failed', 'content_refused'],
  ['Aborted', 413, 'failed', 'balance'],
  ['Cancelled', 407, 'failed', 'unknown'],
])('%s with code %i is %s', async (theirs, code, status, kind) => {
  const error = kind === undefined ? undefined : { kind, code: String(code), text: theirs }
  expect(await read({ ...REPORT, status: theirs, code })).toMatchObject({
    deliveries: [{ status, error }],
  })
})

test('what is no report of a text is taken and left', async () => {
  const nothing = { kind: 'read', deliveries: [] }
  expect(await read({ type: 'mo_text', body: 'hi' })).toEqual(nothing)
  expect(await read({ ...REPORT, type: 'recipient_delivery_report_mms' })).toEqual(nothing)
})

test.each([
  ['no JSON', '{'],
  ['no report', '{}'],
  ['an unknown status', JSON.stringify({ ...REPORT, status: 'constructor' })],
  ['no batch', JSON.stringify({ ...REPORT, batch_id: '' })],
])('%s is malformed', async (_claim, body) => {
  expect(await readText(body)).toEqual({ kind: 'malformed' })
})

test('a report is believed by signature, by secret word, or by both where both are set', async () => {
  const body = JSON.stringify(REPORT)
  const kindBy = async (change: Record<string, unknown>, token: string | undefined) => {
    const { provider } = open(aPlatform(fetch), change)
    const callback = { headers: signed(body), body, ...(token === undefined ? {} : { token }) }
    return (await provider.readReceipts?.(aCallback(callback)))?.kind
  }
  const both = { webhook_secret: SECRET, receipt_token: TOKEN }
  expect(await kindBy({ receipt_token: TOKEN }, TOKEN)).toBe('read')
  expect(await kindBy(both, TOKEN)).toBe('read')
  expect(await kindBy(both, undefined)).toBe('unauthentic')
  expect(await kindBy({ ...both, webhook_secret: 'x' }, TOKEN)).toBe('unauthentic')
  expect(await kindBy({ receipt_token: TOKEN }, undefined)).toBe('unauthentic')
  expect(await kindBy({ webhook_secret: 'another' }, undefined)).toBe('unauthentic')
  expect(await kindBy({}, TOKEN)).toBe('unauthentic')
  expect(await readText(body, {})).toEqual({ kind: 'unauthentic' })
})

type Reply = { readonly status?: number; readonly json: unknown }

async function queried(providerMessageId: string | undefined, ...replies: readonly Reply[]) {
  const asked: string[] = []
  const answering: typeof fetch = async (input) => {
    asked.push(String(input).replace('https://us.sms.api.sinch.com/xms/v1/plan1/', ''))
    const { json, status = 200 } = replies[asked.length - 1] ?? { json: null }
    return Response.json(json, { status })
  }
  const reference = aSent({ providerMessageId })
  const found = await open(aPlatform(answering)).provider.query?.(reference, DEADLINE_MS)
  return { found, asked }
}
const MISSING = { status: 404, json: {} }
const batches = (client_reference: string) => ({
  json: { batches: [{ id: BATCH, client_reference }] },
})

test('a batch is found by our reference, then its report tells', async () => {
  const { found, asked } = await queried(undefined, batches(aMessage().id), { json: REPORT })
  expect(asked).toEqual([
    `batches?page_size=1&start_date=2026-01-02T03:03:05.000Z&client_reference=${aMessage().id}`,
    `batches/${BATCH}/delivery_report/447700900123`,
  ])
  expect(found).toMatchObject({
    kind: 'found',
    delivery: { status: 'delivered', providerMessageId: BATCH, reference: aMessage().id },
  })
  expect((await queried(BATCH, { json: REPORT })).asked).toHaveLength(1)
})

test('a batch without a report is on its way, and no batch is none', async () => {
  const queued = await queried(undefined, batches(aMessage().id), MISSING)
  expect(queued.found).toMatchObject({ kind: 'found', delivery: { status: 'queued' } })
  expect((await queried(undefined, batches('another'))).found).toEqual({ kind: 'absent' })
  expect((await queried(undefined, { json: { batches: [] } })).found).toEqual({ kind: 'absent' })
  expect((await queried(BATCH, MISSING)).found).toEqual({ kind: 'absent' })
})

test('an answer that says nothing leaves it unclear', async () => {
  const refused = { status: 401, json: { code: 'unauthorized', text: 'no' } }
  for (const { found } of [
    await queried(undefined, refused),
    await queried(BATCH, refused),
    await queried(undefined, batches(aMessage().id), refused),
  ]) {
    expect(found).toMatchObject({ kind: 'unclear', error: { kind: 'credentials' } })
  }
  expect((await queried(BATCH, { json: {} })).found).toMatchObject({ kind: 'unclear' })
})

test.each([
  ['a plan with a slash', { service_plan_id: 'a/b' }, 'service_plan_id'],
  ['an unknown region', { region: 'moon' }, 'region'],
  ['a short receipt token', { receipt_token: 'short' }, 'receipt_token'],
  ['a sender with a line break', { from: 'Acme\n' }, 'from'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = sinchProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
