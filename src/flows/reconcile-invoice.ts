import {
  type Finding,
  findingOf,
  missingThere,
  openTotals,
  type Totals,
} from '../billing/compare-invoice.ts'
import type { CsvMistake } from '../billing/csv.ts'
import { type InvoiceFormat, type InvoiceRow, readInvoice } from '../billing/invoice.ts'
import { SeenNames } from '../billing/seen-names.ts'
import type { SentRecord, SentRecordStore } from '../billing/sent-records.ts'
import type { SendId } from '../domain/ids.ts'
import { currency as toCurrency } from '../domain/money.ts'

const AT_ONCE = 500
const MISTAKES_TOLD = 100
const DAY_MS = 86_400_000

export type Span = { readonly fromMs: number; readonly toMs: number }

export type InvoiceQuestion = {
  readonly providerId: string
  /** Opens the file anew each time: it is read twice. */
  readonly open: () => AsyncIterable<string>
  readonly format: InvoiceFormat
  /** Whose messages must be on the invoice; undefined: the days from its first to its last message that we know. */
  readonly span: Span | undefined
  /** Takes each finding as it is made; matched ones too. */
  readonly onFinding: (finding: Finding) => Promise<void>
}

export type Reconciled =
  | {
      readonly kind: 'refused'
      /** The first hundred. */
      readonly mistakes: readonly CsvMistake[]
      readonly count: number
    }
  | { readonly kind: 'compared'; readonly totals: Totals; readonly span: Span | undefined }

/**
 * Compares a provider's invoice with what we sent by it. The whole file is checked before anything is compared, so that a broken row
 * refuses all of it. Memory does not grow with the file but for a few bytes a row.
 */
export async function reconcileInvoice(
  records: SentRecordStore,
  question: InvoiceQuestion,
): Promise<Reconciled> {
  const checked = await check(question)
  if (checked.count > 0) return { kind: 'refused', ...checked }
  const { totals, count } = openTotals()
  const tell = async (finding: Finding): Promise<void> => {
    count(finding)
    await question.onFinding(finding)
  }
  const { seen, span, currency } = await compareRows(records, question, tell)
  for await (const record of acceptedWithin(records, question.providerId, span)) {
    if (!seen.has(record.id)) await tell(missingThere(record, currency))
  }
  return { kind: 'compared', totals, span }
}

/** Tells of every row. What was seen, over which time, and in which currency the last of them was. */
async function compareRows(
  records: SentRecordStore,
  question: InvoiceQuestion,
  tell: (finding: Finding) => Promise<void>,
) {
  const { providerId, format } = question
  const seen = new SeenNames()
  const known = openSpan()
  let currency = format.currency ?? NO_CURRENCY
  for await (const rows of batches(question)) {
    const find = await openLookUp(records, providerId, rows)
    for (const row of rows) {
      currency = row.currency
      const record = find(row)
      if (record !== undefined) known.widen(record.createdAtMs)
      await tell(findingOf(row, record, !seen.add(record?.id ?? `row ${row.id}${row.reference}`)))
    }
  }
  return { seen, span: question.span ?? known.span(), currency }
}

/** ISO 4217's code for "no currency": costs of ours that name none, where the invoice has no row either. */
const NO_CURRENCY = toCurrency('XXX')

async function check({ open, format }: InvoiceQuestion) {
  const told: CsvMistake[] = []
  let count = 0
  for await (const { mistakes } of readInvoice(open(), format)) {
    count += mistakes.length
    told.push(...mistakes.slice(0, MISTAKES_TOLD - told.length))
  }
  return { mistakes: told, count }
}

async function* batches({ open, format }: InvoiceQuestion): AsyncGenerator<readonly InvoiceRow[]> {
  for await (const { rows } of readInvoice(open(), format)) {
    for (let at = 0; at < rows.length; at += AT_ONCE) yield rows.slice(at, at + AT_ONCE)
  }
}

/** By the provider's id, else by our reference. */
async function openLookUp(
  records: SentRecordStore,
  providerId: string,
  rows: readonly InvoiceRow[],
): Promise<(row: InvoiceRow) => SentRecord | undefined> {
  const ids = rows.flatMap(({ id }) => (id === '' ? [] : [id]))
  const references = rows.flatMap(({ reference }) => reference ?? [])
  const found = await records.named(providerId, { ids, references })
  const byTheirs = new Map(found.map((one) => [one.providerMessageId, one]))
  const byOurs = new Map(found.map((one) => [one.id, one]))
  return ({ id, reference }) =>
    (id === '' ? undefined : byTheirs.get(id)) ?? (reference && byOurs.get(reference))
}

/** Whole days in UTC that hold every instant it was widened by. */
function openSpan() {
  let fromMs = Number.POSITIVE_INFINITY
  let lastMs = Number.NEGATIVE_INFINITY
  const dayStart = (atMs: number): number => atMs - (atMs % DAY_MS)
  return {
    widen: (atMs: number): void => {
      fromMs = Math.min(fromMs, atMs)
      lastMs = Math.max(lastMs, atMs)
    },
    span: (): Span | undefined =>
      lastMs < fromMs ? undefined : { fromMs: dayStart(fromMs), toMs: dayStart(lastMs) + DAY_MS },
  }
}

async function* acceptedWithin(
  records: SentRecordStore,
  providerId: string,
  span: Span | undefined,
): AsyncGenerator<SentRecord> {
  if (span === undefined) return
  let after: SendId | undefined
  while (true) {
    const page = await records.accepted(providerId, { ...span, after, limit: AT_ONCE })
    yield* page
    after = page.at(-1)?.id
    if (page.length < AT_ONCE) return
  }
}
