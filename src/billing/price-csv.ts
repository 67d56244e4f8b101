import * as z from 'zod'
import { type CsvMistake, type CsvRecord, readCsvTable, writeCsv } from './csv.ts'
import { decimalOfMicros } from './decimal.ts'
import {
  accountCell,
  billOnCell,
  channelCell,
  countryCell,
  currencyCell,
  dayCell,
  kindCell,
  marketCell,
  priceCell,
} from './price-cells.ts'
import { ANYWHERE, type PriceRow } from './price-row.ts'

/** The columns of a price file, in the order in which they are written. */
export const PRICE_COLUMNS = {
  account: 'account',
  currency: 'currency',
  channel: 'channel',
  market: 'market',
  country: 'country',
  kind: 'kind',
  from: 'from',
  until: 'until',
  tierFrom: 'tier_from',
  price: 'price',
  billOn: 'bill_on',
} as const satisfies Record<keyof PriceRow, string>

const REQUIRED = ['currency', 'channel', 'market', 'country', 'price']
const OPTIONAL = ['account', 'kind', 'from', 'until', 'tier_from', 'bill_on']

export const orEmpty = <T extends z.ZodType>(cell: T) =>
  z
    .literal('')
    .transform(() => undefined)
    .or(cell)

const segments = z
  .string()
  .regex(/^\d{1,12}$/, 'expected a whole number of segments')
  .transform(Number)

const rowSchema = z.object({
  account: orEmpty(accountCell),
  currency: currencyCell,
  channel: channelCell,
  market: marketCell,
  country: z.literal(ANYWHERE).or(countryCell),
  kind: orEmpty(kindCell),
  from: orEmpty(dayCell),
  until: orEmpty(dayCell),
  tier_from: orEmpty(segments),
  price: priceCell,
  bill_on: orEmpty(billOnCell),
})

/** A row with the cells that it was read from. */
export type ReadRow = { readonly row: PriceRow; readonly record: CsvRecord }

/** Reads a file of prices; its rows are usable only when there are no mistakes. */
export function readPriceCsv(text: string): {
  readonly rows: readonly ReadRow[]
  readonly mistakes: readonly CsvMistake[]
} {
  const table = readCsvTable(text, { required: REQUIRED, optional: OPTIONAL })
  const read = table.records.map(toRow)
  return {
    rows: read.flatMap((one) => ('row' in one ? [one] : [])),
    mistakes: [...table.mistakes, ...read.flatMap((one) => ('row' in one ? [] : one.mistakes))],
  }
}

function toRow(record: CsvRecord): ReadRow | { readonly mistakes: readonly CsvMistake[] } {
  const parsed = rowSchema.safeParse(record.values)
  if (!parsed.success) return { mistakes: placed(record, parsed.error.issues) }
  const { tier_from: tierFrom = 0, bill_on: billOn = 'accepted', ...rest } = parsed.data
  return { row: { ...rest, tierFrom, billOn } as PriceRow, record }
}

/** Each at its cell, in the words of the alternative that was meant. */
export const placed = (
  record: CsvRecord,
  issues: readonly z.core.$ZodIssue[],
): readonly CsvMistake[] =>
  issues.map((issue) => {
    const column = String(issue.path[0])
    const { line, column: at } = record.cellOf(column)
    return { line, column: at, message: `${column}: ${wordsOf(issue)}` }
  })

const wordsOf = (issue: z.core.$ZodIssue): string => {
  const branch = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined
  return branch === undefined ? issue.message : wordsOf(branch)
}

/** All rows in one order, whatever the order of the files was: an export of the same prices is the same text. */
export const writePriceCsv = (rows: readonly PriceRow[]): string =>
  writeCsv(
    Object.values(PRICE_COLUMNS),
    rows
      .map((row) => ({ cells: toCells(row), tierFrom: row.tierFrom }))
      .sort(
        (left, right) =>
          compareText(sortKey(left.cells), sortKey(right.cells)) || left.tierFrom - right.tierFrom,
      )
      .map(({ cells }) => cells),
  )

const toCells = (row: PriceRow): readonly string[] => [
  row.account ?? '',
  row.currency,
  row.channel,
  row.market,
  row.country,
  row.kind ?? '',
  row.from ?? '',
  row.until ?? '',
  String(row.tierFrom),
  decimalOfMicros(row.price),
  row.billOn,
]

/** Everything before the tier. */
const sortKey = (cells: readonly string[]): string => cells.slice(0, 8).join(' ')

const compareText = (left: string, right: string): number =>
  left < right ? -1 : Number(left > right)
