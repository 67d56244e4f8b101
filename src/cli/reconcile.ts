import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import { microsOfDecimal } from '../billing/decimal.ts'
import { INVOICE_ROLES, type InvoiceFormat, type InvoiceRole } from '../billing/invoice.ts'
import { currency, type Micros, ZERO } from '../domain/money.ts'
import { reconcileInvoice, type Span } from '../flows/reconcile-invoice.ts'
import { type Hands, type Invocation, textOption, UsageError } from './command.ts'
import { type Compared, REPORTS, type Report } from './reconcile/report.ts'

const EXIT_DIFFERENT = 1
const EXIT_REFUSED = 2
const READ_BYTES = 256 * 1024

/** `tollgate reconcile`: 0 where both agree, 1 where more is disputed than tolerated, 2 for a file that cannot be read. */
export async function reconcileCommand(invocation: Invocation): Promise<number> {
  const { hands, positionals } = invocation
  const [provider = '', file = ''] = positionals
  const question = { format: formatOf(invocation), span: spanOf(invocation) }
  const tolerance = toleranceOf(invocation)
  const report = reportOf(invocation)
  await access(file).catch(() => {
    throw new UsageError(`there is no readable file at ${file}`)
  })
  const books = await hands.openBooks()
  const output = openOutput(hands, textOption(invocation, 'out'), report)
  try {
    const reconciled = await reconcileInvoice(books.sentRecords, {
      ...question,
      providerId: provider,
      open: () => createReadStream(file, { encoding: 'utf8', highWaterMark: READ_BYTES }),
      onFinding: (finding) => output.write(report.finding(finding)),
    })
    if (reconciled.kind === 'refused') return refuse(hands, file, reconciled)
    const isWithin = mostDisputed(reconciled) <= tolerance
    const shown = textOption(invocation, 'tolerance') ?? '0'
    const about = { provider, file: basename(file), tolerance: shown, isWithin }
    await output.write(report.end(reconciled, about))
    return isWithin ? 0 : EXIT_DIFFERENT
  } finally {
    await output.close()
    await books.close()
  }
}

type Refused = Extract<Awaited<ReturnType<typeof reconcileInvoice>>, { kind: 'refused' }>

function refuse(hands: Hands, file: string, { mistakes, count }: Refused): number {
  for (const { line, column, message } of mistakes) {
    hands.err(`${file}:${line}:${column}: ${message}\n`)
  }
  hands.err(`${count} ${count === 1 ? 'mistake' : 'mistakes'}, nothing was compared\n`)
  return EXIT_REFUSED
}

/** Of any one currency: they are not added up. */
const mostDisputed = ({ totals }: Compared): number =>
  Math.max(
    0,
    ...[...totals.values()].map((lines) =>
      [...lines.values()].reduce((sum, { disputed }) => sum + disputed, 0),
    ),
  )

function formatOf(invocation: Invocation): InvoiceFormat {
  const code = textOption(invocation, 'currency')
  if (code !== undefined && !/^[A-Z]{3}$/.test(code))
    throw new UsageError(`--currency takes three capital letters, not '${code}'`)
  return {
    columns: columnsOf(textOption(invocation, 'columns')),
    currency: code === undefined ? undefined : currency(code),
    negative: invocation.values.negative === true,
  }
}

/** `id=Sid,price=Total Price` */
function columnsOf(text: string | undefined): InvoiceFormat['columns'] {
  const columns: Partial<Record<InvoiceRole, string>> = {}
  for (const pair of text?.split(',') ?? []) {
    const [name, ...rest] = pair.split('=')
    const role = INVOICE_ROLES.find((each) => each === name?.trim())
    const heading = rest.join('=').trim()
    if (role === undefined || heading === '')
      throw new UsageError(`--columns takes ${INVOICE_ROLES.join('=, ')}=, not '${pair}'`)
    columns[role] = heading
  }
  return columns
}

function spanOf(invocation: Invocation): Span | undefined {
  const [from, to] = [dayOption(invocation, 'from'), dayOption(invocation, 'to')]
  if (from === undefined && to === undefined) return undefined
  if (from === undefined || to === undefined || from >= to)
    throw new UsageError('--from and --to go together, --from before --to')
  return { fromMs: from, toMs: to }
}

function dayOption(invocation: Invocation, name: string): number | undefined {
  const text = textOption(invocation, name)
  if (text === undefined) return undefined
  const atMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(atMs)) throw new UsageError(`--${name} takes a day such as 2026-07-01`)
  return atMs
}

function toleranceOf(invocation: Invocation): Micros {
  const text = textOption(invocation, 'tolerance')
  const tolerance = text === undefined ? ZERO : microsOfDecimal(text)
  if (tolerance === undefined)
    throw new UsageError(`--tolerance takes an amount of money, not '${text}'`)
  return tolerance
}

function reportOf(invocation: Invocation): Report {
  const name = textOption(invocation, 'format') ?? 'text'
  if (name === 'text' || name === 'json' || name === 'csv') return REPORTS[name]()
  throw new UsageError(`--format takes text, json or csv, not '${name}'`)
}

/** Begun with the first finding or end, so that a refused file leaves none. */
function openOutput({ out }: Hands, path: string | undefined, report: Report) {
  let isBegun = false
  let stream: ReturnType<typeof createWriteStream> | undefined
  const put = async (text: string): Promise<void> => {
    if (text === '') return
    if (path === undefined) return out(text)
    stream ??= createWriteStream(path)
    if (!stream.write(text)) await once(stream, 'drain')
  }
  return {
    write: async (text: string): Promise<void> => {
      if (!isBegun) await put(report.begin())
      isBegun = true
      await put(text)
    },
    close: async (): Promise<void> => {
      if (stream === undefined) return
      stream.end()
      await once(stream, 'finish')
    },
  }
}
