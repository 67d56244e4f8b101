import { expect, test } from 'vitest'
import { currency, micros } from '../domain/money.ts'
import { type InvoiceFormat, type InvoiceRow, readInvoice } from './invoice.ts'

const PLAIN: InvoiceFormat = { columns: {}, currency: undefined, negative: false }

async function read(text: string, change: Partial<InvoiceFormat> = {}) {
  async function* once() {
    yield text
  }
  const rows: InvoiceRow[] = []
  const mistakes: string[] = []
  for await (const part of readInvoice(once(), { ...PLAIN, ...change })) {
    rows.push(...part.rows)
    mistakes.push(
      ...part.mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`),
    )
  }
  return { rows, mistakes }
}

const REFERENCE = `VL${'a'.repeat(32)}`

test('columns are found by their own names or by those that were given, and others are let be', async () => {
  const text = 'Date,Sid,Price,Unit,Parts\n1 July,SM1,-0.00790000,usd,2\n'
  const columns = { id: 'Sid', price: 'Price', currency: 'Unit', segments: 'Parts' }
  const { rows, mistakes } = await read(text, { columns, negative: true })
  expect(mistakes).toEqual([])
  expect(rows).toEqual([
    {
      line: 2,
      id: 'SM1',
      reference: undefined,
      price: micros(7_900),
      currency: currency('USD'),
      segments: 2,
      to: '',
      status: '',
    },
  ])
})

test('where charges are negative, a credit is refused and nothing may be charged for nothing', async () => {
  const text = 'id,price,currency\na,-0.5,USD\nb,0,USD\nc,-0,USD\nd,0.5,USD\n'
  const { rows, mistakes } = await read(text, { negative: true })
  expect(rows.map(({ price }) => price)).toEqual([500_000, 0, 0])
  expect(mistakes).toEqual(['5:3 price: expected 0 or less, with up to 6 decimals'])
})

test('our reference is read from its own column or where the id should be', async () => {
  const own = await read(`reference,price\n${REFERENCE},1\n`, { currency: currency('EUR') })
  expect(own.rows[0]).toMatchObject({ id: '', reference: REFERENCE, currency: 'EUR' })
  const shared = await read(`id,price,currency\n${REFERENCE},1,EUR\n`)
  expect(shared.rows[0]).toMatchObject({ id: REFERENCE, reference: REFERENCE })
})

test.each([
  ['', '1:1 the file is empty'],
  ['id,price\nm,1\n', '1:1 no column is currency; --currency says it for the whole file'],
  ['price,currency\n1,USD\n', '1:1 no column is id or reference; --columns id=NAME says which'],
  ['id,currency\nm,USD\n', '1:1 no column is price; --columns price=NAME says which'],
  ['id,price,currency\nm,-1,USD\n', '2:3 price: expected 0 or more, with up to 6 decimals'],
  ['id,price,id,currency\nm,1,n,USD\n', '1:10 a second id'],
  ['id,price,currency\nm,0.0000001,USD\n', '2:3 price: expected 0 or more, with up to 6 decimals'],
  ['id,price,currency\nm,1,$\n', '2:5 currency: expected three capital letters'],
  ['id,price,currency\nm,1\n', '2:1 a row has 3 cells, this one has 2'],
  ['id,price,currency\n,1,USD\n', '2:1 names no message'],
  ['id,price,currency,segments\nm,1,USD,x\n', '2:9 segments: expected a whole number'],
])('%j is refused at its place', async (text, mistake) => {
  expect((await read(text)).mistakes).toEqual([mistake])
})

test('a heading that was asked for must be there', async () => {
  const { mistakes } = await read('id,price,currency\n', { columns: { id: 'Sid' } })
  expect(mistakes).toEqual([
    '1:1 there is no column Sid',
    '1:1 no column is id or reference; --columns id=NAME says which',
  ])
})
