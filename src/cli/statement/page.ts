import { decimalOfMicros } from '../../billing/decimal.ts'
import {
  CHANGES,
  type Change,
  deliveredShare,
  marginOf,
  type Statement,
  type StatementLine,
  totalOf,
} from '../../billing/statement.ts'
import { type Micros, micros, plus } from '../../domain/money.ts'
import { STYLE } from './style.ts'

const CHANGE_TITLES: Readonly<Record<Change, string>> = {
  top_ups: 'Paid in',
  sends: 'Messages',
  packages: 'Packages bought',
  rerating: 'Months re-rated at a lower tier',
  adjustments: 'Refunds and corrections',
  others: 'Other postings',
}

/** A page of its own, to be read or printed: nothing in it is loaded from anywhere. */
export function statementPage(statement: Statement): string {
  const { accountName, accountId, month, isComplete } = statement
  const title = `Statement ${month}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(`${title}, ${accountName}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${text(accountName)}<br><small>${accountId}, all days in UTC${isComplete ? '' : ', the month is still running'}</small></p>
</header>
<main>
${balanceSection(statement)}
${sentSection(statement)}
${refusedSection(statement)}
${packageSection(statement)}
${bookingSection(statement)}
</main>
</body>
</html>
`
}

function balanceSection({ balances, changes, difference, currency }: Statement): string {
  const both = (moment: 'opening' | 'closing'): Micros =>
    plus(balances[moment].available, balances[moment].held)
  const row = (title: string, amount: Micros, kind = '') =>
    `<tr class="${kind}"><th scope="row">${title}</th>${number(money(amount))}</tr>`
  const held = (moment: 'opening' | 'closing') =>
    row('of this held for messages on their way', balances[moment].held, 'part')
  return `<section><h2>Balance <small>${currency}</small></h2><table class="narrow"><tbody>
${row('Opening balance', both('opening'), 'sum')}${held('opening')}
${CHANGES.filter((name) => changes[name] !== 0)
  .map((name) => row(CHANGE_TITLES[name], changes[name]))
  .join('\n')}
${row('Closing balance', both('closing'), 'sum')}${held('closing')}
${difference === 0 ? '' : row('The books do not add up by', difference, 'wrong')}
</tbody></table></section>`
}

/** Sums by one of its words; every line is in the CSV. */
const GROUPS: readonly {
  readonly title: string
  readonly of: (line: StatementLine) => string
}[] = [
  { title: 'Day', of: ({ day }) => day },
  { title: 'Country', of: ({ country }) => country },
  { title: 'Kind', of: ({ kind, channel }) => `${kind}, ${channel}` },
  { title: 'Provider', of: ({ provider }) => provider ?? 'none took it' },
]

function sentSection(statement: Statement): string {
  if (statement.lines.length === 0)
    return '<section><h2>Messages</h2><p>No message was closed.</p></section>'
  const tables = GROUPS.map(({ title, of }) => groupTable(statement, title, of))
  return `<section><h2>Messages <small>${statement.currency}</small></h2>${tables.join('\n')}</section>`
}

function groupTable(
  statement: Statement,
  title: string,
  of: (line: StatementLine) => string,
): string {
  const groups = new Map<string, StatementLine[]>()
  for (const line of statement.lines) {
    const lines = groups.get(of(line)) ?? []
    lines.push(line)
    groups.set(of(line), lines)
  }
  const rows = [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, lines]) => sentRow(statement, { name: text(name), lines, kind: '' }))
  const all = sentRow(statement, { name: 'Together', lines: statement.lines, kind: 'sum' })
  return `<table><thead><tr><th>${title}</th><th>Billed</th><th>Not billed</th><th>Delivered</th><th>Segments</th><th>By packages</th><th>Price</th><th>Cost</th><th>Margin</th></tr></thead>
<tbody>${rows.join('\n')}\n${all}</tbody></table>`
}

type Group = {
  readonly name: string
  readonly lines: readonly StatementLine[]
  readonly kind: string
}

function sentRow({ currency }: Statement, { name, lines, kind }: Group): string {
  const total = totalOf(lines, currency)
  const share = deliveredShare(total)
  const margin = marginOf(total)
  const costs = [
    ...(total.cost === 0 && total.foreignCosts.size > 0 ? [] : [money(total.cost)]),
    ...[...total.foreignCosts].map(([code, cost]) => `${money(cost)} ${code}`),
  ]
  const cells = [
    String(total.sends),
    String(total.unbilled),
    share === undefined ? '' : `${(share * 100).toFixed(1)} %`,
    String(total.segments),
    String(total.packageSegments),
    money(total.price),
    costs.join('<br>'),
    margin === undefined ? '' : money(margin),
  ]
  return `<tr class="${kind}"><th scope="row">${name}</th>${cells.map(number).join('')}</tr>`
}

function refusedSection({ refused, currency }: Statement): string {
  const byCountry = new Map<string, { blocked: number; challenged: number; saved: Micros }>()
  const none = { blocked: 0, challenged: 0, saved: micros(0) }
  for (const { country, blocked, challenged, saved } of refused) {
    for (const name of [country, TOGETHER]) {
      const sum = byCountry.get(name) ?? none
      byCountry.set(name, {
        blocked: sum.blocked + blocked,
        challenged: sum.challenged + challenged,
        saved: plus(sum.saved, saved),
      })
    }
  }
  const rows = [...byCountry]
    .sort(
      ([left], [right]) =>
        Number(left === TOGETHER) - Number(right === TOGETHER) || (left < right ? -1 : 1),
    )
    .map(([name, sum]) => {
      const cells = [String(sum.blocked), String(sum.challenged), money(sum.saved)]
      const kind = name === TOGETHER ? 'sum' : ''
      return `<tr class="${kind}"><th scope="row">${text(name)}</th>${cells.map(number).join('')}</tr>`
    })
  if (rows.length === 0) return ''
  return `<section><h2>Refused <small>${currency}</small></h2><table class="narrow"><thead><tr><th>Country</th><th>Blocked</th><th>Challenged</th><th>Saved</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`
}
const TOGETHER = 'Together'

function packageSection({ packages, segments }: Statement): string {
  const { granted, used, lapsed } = segments
  if (granted + used + lapsed === 0) return ''
  const rows = packages.map(
    ({ reference, segments: taken }) =>
      `<tr><th scope="row">${text(reference)}</th>${number(String(taken))}</tr>`,
  )
  return `<section><h2>Packages <small>segments</small></h2><table class="narrow"><tbody>${rows.join('\n')}
<tr class="sum"><th scope="row">Used</th>${number(String(used))}</tr>
<tr><th scope="row">Granted</th>${number(String(granted))}</tr>
<tr><th scope="row">Lapsed</th>${number(String(lapsed))}</tr></tbody></table></section>`
}

function bookingSection({ bookings, currency }: Statement): string {
  if (bookings.length === 0) return ''
  const rows = bookings.map(({ atMs, posting, amount, note = '' }) => {
    const [kind = '', , ...reference] = posting.split(':')
    const what = [reference.join(':'), note].filter((each) => each !== '').join(': ')
    return `<tr><th scope="row">${new Date(atMs).toISOString().slice(0, 10)}</th><td>${kind}</td><td>${text(what)}</td>${number(money(amount))}</tr>`
  })
  return `<section><h2>Postings without a message <small>${currency}</small></h2><table class="notes">
<thead><tr><th>Day</th><th>Kind</th><th>Reference</th><th>Amount</th></tr></thead><tbody>${rows.join('\n')}</tbody></table></section>`
}

const number = (shown: string): string => `<td class="number">${shown}</td>`

/** Two decimals, as people write money, or four and more where it is finer, so that columns stay in line. */
function money(amount: Micros): string {
  const [units = '0', decimals = ''] = decimalOfMicros(amount).split('.')
  return `${units}.${decimals.padEnd(decimals.length > 2 ? 4 : 2, '0')}`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}
const text = (plain: string): string => plain.replaceAll(/[&<>"]/g, (char) => ESCAPES[char] ?? char)
