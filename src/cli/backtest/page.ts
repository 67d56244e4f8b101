import { barChart, escapeHtml, lineChart } from './charts.ts'
import type { BacktestReport, Group, Pair } from './report.ts'
import { GROUP_HEAD, groupCells, money, requestsLine, totals } from './text.ts'

const BARS_SHOWN = 12

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #6a737d; --rule: #d0d7de; --a: #8c959f; --b: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #0d1117; --soft: #8b949e; --rule: #30363d; --a: #6e7681; --b: #58a6ff; }
}
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2.5rem; }
p, dd { color: var(--soft); } dt { float: left; clear: left; width: 2rem; font-weight: 600; }
.key-a, .key-b { display: inline-block; width: .8em; height: .8em; border-radius: 2px; background: var(--a); }
.key-b { background: var(--b); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .5rem; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { font-weight: 600; color: var(--soft); }
svg text { font-size: 12px; fill: var(--ink); } svg .name { text-anchor: end; fill: var(--soft); }
svg rect.a { fill: var(--a); } svg rect.b { fill: var(--b); }
svg polyline { fill: none; stroke-width: 2; } svg polyline.a { stroke: var(--a); } svg polyline.b { stroke: var(--b); }
svg .grid { stroke: var(--rule); }
`

/** The report as one page that needs nothing else: no script, no font, no image from anywhere. */
export function backtestPage(report: BacktestReport): string {
  const { a, b, total, changed } = report
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Backtest</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Backtest</h1>
<dl>
<dt><span class="key-a"></span> A</dt><dd>${escapeHtml(a.rules)}, model ${escapeHtml(a.model)}</dd>
<dt><span class="key-b"></span> B</dt><dd>${escapeHtml(b.rules)}, model ${escapeHtml(b.model)}</dd>
</dl>
<p>${requestsLine(report)}. ${changed} decided differently.</p>
${tableOf(['', 'A', 'B', 'B − A'], totals(total))}
<h2>People</h2>
${barChart('Good requests refused and challenged', peopleBars(total), String)}
<h2>Money</h2>
${barChart('What bad requests cost and would have cost', moneyBars(total), money)}
<h2>Missed money over time, by ${report.over_time.step}</h2>
${lineChart('Price of bad requests that were sent', report.over_time.points.map(missedOf), money)}
<h2>Changed decisions</h2>
${tableOf(['From', 'To', 'Good', 'Bad', 'Unknown', 'Price'], changeRows(report))}
<h2>By reason</h2>
${groupPart('Refused and challenged by reason', report.by_reason)}
<h2>By country</h2>
${groupPart('Refused and challenged by country', report.by_country)}
</body>
</html>
`
}

const peopleBars = ({ a, b }: Pair) => [
  { name: 'blocked good', a: a.good_blocked, b: b.good_blocked },
  { name: 'challenged good', a: a.good_challenged, b: b.good_challenged },
  { name: 'blocked unknown', a: a.unknown_blocked, b: b.unknown_blocked },
]

const moneyBars = ({ a, b }: Pair) => [
  { name: 'missed bad', a: a.bad_missed_micros, b: b.bad_missed_micros },
  { name: 'stopped bad', a: a.bad_stopped_micros, b: b.bad_stopped_micros },
  { name: 'blocked good', a: a.good_blocked_micros, b: b.good_blocked_micros },
]

const missedOf = ({ key, a, b }: Group) => ({
  name: key.slice(0, 16).replace('T', ' '),
  a: a.bad_missed_micros,
  b: b.bad_missed_micros,
})

const changeRows = ({ changes }: BacktestReport) =>
  changes.map(({ from, to, good, bad, unknown, micros }) => [
    from,
    to,
    ...[good, bad, unknown].map(String),
    money(micros),
  ])

function groupPart(title: string, groups: readonly Group[]): string {
  const bars = groups.slice(0, BARS_SHOWN).map(({ key, a, b }) => ({
    name: key,
    a: a.challenged + a.blocked,
    b: b.challenged + b.blocked,
  }))
  const rows = groups.map((group) => [group.key, ...groupCells(group)])
  return `${barChart(title, bars, String)}\n${tableOf(['', ...GROUP_HEAD], rows)}`
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`
  const body = rows.map((row) => line(row, 'td')).join('\n')
  return `<div class="wide"><table><thead>${line(head, 'th')}</thead><tbody>\n${body}\n</tbody></table></div>`
}
