import { checkPriceRows } from '../billing/check-prices.ts'
import {
  type CostBook,
  checkComparable,
  checkCostRows,
  type Exchange,
  NO_COSTS,
  openCostBook,
  readCostCsv,
  readCostYaml,
} from '../billing/costs.ts'
import { DEFAULT_CURRENCY, openPriceBook, type PriceBook } from '../billing/price-book.ts'
import { PRICE_COLUMNS, readPriceCsv } from '../billing/price-csv.ts'
import { readPriceYaml } from '../billing/price-yaml.ts'
import type { Mistake, Parsed } from './mistake.ts'
import type { RulesFiles } from './placed-data.ts'
import { readRowFiles } from './priced-files.ts'

/** Paths of a rules folder that hold prices; those that begin with a dot are drafts. */
export const PRICE_FILE = /^prices\/[^/.][^/]*\.(yaml|csv)$/

/**
 * Every file of prices by path: one book, or all that is wrong with them. A mistake in one file is told before what the
 * files contradict each other in. Undefined: there are no such files.
 */
export function parsePriceFiles(files: RulesFiles): Parsed<PriceBook | undefined> {
  if (files.size === 0) return { kind: 'ok', value: undefined }
  const read = readRowFiles(files, { csv: readPriceCsv, yaml: readPriceYaml })
  if (read.kind === 'wrong') return read
  const rows = read.value.map(({ row }) => row)
  const mistakes = checkPriceRows(rows).flatMap(({ row, field, message }) => {
    const filed = read.value[row]
    return filed === undefined ? [] : [filed.mistakeAt(PRICE_COLUMNS[field], message)]
  })
  const book = openPriceBook(rows)
  const lacking = book.currencies.has(DEFAULT_CURRENCY) ? [] : [lacksDefault]
  const all = [...mistakes, ...lacking]
  return all.length > 0 ? { kind: 'wrong', mistakes: all } : { kind: 'ok', value: book }
}

const lacksDefault: Mistake = {
  file: 'prices',
  line: 1,
  column: 1,
  message: `no file has prices in ${DEFAULT_CURRENCY}`,
}

/** What routes.yaml says, undefined where it cannot be read. */
export type CostGround = {
  readonly providers: ReadonlySet<string> | undefined
  readonly routing: Exchange | undefined
}
const NOTHING_SAID: Exchange = { exchange: {} }

/** What providers charge us, checked against the `providers` of routes.yaml where those are known. */
export function parseCostFiles(
  files: RulesFiles,
  { providers, routing = NOTHING_SAID }: CostGround,
): Parsed<CostBook> {
  if (files.size === 0) return { kind: 'ok', value: NO_COSTS }
  const read = readRowFiles(files, { csv: readCostCsv, yaml: readCostYaml })
  if (read.kind === 'wrong') return read
  const rows = read.value.map(({ row }) => row)
  const wrong = [...checkCostRows(rows, providers), ...checkComparable(rows, routing)]
  const mistakes = wrong.flatMap(({ row, field, message }) => {
    const filed = read.value[row]
    return filed === undefined ? [] : [filed.mistakeAt(field, message)]
  })
  if (mistakes.length > 0) return { kind: 'wrong', mistakes }
  return { kind: 'ok', value: openCostBook(rows, routing) }
}
