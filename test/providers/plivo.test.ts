import { expect, test } from 'vitest'
import { plivoProvider } from '../../src/channels/providers/plivo/provider.ts'
import type { Platform } from '../../src/platform/platform.ts'
import {
  aMessage,
  aPlatform,
  aSent,
  DEADLINE_MS,
  openProvider,
  providerSuite,
  RECEIPT_URL,
} from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const SETTINGS = {
  auth_id: 'MAXXXXXXXXXXXXXXXXXX',
  auth_token: 'my_auth_token',
  from: '+14151112222',
}
const UUID = 'db3ce55a-7f1d-11e1-8ea7-1231380bc196'
const MESSAGES = 'https://api.plivo.com/v1/Account/MAXXXXXXXXXXXXXXXXXX/Message/'

const open = (platform: Platform, change: Record<string, unknown> = {}) => ({
  provider: openProvider(plivoProvider, { ...SETTINGS, ...change }, { platform }),
  inbox: [],
})
const taken = (change: Record<string, unknown> = {}) =>
  Response.json(
    { api_id: 'a', message: 'message(s) queued', message_uuid: [UUID], ...change },
    { status: 202 },
  )
const error = (status: number) => Response.json({ api_id: 'a', error: 'not this one' }, { status })

providerSuite({
  kind: 'plivo',
  open,
  channels: ['sms'],
  wire: {
    accepted: () => taken(),
    refused: () => taken({ message_uuid: [], invalid_number: ['447700900123'] }),
    refusedKind: 'invalid_number',
  },
})

async function sent(answer: () => Response, change: Record<string, unknown> = {}) {
  const { fetch, calls } = scriptedFetch({ answer })
  const result = await open(aPlatform(fetch), change).provider.send(aMessage(), DEADLINE_MS)
  return { result, call: calls[0], body: JSON.parse(calls[0]?.body ?? '{}') }
}

test('a message carries its sender and, in the address of the callback, our reference', async () => {
  const { result, call, body } = await sent(() => taken())
  expect(result).toEqual({
    kind: 'accepted',
    providerMessageId: UUID,
    segments: undefined,
    cost: undefined,
  })
  expect(call?.url).toBe(MESSAGES)
  expect(call?.headers).toContain(`Basic ${btoa('MAXXXXXXXXXXXXXXXXXX:my_auth_token')}`)
  expect(body).toEqual({
    url: `${RECEIPT_URL}?reference=${aMessage().id}`,
    method: 'POST',
    type: 'sms',
    log: 'false',
    src: '+14151112222',
    dst: '+447700900123',
    text: '123456 is your code.',
  })
})

test('a powerpack chooses where nobody names a sender', async () => {
  const powerpack_uuid = '7f6ac9b4-4f53-41b4-9a1c-0d2f2d9a0a3e'
  const { body } = await sent(() => taken(), { from: undefined, powerpack_uuid })
  expect(body).toMatchObject({ powerpack_uuid })
  expect(body).not.toHaveProperty('src')
  const both = await sent(() => taken(), { powerpack_uuid })
  expect(both.body).not.toHaveProperty('powerpack_uuid')
})

test('without a public URL no callback is asked for', async () => {
  const { fetch, calls } = scriptedFetch({ answer: () => taken() })
  const deps = { platform: aPlatform(fetch), receiptUrl: undefined }
  await openProvider(plivoProvider, SETTINGS, deps).send(aMessage(), DEADLINE_MS)
  expect(JSON.parse(calls[0]?.body ?? '')).not.toHaveProperty('url')
})

test.each([
  [400, 'failed', 'unknown'],
  [401, 'refused', 'credentials'],
  [402, 'refused', 'balance'],
  [403, 'failed', 'unknown'],
  [404, 'failed', 'unknown'],
  [429, 'refused', 'throttled'],
  [500, 'unknown', 'unknown'],
  [503, 'unknown', 'unknown'],
])('%i is %s: %s', async (status, kind, reason) => {
  const { result } = await sent(() => error(status))
  const code = `http_${status}`
  expect(result).toEqual({ kind, error: { kind: reason, code, text: 'not this one' } })
})

test('an answer with neither an id nor a wrong number leaves it open', async () => {
  const { result } = await sent(() => taken({ message_uuid: [] }))
  expect(result).toMatchObject({ kind: 'unknown', error: { code: 'unreadable_answer' } })
})

const record = (change: Record<string, unknown> = {}) => ({
  message_uuid: UUID,
  message_state: 'delivered',
  message_time: '2026-01-02 08:34:06+05:30',
  to_number: '447700900123',
  error_code: '000',
  units: 2,
  total_amount: '0.00700',
  ...change,
})
async function queried(providerMessageId: string | undefined, json: unknown, status = 200) {
  const { fetch, calls } = scriptedFetch({ answer: () => Response.json(json, { status }) })
  const reference = aSent({ providerMessageId })
  const found = await open(aPlatform(fetch)).provider.query?.(reference, DEADLINE_MS)
  return { found, url: calls[0]?.url }
}
const listed = (...objects: readonly unknown[]) => queried(undefined, { objects })
const DELIVERED = {
  kind: 'found',
  delivery: {
    providerMessageId: UUID,
    reference: aMessage().id,
    status: 'delivered',
    error: undefined,
    segments: 2,
    cost: { micros: 7_000, currency: 'USD' },
  },
}

test('a message is looked up by its id', async () => {
  const { found, url } = await queried(UUID, record())
  expect(url).toBe(`${MESSAGES}${UUID}/`)
  expect(found).toEqual(DELIVERED)
  expect((await queried(UUID, {}, 404)).found).toEqual({ kind: 'absent' })
  expect((await queried(UUID, {}, 401)).found).toMatchObject({
    kind: 'unclear',
    error: { kind: 'credentials' },
  })
  expect((await queried(UUID, record({ message_state: 'lost' }))).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'lost' },
  })
})

test('a message without an id is found by number and time, if it is the only one', async () => {
  const late = record({ message_time: '2026-01-02 03:04:45+00:00' })
  const { found, url } = await listed(record({ to_number: '447700900124' }), late, record())
  expect(url).toBe(
    `${MESSAGES}?limit=20&message_direction=outbound` +
      '&message_time__gte=2026-01-02%2003%3A04%3A00&message_time__lte=2026-01-02%2003%3A04%3A40',
  )
  expect(found).toEqual(DELIVERED)
  expect((await listed(record(), record())).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'several_found' },
  })
  expect((await listed(late)).found).toMatchObject({
    kind: 'unclear',
    error: { code: 'not_reported' },
  })
  expect((await queried(undefined, {}, 429)).found).toMatchObject({
    kind: 'unclear',
    error: { kind: 'throttled' },
  })
})

test.each([
  ['an id of another shape', { auth_id: 'MA1' }, 'auth_id'],
  ['neither a sender nor a powerpack', { from: undefined }, 'from'],
  ['a powerpack that is no id', { powerpack_uuid: 'mine' }, 'powerpack_uuid'],
  ['an endpoint with a path', { endpoint: 'https://x.example/v1' }, 'endpoint'],
])('%s is refused in the settings', (_claim, change, field) => {
  const parsed = plivoProvider.settings.safeParse({ ...SETTINGS, ...change })
  expect(parsed.error?.issues.map(({ path }) => path[0])).toEqual([field])
})
