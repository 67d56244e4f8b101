import { writeFile } from 'node:fs/promises'
import { writeCsv } from '../billing/csv.ts'
import { decimalOfMicros } from '../billing/decimal.ts'
import {
  MARGIN_WORDS,
  type MarginRow,
  type MarginWord,
  marginOfRow,
  marginTotals,
} from '../billing/margins.ts'
import { monthSpan } from '../billing/statement.ts'
import { Problem } from '../domain/problems.ts'
import { type MonthMargins, monthMargins } from '../flows/month-margins.ts'
import { type Invocation, textOption, UsageError } from './command.ts'

type Told = MonthMargins & { readonly month: string; readonly by: readonly MarginWord[] }

const FORMATS: Readonly<Record<string, (told: Told) => string>> = { csv: toCsv, json: toJson }

/** `tollgate margins`: what was left of a month of all accounts, in each currency. */
export async function marginsCommand(invocation: Invocation): Promise<number> {
  const { hands, positionals } = invocation
  const [month = ''] = positionals
  if (monthSpan(month) === undefined)
    throw new UsageError(`a month is written such as 2026-07, not '${month}'`)
  const by = wordsOf(textOption(invocation, 'by') ?? 'country,provider')
  const name = textOption(invocation, 'format') ?? 'csv'
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined
  if (format === undefined) throw new UsageError(`--format takes csv or json, not '${name}'`)
  const books = await hands.openBooks()
  try {
    const house = { ...books, platform: { nowMs: books.nowMs } }
    const text = format({ ...(await monthMargins(house, { month, by })), month, by })
    const out = textOption(invocation, 'out')
    if (out === undefined) hands.out(text)
    else await writeFile(out, text)
    return 0
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new UsageError(`the month ${month} has not begun`)
  } finally {
    await books.close()
  }
}

const isWord = (text: string): text is MarginWord => MARGIN_WORDS.some((word) => word === text)

function wordsOf(text: string): readonly MarginWord[] {
  const words = text.split(',')
  const wrong = words.find((word) => !isWord(word))
  if (wrong !== undefined)
    throw new UsageError(`--by takes words of ${MARGIN_WORDS.join(',')}, not '${wrong}'`)
  if (new Set(words).size < words.length) throw new UsageError('--by takes each word once')
  return words.filter(isWord)
}

const COUNTS = ['sends', 'unbilled', 'segments', 'packageSegments'] as const
const SUMS = ['price', 'rerating', 'packages', 'adjustments', 'cost'] as const

/** The totals come last, as `total` in the first column. */
function toCsv({ by, rows }: Told): string {
  const counts = COUNTS.map((name) => (name === 'packageSegments' ? 'package_segments' : name))
  const totals = marginTotals(rows).map((row) => ['total', ...by.slice(1).map(() => ''), row])
  const lines = [...rows.map((row) => [...by.map((word) => row.words[word] ?? ''), row]), ...totals]
  return writeCsv(
    [...by, 'currency', ...counts, ...SUMS, 'margin'],
    lines.map((line) =>
      line.flatMap((cell) => (typeof cell === 'string' ? [cell] : figuresOf(cell))),
    ),
  )
}

const figuresOf = (row: MarginRow): readonly string[] => [
  row.currency,
  ...COUNTS.map((name) => String(row[name])),
  ...SUMS.map((name) => decimalOfMicros(row[name])),
  decimalOfMicros(marginOfRow(row)),
]

function toJson({ month, isComplete, by, rows }: Told): string {
  const wire = (row: MarginRow) => ({
    ...row.words,
    currency: row.currency,
    sends: row.sends,
    unbilled: row.unbilled,
    segments: row.segments,
    package_segments: row.packageSegments,
    ...Object.fromEntries(SUMS.map((name) => [`${name}_micros`, row[name]])),
    margin_micros: marginOfRow(row),
  })
  const answer = {
    month,
    complete: isComplete,
    by,
    rows: rows.map(wire),
    totals: marginTotals(rows).map(wire),
  }
  return `${JSON.stringify(answer, undefined, 2)}\n`
}
