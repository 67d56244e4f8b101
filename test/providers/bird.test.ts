import { expect, test } from 'vitest'
import { birdProvider } from '../../src/channels/providers/bird/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  openProvider,
  providerSuite,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = { api_key: 'bk_eu1_secret', from: 'Acme' }
const MESSAGES = 'https://eu1.platform.bird.com/v1/sms/messages'
const metadata = { send: aMessage().id }

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(birdProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const COST = { amount: '0.0525', currency_code: 'EUR', transaction_amount: '0.05' }
const message = (change: Record<string, unknown> = {}) => ({
  id: 'sms_1',
  status: 'accepted',
  segments: { count: 2, encoding: 'GSM_7BIT', characters: 200 },
  cost: COST,
  metadata,
  ...change,
})
const taken = (change: Record<string, unknown> = {}) =>
  Response.json(message(change), { status: 202 })
const error = (status: number, change: Record<string, unknown> = {}) =>
  Response.json({ error: { code: 'E00001', message: 'not this one', ...change } }, { status })

providerSuite({
  kind: 'bird',
  open,
  channels: ['sms'],
  wire: {
    accepted: () => taken(),
    refused: () => error(422, { name: 'SMSInvalidRecipient' }),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(), DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('a message goes once under our id, to the region of the key', async () => {
  const { result, call, body } = await sent(() => taken())
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: 'sms_1',
    segments: 2,
    cost: { micros: 52_500, currency: 'EUR' },
  })
  expect(call?.url).toBe(MESSAGES)
  expect(call?.headers).toContain('Bearer bk_eu1_secret')
  expect(call?.headers).toContain(`["idempotency-key","${aMessage().id}"]`)
  expect(body).toEqual({
    to: '+447700900123',
    from: 'Acme',
    text: '123456 is your code.',
    category: 'authentication',
    metadata,
  })
})

test('a stored template brings its sender along, and the text goes where none fits', async () => {
  const templates = [{ id: 'bird_otp', locale: 'en', variables: { code: 'code' } }]
  const { body } = await sent(() => taken(), { templates })
  expect(body).toEqual({
    to: '+447700900123',
    template: { slug: 'bird_otp', parameters: { code: '123456' } },
    metadata,
  })
  const german = [{ ...templates[0], locale: 'de' }]
  expect((await sent(() => taken(), { templates: german })).body).toMatchObject({ from: 'Acme' })
  const { result, call } = await sent(() => taken(), { templates: german, from: undefined })
  expect(result).toMatchObject({ kind: 'failed', error: { code: 'no_template' } })
  expect(call).toBeUndefined()
})

test('a message that is not priced yet, or only in its fees, has no cost', async () => {
  expect((await sent(() => taken({ cost: null }))).result).toMatchObject({ cost: undefined })
  const fees = { ...COST, transaction_amount: null }
  expect((await sent(() => taken({ cost: fees }))).result).toMatchObject({ cost: undefined })
})

test.each([
  [400, {}, 'failed', 'unknown'],
  [401, {}, 'refused', 'credentials'],
  [402, {}, 'refused', 'balance'],
  [403, {}, 'failed', 'unknown'],
  [408, {}, 'unknown', 'unknown'],
  [409, { code: 'E01004' }, 'unknown', 'unknown'],
  [409, { code: 'E01005' }, 'unknown', 'unknown'],
  [421, {}, 'failed', 'unknown'],
  [422, { name: 'SMSInvalidRecipient' }, 'refused', 'invalid_number'],
  [422, { name: 'SMSNoEligibleSender' }, 'failed', 'unknown'],
  [422, { name: 'SMSSenderNotConfigured' }, 'failed', 'unknown'],
  [422, { name: 'SMSUnsupportedFeature' }, 'failed', 'unknown'],
  [422, { name: 'SenderCategoryNotPermitted' }, 'failed', 'unknown'],
  [422, { name: 'Other', param: 'text' }, 'refused', 'content_refused'],
  [429, {}, 'refused', 'throttled'],
  [500, {}, 'unknown', 'unknown'],
  [503, {}, 'unknown', 'unknown'],
  [503, { code: 'E01033' }, 'failed', 'provider_down'],
])('%i %j is %s: %s', async (status, change, kind, reason) => {
  const { result } = await sent(() => error(status, change))
  const code = 'code' in change ? change.code : 'E00001'
  expect(result).toEqual({ kind, error: { kind: reason, code, text: 'not this one' } })
})

test.each([
  ['invalid_destination', 'refused', 'invalid_number'],
  ['landline_unreachable', 'refused', 'invalid_number'],
  ['unreachable', 'refused', 'unreachable'],
  ['blocked_by_carrier', 'refused', 'blocked_by_carrier'],
  ['blocked_by_recipient', 'refused', 'blocked_by_carrier'],
  ['recipient_opted_out', 'refused', 'blocked_by_carrier'],
  ['content_rejected', 'refused', 'content_refused'],
  ['insufficient_balance', 'refused', 'balance'],
  ['provider_unavailable', 'refused', 'provider_down'],
  ['sender_unregistered', 'failed', 'unknown'],
  ['unknown', 'failed', 'unknown'],
])('a message that is rejected at once for %s is %s: %s', async (code, kind, reason) => {
  const last_error = { code, description: 'no' }
  const { result } = await sent(() => taken({ status: 'rejected', last_error }))
  expect(result).toEqual({ kind, error: { kind: reason, code, text: 'no' } })
})

test('a rejection without a reason is failed', async () => {
  const { result } = await sent(() => taken({ status: 'failed' }))
  expect(result).toMatchObject({ kind: 'failed', error: { code: 'failed' } })
})

async function queried(providerMessageId: string | undefined, json: unknown, status = 200) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(json, { status }) })
  const reference = aSent({ providerMessageId })
  const found = await open(aPlatform(fetch)).provider.query?.(reference, DEADLINE_MS)
  return { found, url: calls[0]?.url }
}

test('a message is looked up by its id', async () => {
  const { found, url } = await queried('sms_1', message({ status: 'delivered' }))
  expect(url).toBe(`${MESSAGES}/sms_1`)
  expect(found).toEqual({
    kind: 'found',
    delivery: {
      providerMessageId: 'sms_1',
      reference: aMessage().id,
      status: 'delivered',
      error: undefined,
      segments: 2,
      cost: { micros: 52_500, currency: 'EUR' },
    },
  })
  expect((await queried('sms_1', {}, 404)).found).toEqual({ kind: 'absent' })
  expect((await queried('sms_1', {}, 401)).found).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
  const last_error = { code: 'recipient_opted_out' }
  expect((await queried('sms_1', message({ status: 'rejected', last_error }))).found).toMatchObject(
    { delivery: { status: 'failed', error: { kind: 'blocked_by_carrier' } } },
  )
})

test('a message without an id is found by our reference among the latest of its number', async () => {
  const other = message({ id: 'sms_2', metadata: null })
  const { found, url } = await queried(undefined, { data: [other, message()] })
  expect(decodeURIComponent(url ?? '')).toBe(
    `${MESSAGES}?limit=20&created_after=2026-01-02T03:04:00.000Z&direction=outbound&to=+447700900123`,
  )
  expect(found).toMatchObject({ kind: 'found', delivery: { providerMessageId: 'sms_1' } })
  expect((await queried(undefined, { data: [other] })).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'not_reported' },
  })
  expect((await queried(undefined, {}, 404)).found).toMatchObject({ kind: 'unclear' })
  expect((await queried(undefined, { data: [message({ status: 'lost' })] })).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'lost' },
  })
})

test.each([
  ['a key without a region', { api_key: 'secret' }, 'api_key'],
  ['a key of a made-up region', { api_key: 'bk_evil.example/_x' }, 'api_key'],
  ['neither a sender nor templates', { from: undefined }, 'from'],
  ['a webhook secret without its prefix', { webhook_secret: 'bm8=' }, 'webhook_secret'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = birdProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
