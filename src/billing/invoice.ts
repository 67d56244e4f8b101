import { parseId, type SendId } from '../domain/ids.ts'
import { type Currency, currency, type Micros } from '../domain/money.ts'
import type { Cell, CsvMistake } from './csv.ts'
import { readCsvChunks } from './csv-chunks.ts'
import { microsOfDecimal } from './decimal.ts'

/** What a column of a provider's invoice can be; other columns are not looked at. */
export const INVOICE_ROLES = [
  'id',
  'reference',
  'price',
  'currency',
  'segments',
  'to',
  'status',
] as const
export type InvoiceRole = (typeof INVOICE_ROLES)[number]

export type InvoiceFormat = {
  /** Headings by what they are; a role that is missing here is looked for under its own name. */
  readonly columns: Readonly<Partial<Record<InvoiceRole, string>>>
  /** Of rows where the file has no column for it. */
  readonly currency: Currency | undefined
  /** The file writes what it charges as negative numbers. */
  readonly negative: boolean
}

/** One message that a provider charges. */
export type InvoiceRow = {
  readonly line: number
  /** The provider's; empty where the row goes by our reference. */
  readonly id: string
  readonly reference: SendId | undefined
  /** Of the whole message. */
  readonly price: Micros
  readonly currency: Currency
  readonly segments: number | undefined
  readonly to: string
  readonly status: string
}

export type InvoicePart = {
  readonly rows: readonly InvoiceRow[]
  readonly mistakes: readonly CsvMistake[]
}

/** An invoice row by row, in parts as they come. Ends early only where the file is no CSV or its header is wrong. */
export async function* readInvoice(
  chunks: AsyncIterable<string>,
  format: InvoiceFormat,
): AsyncGenerator<InvoicePart> {
  let header: Header | undefined
  for await (const { rows, mistakes } of readCsvChunks(chunks)) {
    let body = rows
    if (header === undefined) {
      const [first, ...others] = rows
      if (first === undefined) continue
      header = headerOf(first, format)
      body = others
      if (header.mistakes.length > 0) {
        yield { rows: [], mistakes: header.mistakes }
        return
      }
    }
    yield partOf(body, { header, format, mistakes })
  }
  if (header === undefined) yield { rows: [], mistakes: [mistakeAt(START, 'the file is empty')] }
}

const START = { line: 1, column: 1 }

type Header = {
  readonly width: number
  readonly places: ReadonlyMap<InvoiceRole, number>
  readonly mistakes: readonly CsvMistake[]
}

function headerOf(cells: readonly Cell[], { columns, currency: code }: InvoiceFormat): Header {
  const names = cells.map(({ text }) => text.trim())
  const places = new Map<InvoiceRole, number>()
  const mistakes: CsvMistake[] = []
  for (const role of INVOICE_ROLES) {
    const name = columns[role] ?? role
    const [first, second] = names.flatMap((each, place) => (each === name ? [place] : []))
    if (first !== undefined) places.set(role, first)
    else if (columns[role] !== undefined)
      mistakes.push(mistakeAt(START, `there is no column ${name}`))
    if (second !== undefined) mistakes.push(mistakeAt(cells[second] ?? START, `a second ${name}`))
  }
  return { width: cells.length, places, mistakes: [...mistakes, ...lacking(places, code)] }
}

function lacking(places: Header['places'], code: InvoiceFormat['currency']): readonly CsvMistake[] {
  const messages = [
    ...(places.has('id') || places.has('reference')
      ? []
      : ['no column is id or reference; --columns id=NAME says which']),
    ...(places.has('price') ? [] : ['no column is price; --columns price=NAME says which']),
    ...(places.has('currency') || code !== undefined
      ? []
      : ['no column is currency; --currency says it for the whole file']),
  ]
  return messages.map((message) => mistakeAt(START, message))
}

type Reading = {
  readonly header: Header
  readonly format: InvoiceFormat
  readonly mistakes: readonly CsvMistake[]
}

function partOf(body: readonly (readonly Cell[])[], reading: Reading): InvoicePart {
  const rows: InvoiceRow[] = []
  const mistakes: CsvMistake[] = []
  for (const cells of body) {
    const read = rowOf(cells, reading)
    if ('row' in read) rows.push(read.row)
    else mistakes.push(read.mistake)
  }
  return { rows, mistakes: [...mistakes, ...reading.mistakes] }
}

type ReadRow = { readonly row: InvoiceRow } | { readonly mistake: CsvMistake }

/** The first mistake of a row is told. */
function rowOf(cells: readonly Cell[], { header, format }: Reading): ReadRow {
  const [first = { text: '', ...START }] = cells
  const { width, places } = header
  if (cells.length !== width)
    return wrong(first, `a row has ${width} cells, this one has ${cells.length}`)
  const cellOf = (role: InvoiceRole): Cell => cells[places.get(role) ?? -1] ?? NOTHING
  const textOf = (role: InvoiceRole): string => cellOf(role).text.trim()
  const id = textOf('id')
  const reference = parseId('VL', textOf('reference')) ?? parseId('VL', id)
  if (id === '' && reference === undefined) return wrong(first, 'names no message')
  const price = priceOf(textOf('price'), format)
  if (price === undefined)
    return wrong(
      cellOf('price'),
      `price: expected ${format.negative ? '0 or less' : '0 or more'}, with up to 6 decimals`,
    )
  const code = places.has('currency') ? currencyOf(textOf('currency')) : format.currency
  if (code === undefined)
    return wrong(cellOf('currency'), 'currency: expected three capital letters')
  const segments = segmentsOf(textOf('segments'))
  if (segments === 'wrong') return wrong(cellOf('segments'), 'segments: expected a whole number')
  const [to, status] = [textOf('to'), textOf('status')]
  return {
    row: { line: first.line, id, reference, price, currency: code, segments, to, status },
  }
}

const NOTHING: Cell = { text: '', line: 1, column: 1 }
const wrong = (cell: Cell, message: string): ReadRow => ({ mistake: mistakeAt(cell, message) })
const mistakeAt = (
  { line, column }: Pick<Cell, 'line' | 'column'>,
  message: string,
): CsvMistake => ({ line, column, message })

/** Zeros that some providers write behind the sixth decimal mean nothing. A credit among charges is no price, whichever sign charges have. */
function priceOf(text: string, { negative }: InvoiceFormat): Micros | undefined {
  const plain = microsOfDecimal(
    (negative ? text.replace(/^-/, '') : text).replace(/^(\d+\.\d{6}?)0+$/, '$1'),
  )
  return negative && plain !== 0 && !text.startsWith('-') ? undefined : plain
}

const currencyOf = (text: string): Currency | undefined =>
  /^[A-Z]{3}$/.test(text.toUpperCase()) ? currency(text.toUpperCase()) : undefined

function segmentsOf(text: string): number | undefined | 'wrong' {
  if (text === '') return undefined
  return /^\d{1,4}$/.test(text) ? Number(text) : 'wrong'
}
