import { expect, test } from 'vitest'
import { httpProvider } from '../../src/channels/providers/http/provider.ts'
import { aPlatform, COST } from './provider.suite.ts'
import { scriptedFetch } from './scripted-fetch.ts'

const TOKEN = 'receipts-token'
const receipt = { id: 'm-1', status: 'delivered' }

function readReceipts(body: BodyInit, token: string | undefined, receiptToken?: string) {
  const settings = httpProvider.settings.parse({
    url: 'http://127.0.0.1:9001/',
    ...(receiptToken === undefined ? {} : { receipt_token: receiptToken }),
  })
  const provider = httpProvider.create('cheap', settings, {
    platform: aPlatform(scriptedFetch({ answer: undefined }).fetch),
    sandbox: { put: async () => {}, list: async () => [] },
    costMicros: COST,
  })
  const headers = token === undefined ? {} : { 'x-receipt-token': token }
  const request = new Request('http://localhost/receipts/cheap', { method: 'POST', headers, body })
  return provider.readReceipts?.(request)
}

const read = (body: unknown) => readReceipts(JSON.stringify(body), TOKEN, TOKEN)

test('one receipt or a list of them is read into our words', async () => {
  const first = {
    providerId: 'cheap',
    providerMessageId: 'm-1',
    status: 'delivered',
    error: undefined,
  }
  expect(await read(receipt)).toEqual([first])
  expect(await read([receipt, { id: 7, status: 'failed', error: 'absent', at: 'now' }])).toEqual([
    first,
    { providerId: 'cheap', providerMessageId: '7', status: 'failed', error: 'absent' },
  ])
  expect(await read([])).toEqual([])
  expect(await read({ ...receipt, error: null })).toEqual([first])
})

test('a thousand receipts are read, one more is not', async () => {
  expect(await read(Array.from({ length: 1000 }, () => receipt))).toHaveLength(1000)
  expect(await read(Array.from({ length: 1001 }, () => receipt))).toBe('malformed')
})

test('a receipt without the token, with a wrong one, or where none is configured is not authentic', async () => {
  const body = JSON.stringify(receipt)
  expect(await readReceipts(body, undefined, TOKEN)).toBeUndefined()
  expect(await readReceipts(body, '', TOKEN)).toBeUndefined()
  expect(await readReceipts(body, `${TOKEN}x`, TOKEN)).toBeUndefined()
  expect(await readReceipts(body, TOKEN.toUpperCase(), TOKEN)).toBeUndefined()
  expect(await readReceipts(body, TOKEN)).toBeUndefined()
  expect(await readReceipts(body, '')).toBeUndefined()
})

test.each([
  ['not JSON', '{'],
  ['nothing', ''],
  ['a word', '"delivered"'],
  ['an unknown status', JSON.stringify({ ...receipt, status: 'sent' })],
  ['no id', JSON.stringify({ status: 'delivered' })],
  ['an id with control characters', JSON.stringify({ ...receipt, id: 'a\u0000' })],
  ['a list with one bad receipt', JSON.stringify([receipt, {}])],
  ['more than a megabyte', JSON.stringify({ ...receipt, error: 'x'.repeat(1_050_000) })],
])('%s is malformed', async (_claim, body) => {
  expect(await readReceipts(body, TOKEN, TOKEN)).toBe('malformed')
})

test('an error becomes one short printable line', async () => {
  const error = `line one\r\nline\u0000two\u202e${'x'.repeat(300)}`
  const deliveries = await read({ ...receipt, status: 'undelivered', error })
  const told = Array.isArray(deliveries) ? deliveries[0]?.error : undefined
  expect(told).toMatch(/^line one line two x+$/)
  expect(told).toHaveLength(200)
})
