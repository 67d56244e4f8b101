import type { TrafficReport, TrafficRow } from './client.ts'

type Column = readonly [title: string, cell: (row: TrafficRow) => string]

const COLUMNS: readonly Column[] = [
  ['', ({ key }) => key],
  ['asked', ({ requests }) => String(requests)],
  ['allowed', ({ allowed }) => String(allowed)],
  ['challenged', ({ challenged }) => String(challenged)],
  ['blocked', ({ blocked }) => String(blocked)],
  ['verified', ({ verified }) => String(verified)],
  ['conversion', ({ conversion }) => (conversion === null ? '-' : `${percent(conversion)} %`)],
  ['spent', ({ spent_micros }) => amount(spent_micros)],
  ['saved', ({ saved_micros }) => amount(saved_micros)],
]
const ROWS_MAX = 8

const percent = (share: number): string => (100 * share).toFixed(0)

/** Micros as whole money with two decimals. */
const amount = (micros: number): string => (micros / 1_000_000).toFixed(2)

/** One line of the running score: what came in since the demo began. */
export function liveLine(at: { second: number; phase: string }, now: TrafficRow): string {
  const cells = [
    `${at.second} s`.padStart(6),
    at.phase.padEnd(8),
    `asked ${now.requests}`.padEnd(11),
    `allowed ${now.allowed}`.padEnd(12),
    `challenged ${now.challenged}`.padEnd(15),
    `blocked ${now.blocked}`.padEnd(12),
    `spent ${amount(now.spent_micros)}`.padEnd(13),
    `saved ${amount(now.saved_micros)}`,
  ]
  return `${cells.join('  ')}\n`
}

/** What was counted after `before`, by the same report. */
export function since(before: TrafficRow, now: TrafficRow): TrafficRow {
  return {
    ...now,
    requests: now.requests - before.requests,
    allowed: now.allowed - before.allowed,
    challenged: now.challenged - before.challenged,
    blocked: now.blocked - before.blocked,
    verified: now.verified - before.verified,
    spent_micros: now.spent_micros - before.spent_micros,
    saved_micros: now.saved_micros - before.saved_micros,
  }
}

/** The fraud report as tables, in its own currency. */
export function reportText(report: TrafficReport): string {
  const sections: readonly (readonly [string, readonly TrafficRow[]])[] = [
    ['Range', report.top_ranges],
    ['ASN', report.top_asns],
    ['IP', report.top_ips],
  ]
  const tables = sections
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => table(title, rows.slice(0, ROWS_MAX)))
  const total = table('Total', [{ ...report.total, key: report.currency }])
  return [total, ...tables].join('\n')
}

function table(title: string, rows: readonly TrafficRow[]): string {
  const lines = [
    COLUMNS.map(([name]) => (name === '' ? title : name)),
    ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row))),
  ]
  const widths = COLUMNS.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  )
  const padded = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)
  return lines.map((line) => `${line.map(padded).join('  ').trimEnd()}\n`).join('')
}
