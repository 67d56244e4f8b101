import { writeCsv } from '../../billing/csv.ts'
import { decimalOfMicros } from '../../billing/decimal.ts'
import { CHANGES, marginOf, type Statement, totalOf } from '../../billing/statement.ts'
import type { Micros } from '../../domain/money.ts'

const COLUMNS = [
  'section',
  'day',
  'country',
  'kind',
  'channel',
  'provider',
  'sends',
  'unbilled',
  'delivered',
  'segments',
  'package_segments',
  'amount',
  'currency',
  'cost',
  'cost_currency',
  'margin',
  'blocked',
  'challenged',
  'note',
] as const
type CsvRow = Partial<Record<(typeof COLUMNS)[number], string | number>>

/** One table of everything: balances and what changed them, messages, refusals, packages and bookings, told apart by `section`. */
export function statementCsv(statement: Statement): string {
  const rows = [
    ...balanceRows(statement),
    ...statement.lines.map((line) => sentRow(statement, line)),
    ...refusedRows(statement),
    ...packageRows(statement),
    ...bookingRows(statement),
  ]
  return writeCsv(
    COLUMNS,
    rows.map((row) => COLUMNS.map((name) => String(row[name] ?? ''))),
  )
}

function balanceRows({ balances, changes, currency, difference }: Statement): readonly CsvRow[] {
  const row = (section: string, note: string, amount: Micros): CsvRow => ({
    section,
    amount: decimalOfMicros(amount),
    currency,
    note,
  })
  const { opening, closing } = balances
  return [
    row('opening', 'available', opening.available),
    row('opening', 'held', opening.held),
    ...CHANGES.map((name) => row('change', name, changes[name])),
    row('closing', 'available', closing.available),
    row('closing', 'held', closing.held),
    row('difference', '', difference),
  ]
}

function sentRow({ currency }: Statement, line: Statement['lines'][number]): CsvRow {
  const { day, country, kind, channel, provider = '', costCurrency = currency } = line
  const margin = marginOf(totalOf([line], currency))
  return {
    section: 'sent',
    day,
    country,
    kind,
    channel,
    provider,
    sends: line.sends,
    unbilled: line.unbilled,
    delivered: line.delivered,
    segments: line.segments,
    package_segments: line.packageSegments,
    amount: decimalOfMicros(line.price),
    currency,
    cost: decimalOfMicros(line.cost),
    cost_currency: costCurrency,
    margin: margin === undefined ? '' : decimalOfMicros(margin),
  }
}

const refusedRows = ({ refused, currency }: Statement): readonly CsvRow[] =>
  refused.map(({ day, country, blocked, challenged, saved }) => ({
    section: 'refused',
    day,
    country,
    blocked,
    challenged,
    amount: decimalOfMicros(saved),
    currency,
    note: 'saved',
  }))

const packageRows = ({ packages }: Statement): readonly CsvRow[] =>
  packages.map(({ id, reference, segments }) => ({
    section: 'package',
    package_segments: segments,
    note: `${id} ${reference}`,
  }))

const bookingRows = ({ bookings, currency }: Statement): readonly CsvRow[] =>
  bookings.map(({ atMs, posting, amount, note = '' }) => ({
    section: 'booking',
    day: new Date(atMs).toISOString().slice(0, 10),
    amount: decimalOfMicros(amount),
    currency,
    note: `${posting} ${note}`.trim(),
  }))
