import { expect, test } from 'vitest'
import { httpProvider } from '../../src/channels/providers/http/provider.ts'
import { aCallback, aMessage, openProvider } from './provider.suite.ts'

const TOKEN = 'receipts-token'
const receipt = { id: 'm-1', status: 'delivered' }

async function readReceipts(body: string, token: string | undefined, receiptToken?: string) {
  const provider = openProvider(httpProvider, {
    url: 'http://127.0.0.1:9001/',
    ...(receiptToken === undefined ? {} : { receipt_token: receiptToken }),
  })
  const headers = token === undefined ? {} : { 'x-receipt-token': token }
  const reading = await provider.readReceipts?.(aCallback({ headers, body }))
  return reading?.kind === 'read' ? reading.deliveries : reading?.kind
}

const read = (body: unknown) => readReceipts(JSON.stringify(body), TOKEN, TOKEN)

test('one receipt or a list of them is read into our words', async () => {
  const first = {
    providerMessageId: 'm-1',
    reference: undefined,
    status: 'delivered',
    error: undefined,
    segments: undefined,
    cost: undefined,
  }
  expect(await read(receipt)).toEqual([first])
  expect(await read([receipt, { id: 7, status: 'failed', error: 'absent', at: 'now' }])).toEqual([
    first,
    {
      ...first,
      providerMessageId: '7',
      status: 'failed',
      error: { kind: 'unknown', code: 'failed', text: 'absent' },
    },
  ])
  expect(await read([])).toEqual([])
  expect(await read({ ...receipt, error: null })).toEqual([first])
})

test('segments, cost and the reason are told by receipts too', async () => {
  const cost = { amount: 0.04, currency: 'EUR' }
  const told = { id: 'm', status: 'undelivered', reason: 'unreachable', segments: 2, cost }
  expect(await read(told)).toMatchObject([
    { segments: 2, cost: { micros: 40_000, currency: 'EUR' }, error: { kind: 'unreachable' } },
  ])
})

test('a message can be named by our id', async () => {
  const { id } = aMessage()
  expect(await read({ id, status: 'sent' })).toMatchObject([{ reference: id }])
  expect(await read({ id: 'x', reference: id, status: 'sent' })).toMatchObject([{ reference: id }])
})

test('a thousand receipts are read, one more is not', async () => {
  expect(await read(Array.from({ length: 1000 }, () => receipt))).toHaveLength(1000)
  expect(await read(Array.from({ length: 1001 }, () => receipt))).toBe('malformed')
})

test('a receipt without the token, with a wrong one, or where none is configured is not authentic', async () => {
  const body = JSON.stringify(receipt)
  expect(await readReceipts(body, undefined, TOKEN)).toBe('unauthentic')
  expect(await readReceipts(body, '', TOKEN)).toBe('unauthentic')
  expect(await readReceipts(body, `${TOKEN}x`, TOKEN)).toBe('unauthentic')
  expect(await readReceipts(body, TOKEN.toUpperCase(), TOKEN)).toBe('unauthentic')
  expect(await readReceipts(body, TOKEN)).toBe('unauthentic')
  expect(await readReceipts(body, '')).toBe('unauthentic')
})

test.each([
  ['not JSON', '{'],
  ['nothing', ''],
  ['a word', '"delivered"'],
  ['an unknown status', JSON.stringify({ ...receipt, status: 'read' })],
  ['no id', JSON.stringify({ status: 'delivered' })],
  ['an id with control characters', JSON.stringify({ ...receipt, id: 'a\u0000' })],
  ['a list with one bad receipt', JSON.stringify([receipt, {}])],
])('%s is malformed', async (_claim, body) => {
  expect(await readReceipts(body, TOKEN, TOKEN)).toBe('malformed')
})

test('an error becomes one short printable line', async () => {
  const error = `line one\r\nline\u0000two\u202e${'x'.repeat(300)}`
  const deliveries = await read({ ...receipt, status: 'undelivered', error })
  const told = typeof deliveries === 'object' ? deliveries[0]?.error?.text : undefined
  expect(told).toMatch(/^line one line two x+$/)
  expect(told).toHaveLength(200)
})
