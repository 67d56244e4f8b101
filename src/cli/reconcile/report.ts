import {
  amountsOf,
  FINDINGS,
  type Finding,
  type FindingKind,
} from '../../billing/compare-invoice.ts'
import { writeCsv } from '../../billing/csv.ts'
import { decimalOfMicros } from '../../billing/decimal.ts'
import { micros } from '../../domain/money.ts'
import type { Reconciled, Span } from '../../flows/reconcile-invoice.ts'

export type Compared = Extract<Reconciled, { kind: 'compared' }>
export type About = {
  readonly provider: string
  readonly file: string
  readonly tolerance: string
  readonly isWithin: boolean
}

/** How findings are written down while they are made, and what ends it. */
export type Report = {
  readonly begin: () => string
  readonly finding: (finding: Finding) => string
  readonly end: (compared: Compared, about: About) => string
}

export const REPORTS: Readonly<Record<'text' | 'json' | 'csv', () => Report>> = {
  text: textReport,
  json: jsonReport,
  csv: csvReport,
}

/** Findings of each kind that a person reads; the other formats have all. */
const SHOWN = 10

const TITLES: Record<FindingKind, string> = {
  matched: 'matched',
  unpriced: 'matched, no cost known here',
  price_differs: 'price differs',
  segments_differ: 'segments differ',
  missing_here: 'missing here',
  missing_there: 'missing there',
  double_billed: 'double billed',
}

function textReport(): Report {
  const shown = new Map<FindingKind, string[]>()
  return {
    begin: () => '',
    finding: (finding) => {
      const lines = shown.get(finding.kind) ?? []
      if (isOdd(finding) && lines.length < SHOWN) lines.push(`  ${sentenceOf(finding)}`)
      shown.set(finding.kind, lines)
      return ''
    },
    end: (compared, about) => {
      const lists = FINDINGS.flatMap((kind) => {
        const lines = shown.get(kind) ?? []
        return lines.length === 0 ? [] : ['', `${TITLES[kind]}:`, ...lines]
      })
      return [...summary(compared, about), ...lists, ''].join('\n')
    },
  }
}

function summary(compared: Compared, { provider, file, tolerance, isWithin }: About): string[] {
  const rows = totalRows(compared).map(({ currency, kind, rows: count, ...amounts }) => [
    currency,
    TITLES[kind],
    String(count),
    amounts.theirs,
    amounts.ours,
    amounts.disputed,
  ])
  const table = [['', '', 'messages', 'invoice', 'ours', 'disputed'], ...rows]
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)))
  const pad = (text: string, at: number) =>
    at < 2 ? text.padEnd(widths?.[at] ?? 0) : text.padStart(widths?.[at] ?? 0)
  return [
    `${file} of ${provider}, ${spanText(compared.span)}`,
    '',
    ...table.map((row) => row.map(pad).join('  ').trimEnd()),
    '',
    isWithin ? `within the tolerance of ${tolerance}` : `more than the tolerance of ${tolerance}`,
  ]
}

const spanText = (span: Span | undefined): string =>
  span === undefined
    ? 'none of its messages is ours'
    : `messages from ${dayOf(span.fromMs)} to before ${dayOf(span.toMs)}`
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)

function totalRows({ totals }: Compared) {
  return [...totals].flatMap(([currency, lines]) =>
    FINDINGS.flatMap((kind) => {
      const line = lines.get(kind)
      if (line === undefined) return []
      const { rows, theirs, ours, disputed } = line
      return {
        currency,
        kind,
        rows,
        theirs: decimalOfMicros(theirs),
        ours: decimalOfMicros(ours),
        difference: decimalOfMicros(micros(theirs - ours)),
        disputed: decimalOfMicros(disputed),
      }
    }),
  )
}

const isOdd = ({ kind }: Finding): boolean => kind !== 'matched' && kind !== 'unpriced'

function sentenceOf(finding: Finding): string {
  const { line, id, send, status, invoice_price, our_price, invoice_segments, our_segments } =
    cellsOf(finding)
  const where = line === '' ? '' : `line ${line}: `
  const segments =
    invoice_segments !== our_segments && our_segments !== '' && invoice_segments !== ''
      ? `, ${invoice_segments} segments for ${our_segments}`
      : ''
  const name = [id, send].filter((each) => each !== '').join(' ')
  const money = `${invoice_price === '' ? 'nothing' : invoice_price} for ${our_price === '' ? 'nothing' : our_price}`
  return `${where}${name} ${money}${segments}${status === '' ? '' : ` (${status})`}`
}

const COLUMNS = [
  'finding',
  'line',
  'id',
  'send',
  'sent_at',
  'to',
  'status',
  'currency',
  'invoice_price',
  'our_currency',
  'our_price',
  'invoice_segments',
  'our_segments',
] as const

/** Numbers are masked: what a provider is asked about goes by its ids. */
function cellsOf(finding: Finding): Record<(typeof COLUMNS)[number], string> {
  const { kind, row, record } = finding
  const { theirs, ours } = amountsOf(finding)
  return {
    finding: kind,
    line: textOf(row?.line),
    id: row?.id ?? record?.providerMessageId ?? '',
    send: record?.id ?? '',
    sent_at: record === undefined ? '' : new Date(record.createdAtMs).toISOString(),
    to: masked(row?.to ?? ''),
    status: row?.status ?? '',
    currency: theirs?.currency ?? '',
    invoice_price: theirs === undefined ? '' : decimalOfMicros(theirs.micros),
    our_currency: ours?.currency ?? '',
    our_price: ours === undefined ? '' : decimalOfMicros(ours.micros),
    invoice_segments: textOf(row?.segments),
    our_segments: textOf(record?.segments),
  }
}

const textOf = (value: number | undefined): string => (value === undefined ? '' : String(value))
const masked = (to: string): string => to.replace(/\d(?=\d{3})/g, '*')

/** Everything that is not as it should be, a row each. */
function csvReport(): Report {
  return {
    begin: () => writeCsv(COLUMNS, []),
    finding: (finding) => {
      if (!isOdd(finding)) return ''
      const cells = cellsOf(finding)
      return writeCsv(
        COLUMNS.map((name) => cells[name]),
        [],
      )
    },
    end: () => '',
  }
}

/** One object; the findings come first, because the totals are known last. */
function jsonReport(): Report {
  let isFirst = true
  return {
    begin: () => '{"findings":[',
    finding: (finding) => {
      if (!isOdd(finding)) return ''
      const before = isFirst ? '\n' : ',\n'
      isFirst = false
      const filled = Object.entries(cellsOf(finding)).filter(([, text]) => text !== '')
      return before + JSON.stringify(Object.fromEntries(filled))
    },
    end: (compared, { provider, file, tolerance, isWithin }) => {
      const { span } = compared
      const from = span && dayOf(span.fromMs)
      const to = span && dayOf(span.toMs)
      const totals = totalRows(compared)
      const rest = { provider, file, from, to, tolerance, within_tolerance: isWithin, totals }
      return `\n],${JSON.stringify(rest, undefined, 1).slice(1)}\n`
    },
  }
}
