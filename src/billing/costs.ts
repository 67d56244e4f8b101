import * as z from 'zod'
import { CHANNELS, type Channel } from '../domain/channel.ts'
import { type Mistake, mistakesOf } from '../domain/mistake.ts'
import type { Currency, Micros } from '../domain/money.ts'
import { type CsvMistake, type CsvRecord, readCsvTable } from './csv.ts'
import { channelCell, countryCell, currencyCell, dayCell, priceCell } from './price-cells.ts'
import { orEmpty, placed } from './price-csv.ts'
import { ANYWHERE, datesOf, groupBy, periodsOf } from './price-row.ts'

/** What one provider charges us for one segment, call or message to one country. */
export type CostRow = {
  /** As routes.yaml names it. */
  readonly provider: string
  readonly channel: Channel
  /** `*`: every other country. */
  readonly country: string
  readonly currency: Currency
  readonly from: string | undefined
  readonly until: string | undefined
  readonly cost: Micros
}

export type CostQuery = Pick<CostRow, 'provider' | 'channel' | 'country'> & {
  readonly atMs: number
}
export type Cost = { readonly micros: Micros; readonly currency: Currency }

export interface CostBook {
  readonly rows: readonly CostRow[]
  /** Of one segment, call or message; undefined where no file tells. */
  costOf(query: CostQuery): Cost | undefined
  /** The same in whole micros of the one currency in which providers are compared. */
  worthOf(query: CostQuery): number | undefined
}

export const NO_COSTS: CostBook = {
  rows: [],
  costOf: () => undefined,
  worthOf: () => undefined,
}

/** How costs in several currencies are compared. */
export type Exchange = {
  /** What they are compared in; undefined: they are all in one. */
  readonly currency?: Currency | undefined
  /** What one unit of another is worth in that one. */
  readonly exchange: Readonly<Partial<Record<Currency, number>>>
}
const ONE_CURRENCY: Exchange = { exchange: {} }

const seriesKey = ({ provider, channel, country }: Omit<CostQuery, 'atMs'>): string =>
  [provider, channel, country].join(' ')

/** A book of rows that `checkCostRows` finds nothing in. */
export function openCostBook(
  rows: readonly CostRow[],
  { currency: base, exchange }: Exchange = ONE_CURRENCY,
): CostBook {
  const series = new Map(
    [...groupBy(rows, seriesKey)].map(([key, group]) => [key, periodsOf(group)]),
  )
  const seek = (query: CostQuery, country: string): Cost | undefined => {
    const row = series
      .get(seriesKey({ ...query, country }))
      ?.find(({ startMs, endMs }) => startMs <= query.atMs && query.atMs < endMs)?.rows[0]
    return row && { micros: row.cost, currency: row.currency }
  }
  const costOf = (query: CostQuery) => seek(query, query.country) ?? seek(query, ANYWHERE)
  return {
    rows,
    costOf,
    worthOf: (query) => {
      const cost = costOf(query)
      if (cost === undefined || cost.currency === base) return cost?.micros
      return Math.round(cost.micros * (exchange[cost.currency] ?? 1))
    },
  }
}

export type CostMistake = {
  readonly row: number
  readonly field: keyof CostRow
  readonly message: string
}

/** Without its worth a cost in yuan would be ranked beside one in dollars as if it were dollars. */
export function checkComparable(
  rows: readonly CostRow[],
  { currency: base = rows[0]?.currency, exchange }: Exchange,
): readonly CostMistake[] {
  const lacking = rows.findIndex(
    ({ currency }) => currency !== base && exchange[currency] === undefined,
  )
  const code = rows[lacking]?.currency
  if (code === undefined) return []
  const message = `is compared with ${base}: routes.yaml must say routing: { currency: ${base}, exchange: { ${code}: … } }`
  return [{ row: lacking, field: 'currency', message }]
}

/** What is wrong between the rows of all files together. `providers`: those of routes.yaml, where they are known. */
export function checkCostRows(
  rows: readonly CostRow[],
  providers: ReadonlySet<string> | undefined,
): readonly CostMistake[] {
  const numbered = rows.map((row, index) => ({ ...row, row: index }))
  const own = numbered.flatMap(({ row, provider, from, until }): readonly CostMistake[] => [
    ...((providers?.has(provider) ?? true)
      ? []
      : [{ row, field: 'provider' as const, message: `there is no provider ${provider}` }]),
    ...(from !== undefined && until !== undefined && from >= until
      ? [{ row, field: 'until' as const, message: 'is not after its start' }]
      : []),
  ])
  const between = [...groupBy(numbered, seriesKey).values()].flatMap((group) => {
    const sorted = periodsOf(group).flatMap((period) =>
      period.rows.map((row) => ({ ...row, ...period })),
    )
    return sorted.flatMap((row, index): readonly CostMistake[] => {
      const before = sorted[index - 1]
      if (before === undefined || before.endMs <= row.startMs) return []
      const [blamed, other] = before.row > row.row ? [before, row] : [row, before]
      const message = `${datesOf(blamed)} overlaps ${datesOf(other)}`
      return [{ row: blamed.row, field: 'from', message }]
    })
  })
  return [...own, ...between]
}

const provider = z.string().min(1, 'expected the name of a provider').max(64)
const anyCountry = z.literal(ANYWHERE).or(countryCell)

const csvRow = z.object({
  provider,
  channel: channelCell,
  country: anyCountry,
  currency: currencyCell,
  from: orEmpty(dayCell),
  until: orEmpty(dayCell),
  cost: priceCell,
})

export type ReadCost = { readonly row: CostRow; readonly record: CsvRecord }

/** `provider,channel,country,currency,from,until,cost`; the two dates may be left out. */
export function readCostCsv(text: string): {
  readonly rows: readonly ReadCost[]
  readonly mistakes: readonly CsvMistake[]
} {
  const table = readCsvTable(text, {
    required: ['provider', 'channel', 'country', 'currency', 'cost'],
    optional: ['from', 'until'],
  })
  const read = table.records.map((record) => ({ record, parsed: csvRow.safeParse(record.values) }))
  return {
    rows: read.flatMap(({ record, parsed }) =>
      parsed.success ? [{ row: parsed.data as CostRow, record }] : [],
    ),
    mistakes: [
      ...table.mistakes,
      ...read.flatMap(({ record, parsed }) =>
        parsed.success ? [] : placed(record, parsed.error.issues),
      ),
    ],
  }
}

const costsByCountry = z.record(anyCountry, priceCell)

const costsSchema = z.strictObject({
  provider,
  currency: currencyCell,
  from: dayCell.optional(),
  until: dayCell.optional(),
  costs: z.partialRecord(z.enum(CHANNELS), costsByCountry),
})

export type PlacedCost = { readonly row: CostRow; readonly path: readonly (string | number)[] }

/** One provider's costs in YAML. */
export function readCostYaml(
  value: unknown,
):
  | { readonly kind: 'good'; readonly value: readonly PlacedCost[] }
  | { readonly kind: 'bad'; readonly mistakes: readonly Mistake[] } {
  const parsed = costsSchema.safeParse(value)
  if (!parsed.success) return { kind: 'bad', mistakes: mistakesOf(parsed.error.issues) }
  const { costs, ...rest } = parsed.data
  const base = { ...rest, from: rest.from, until: rest.until }
  const rows = CHANNELS.flatMap((channel) =>
    Object.entries(costs[channel] ?? {}).map(([country, cost]) => ({
      row: { ...base, channel, country, cost },
      path: ['costs', channel, country],
    })),
  )
  return { kind: 'good', value: rows }
}
