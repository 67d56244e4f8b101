import type { BacktestReport, Group, Pair } from './report.ts'

const ROWS_SHOWN = 20

/** The report for a terminal. */
export function backtestText(report: BacktestReport): string {
  const { a, b, changed, total, changes } = report
  return [
    `A  ${a.rules}  (model ${a.model})`,
    `B  ${b.rules}  (model ${b.model})`,
    '',
    requestsLine(report),
    ...(report.malformed > 0 ? [`${report.malformed} lines could not be read`] : []),
    `${changed} decided differently`,
    '',
    table(['', 'A', 'B', 'B - A'], totals(total)),
    '',
    'Changed decisions',
    table(
      ['from', 'to', 'good', 'bad', 'unknown', 'price'],
      changes.map(({ from, to, good, bad, unknown, micros }) => [
        from,
        to,
        ...[good, bad, unknown].map(String),
        money(micros),
      ]),
    ),
    '',
    'By reason',
    groupTable(report.by_reason),
    '',
    'By country',
    groupTable(report.by_country),
    '',
  ].join('\n')
}

/** How many, when, and what they were. */
export const requestsLine = ({ total, from, to, labels }: BacktestReport): string =>
  total.a.requests === 0
    ? '0 requests'
    : `${total.a.requests} requests from ${from} to ${to}: ${labels.good} good, ${labels.bad} bad, ${labels.unknown} unknown`

/** Lines of the summary with both sides and their difference. */
export function totals({ a, b }: Pair): readonly (readonly string[])[] {
  const line = (name: string, left: number, right: number): readonly string[] =>
    difference({ name, left, right }, String)
  const sum = (name: string, left: number, right: number): readonly string[] =>
    difference({ name, left, right }, money)
  return [
    line('challenged', a.challenged, b.challenged),
    line('blocked', a.blocked, b.blocked),
    line('blocked good', a.good_blocked, b.good_blocked),
    line('challenged good', a.good_challenged, b.good_challenged),
    line('blocked unknown', a.unknown_blocked, b.unknown_blocked),
    line('missed bad', a.bad_missed, b.bad_missed),
    sum('missed bad, money', a.bad_missed_micros, b.bad_missed_micros),
    sum('stopped bad, money', a.bad_stopped_micros, b.bad_stopped_micros),
    sum('blocked good, money', a.good_blocked_micros, b.good_blocked_micros),
  ]
}

type Both = { readonly name: string; readonly left: number; readonly right: number }

const difference = (
  { name, left, right }: Both,
  show: (value: number) => string,
): readonly string[] => [
  name,
  show(left),
  show(right),
  `${right > left ? '+' : ''}${show(right - left)}`,
]

export const GROUP_HEAD = [
  'A refused',
  'B refused',
  'A blocked good',
  'B blocked good',
  'A missed bad',
  'B missed bad',
  'A missed money',
  'B missed money',
  'A stopped money',
  'B stopped money',
] as const

export const groupCells = ({ a, b }: Pair): readonly string[] => [
  String(a.blocked + a.challenged),
  String(b.blocked + b.challenged),
  String(a.good_blocked),
  String(b.good_blocked),
  String(a.bad_missed),
  String(b.bad_missed),
  money(a.bad_missed_micros),
  money(b.bad_missed_micros),
  money(a.bad_stopped_micros),
  money(b.bad_stopped_micros),
]

function groupTable(groups: readonly Group[]): string {
  const rows = groups.slice(0, ROWS_SHOWN).map((group) => [group.key, ...groupCells(group)])
  const more = groups.length - ROWS_SHOWN
  return [table(['', ...GROUP_HEAD], rows), ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

const MICROS = 1_000_000

export const money = (micros: number): string => (micros / MICROS).toFixed(2)

/** Columns as wide as they must be; the first one to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((name, at) =>
    Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}
