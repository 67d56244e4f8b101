import { assert } from '../domain/assert.ts'
import { type Currency, type Micros, micros, negate, plus, ZERO } from '../domain/money.ts'
import type { InvoiceRow } from './invoice.ts'
import type { SentRecord } from './sent-records.ts'

/**
 * matched: both say the same; unpriced: we know the message but not what it should cost; missing_here: charged, and we never sent it;
 * missing_there: the provider took it and does not charge it; double_billed: charged a second time.
 */
export const FINDINGS = [
  'matched',
  'unpriced',
  'price_differs',
  'segments_differ',
  'missing_here',
  'missing_there',
  'double_billed',
] as const
export type FindingKind = (typeof FINDINGS)[number]

/** With a currency for its cost in any case. */
export type PricedRecord = SentRecord & { readonly currency: Currency }

export type Finding = {
  readonly kind: FindingKind
  readonly row: InvoiceRow | undefined
  readonly record: PricedRecord | undefined
}

/** What one row of an invoice says beside what we know of its message. `isSecond`: the message was charged before. */
export function findingOf(
  row: InvoiceRow,
  record: SentRecord | undefined,
  isSecond: boolean,
): Finding {
  const priced = record && pricedIn(record, row.currency)
  return { kind: kindOf(row, priced, isSecond), row, record: priced }
}

/** A message that the provider took and does not charge. */
export const missingThere = (record: SentRecord, currency: Currency): Finding => ({
  kind: 'missing_there',
  row: undefined,
  record: pricedIn(record, currency),
})

const pricedIn = (record: SentRecord, otherwise: Currency): PricedRecord => ({
  ...record,
  currency: record.currency ?? otherwise,
})

function kindOf(
  row: InvoiceRow,
  record: PricedRecord | undefined,
  isSecond: boolean,
): Exclude<FindingKind, 'missing_there'> {
  if (isSecond) return 'double_billed'
  if (record === undefined) return 'missing_here'
  const { cost, currency, segments = row.segments } = record
  if (cost !== undefined && (cost !== row.price || currency !== row.currency))
    return 'price_differs'
  if (row.segments !== undefined && segments !== row.segments) return 'segments_differ'
  return cost === undefined ? 'unpriced' : 'matched'
}

export type Amount = { readonly currency: Currency; readonly micros: Micros }

/** What the invoice asks for and what we would pay, each in its own currency; nothing where one of them does not know the message. */
export function amountsOf({ kind, row, record }: Finding): {
  readonly theirs: Amount | undefined
  readonly ours: Amount | undefined
} {
  const theirs = row && { currency: row.currency, micros: row.price }
  if (kind === 'double_billed' || record?.cost === undefined) return { theirs, ours: undefined }
  return { theirs, ours: { currency: record.currency, micros: record.cost } }
}

export type Line = {
  readonly rows: number
  readonly theirs: Micros
  readonly ours: Micros
  /** Sum of what single messages differ by, whichever way: what one would have to talk about. */
  readonly disputed: Micros
}
export type Totals = ReadonlyMap<Currency, ReadonlyMap<FindingKind, Line>>

const NO_LINE: Line = { rows: 0, theirs: ZERO, ours: ZERO, disputed: ZERO }

/** Adds findings up by currency and kind. */
export function openTotals() {
  const totals = new Map<Currency, Map<FindingKind, Line>>()
  const add = (currency: Currency, kind: FindingKind, change: Line): void => {
    const lines = totals.get(currency) ?? new Map<FindingKind, Line>()
    const line = lines.get(kind) ?? NO_LINE
    lines.set(kind, {
      rows: line.rows + change.rows,
      theirs: plus(line.theirs, change.theirs),
      ours: plus(line.ours, change.ours),
      disputed: plus(line.disputed, change.disputed),
    })
    totals.set(currency, lines)
  }
  return {
    totals: totals as Totals,
    count: (finding: Finding): void => {
      for (const [currency, line] of linesOf(finding)) add(currency, finding.kind, line)
    },
  }
}

/** One, or two where the invoice and we speak of different currencies: then all of both is disputed. */
function linesOf(finding: Finding): readonly (readonly [Currency, Line])[] {
  const { kind, row, record } = finding
  const { theirs, ours } = amountsOf(finding)
  const home = row?.currency ?? record?.currency
  assert(home !== undefined, 'a finding is about a row or a record')
  const isForeign = ours !== undefined && ours.currency !== home
  const asked = theirs?.micros ?? ZERO
  const here = isForeign ? ZERO : (ours?.micros ?? ZERO)
  const disputed = kind === 'unpriced' ? ZERO : distance(asked, here)
  const line: Line = { rows: 1, theirs: asked, ours: here, disputed }
  if (!isForeign) return [[home, line]]
  const { currency, micros: own } = ours
  return [
    [home, line],
    [currency, { ...NO_LINE, ours: own, disputed: own }],
  ]
}

const distance = (left: Micros, right: Micros): Micros =>
  micros(Math.abs(plus(left, negate(right))))
