import { expect, test } from 'vitest'
import { infobipProvider } from '../../src/channels/providers/infobip/provider.ts'
import { aCallback, aMessage, openProvider } from './provider.suite.ts'

const TOKEN = 'a-secret-of-ours-1'
const BASIC = { user: 'reports', password: 'secret' }

type Proof = { readonly token?: string; readonly headers?: Record<string, string> }

const readText = (body: string, proof: Proof = { token: TOKEN }, change: unknown = {}) =>
  openProvider(infobipProvider, {
    subdomain: 'abc123',
    api_key: 'K',
    from: 'Acme',
    receipt_token: TOKEN,
    ...(change as Record<string, unknown>),
  }).readReceipts?.(aCallback({ body, ...proof }))
const read = (...results: readonly unknown[]) => readText(JSON.stringify({ results }))

const report = (change: Record<string, unknown> = {}) => ({
  bulkId: 'b',
  messageId: aMessage().id,
  to: '447700900123',
  callbackData: aMessage().id,
  messageCount: 2,
  price: { pricePerMessage: 0.0125, currency: 'EUR' },
  status: { groupId: 3, groupName: 'DELIVERED', id: 5, name: 'DELIVERED_TO_HANDSET' },
  error: { groupId: 0, groupName: 'OK', id: 0, name: 'NO_ERROR', permanent: false },
  ...change,
})

test('reports come as a list and tell reference, parts and what all parts cost', async () => {
  const delivery = {
    providerMessageId: aMessage().id,
    reference: aMessage().id,
    status: 'delivered',
    error: undefined,
    segments: 2,
    cost: { micros: 25_000, currency: 'EUR' },
  }
  const plain = report({ callbackData: null, price: null, error: null, messageCount: undefined })
  expect(await read(report(), plain)).toEqual({
    kind: 'read',
    deliveries: [delivery, { ...delivery, segments: undefined, cost: undefined }],
  })
  expect(await read()).toEqual({ kind: 'read', deliveries: [] })
  expect(await read(report({ messageId: 'x', callbackData: 'mine' }))).toMatchObject({
    deliveries: [{ providerMessageId: 'x', reference: undefined }],
  })
})

test.each([
  [1, 3, 'queued', undefined],
  [1, 26, 'queued', undefined],
  [3, 2, 'sent', undefined],
  [3, 5, 'delivered', undefined],
  [2, 4, 'undelivered', 'unknown'],
  [2, 9, 'undelivered', 'unknown'],
  [2, 31, 'undelivered', 'unknown'],
  [4, 15, 'undelivered', 'unreachable'],
  [4, 29, 'undelivered', 'unreachable'],
  [5, 8, 'failed', 'invalid_number'],
  [5, 10, 'failed', 'blocked_by_carrier'],
  [5, 12, 'failed', 'balance'],
  [5, 77, 'failed', 'unknown'],
])('status %i/%i is %s', async (groupId, id, status, kind) => {
  const error = kind === undefined ? undefined : { kind, code: String(id), text: 'NAME' }
  expect(await read(report({ status: { groupId, id, name: 'NAME' } }))).toMatchObject({
    deliveries: [{ status, error }],
  })
})

const ERRORS = {
  invalid_number: [1, 5, 9, 11, 351, 352, 629],
  unreachable: [6, 27, 31, 32, 628],
  blocked_by_carrier: [13, 566, 573, 604, 608, 2050, 2052, 3041],
  content_refused: [561, 603, 607],
  throttled: [541, 542, 4103, 4104],
  unknown: [255],
}
test.each(Object.entries(ERRORS))('errors that are %s', async (kind, ids) => {
  const status = { groupId: 2, id: 4, name: 'UNDELIVERABLE' }
  const reports = ids.map((id) => report({ status, error: { id, name: 'EC', permanent: true } }))
  expect(await read(...reports)).toMatchObject({
    deliveries: ids.map((id) => ({ error: { kind, code: String(id), text: 'EC' } })),
  })
})

test('a report is believed by the secret word or by the user and password of a profile', async () => {
  const body = JSON.stringify({ results: [report()] })
  const authorization = `Basic ${btoa('reports:secret')}`
  const basic = { headers: { authorization } }
  const unauthentic = { kind: 'unauthentic' }
  const both = { receipt_basic: BASIC }
  expect(await readText(body)).toMatchObject({ kind: 'read' })
  expect(await readText(body, basic, both)).toMatchObject({ kind: 'read' })
  expect(await readText(body, { token: TOKEN }, both)).toMatchObject({ kind: 'read' })
  expect(await readText(body, {}, both)).toEqual(unauthentic)
  expect(await readText(body, basic)).toEqual(unauthentic)
  expect(await readText(body, { token: 'another-secret-of-ours' })).toEqual(unauthentic)
  expect(await readText(body, { headers: { authorization: `${authorization}=` } }, both)).toEqual(
    unauthentic,
  )
  expect(await readText(body, { token: TOKEN }, { receipt_token: undefined })).toEqual(unauthentic)
})

test.each([
  ['no JSON', '{'],
  ['no results', '{}'],
  ['a report without an id', JSON.stringify({ results: [report({ messageId: undefined })] })],
  ['an unknown group', JSON.stringify({ results: [report({ status: { groupId: 9, id: 1 } })] })],
  ['too many', JSON.stringify({ results: Array.from({ length: 1001 }, () => report()) })],
])('%s is malformed', async (_claim, body) => {
  expect(await readText(body)).toEqual({ kind: 'malformed' })
})
