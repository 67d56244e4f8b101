import {
  ANYWHERE,
  datesOf,
  groupBy,
  listKey,
  type Period,
  type PriceRow,
  periodsOf,
  seriesKey,
} from './price-row.ts'

/** A mistake in one field of one row, by the row's place in the list that was checked. */
export type RowMistake = {
  readonly row: number
  readonly field: keyof PriceRow
  readonly message: string
}

type Numbered = PriceRow & { readonly row: number }

/** What is wrong between the rows of all files together: tiers, dates, markets and prices that are lacking. */
export function checkPriceRows(rows: readonly PriceRow[]): readonly RowMistake[] {
  const numbered = rows.map((row, index): Numbered => ({ ...row, row: index }))
  return [
    ...numbered.flatMap(ownMistakes),
    ...[...groupBy(numbered, listKey).values()].flatMap(marketMistakes),
    ...[...groupBy(numbered, seriesKey).values()].flatMap(seriesMistakes),
    ...lackingPrices(numbered),
  ]
}

/** What a row alone can be told of. */
function ownMistakes(one: Numbered): readonly RowMistake[] {
  const { row, market, kind, country, tierFrom, from, until } = one
  const isDomestic = market === 'domestic'
  const checks: readonly (readonly [boolean, keyof PriceRow, string])[] = [
    [isDomestic && kind === undefined, 'kind', 'a domestic price is for otp, notice or bulk'],
    [!isDomestic && kind !== undefined, 'kind', 'an international price is for every kind'],
    [isDomestic && country === ANYWHERE, 'country', 'a domestic price is for one country'],
    [!isDomestic && tierFrom > 0, 'tierFrom', 'only domestic prices have tiers'],
    [from !== undefined && until !== undefined && from >= until, 'until', 'is not after its start'],
  ]
  return checks.flatMap(([wrong, field, message]) => (wrong ? [{ row, field, message }] : []))
}

/** A country is either at home or abroad on one list. */
function marketMistakes(list: readonly Numbered[]): readonly RowMistake[] {
  const markets = new Map<string, string>()
  return list.flatMap(({ row, country, market }) => {
    const known = markets.get(country) ?? market
    markets.set(country, known)
    if (known === market) return []
    const message = `${country} is ${known} on this list already`
    return [{ row, field: 'market' as const, message }]
  })
}

function seriesMistakes(series: readonly Numbered[]): readonly RowMistake[] {
  const periods = periodsOf(series)
  return [...periods.flatMap(({ rows }) => tierMistakes(rows)), ...overlaps(periods)]
}

/** A tier begins where no other does, the first at nothing; none costs more than the one before it. */
function tierMistakes(rows: readonly Numbered[]): readonly RowMistake[] {
  const sorted = rows.toSorted((left, right) => left.tierFrom - right.tierFrom)
  const [first] = sorted
  const lacksFirst = first !== undefined && first.tierFrom > 0
  const start = lacksFirst
    ? [mistake(first, 'tierFrom', 'the first tier begins at 0 segments')]
    : []
  const steps = sorted.flatMap((row, index) => {
    const before = sorted[index - 1]
    return before === undefined ? [] : stepMistakes(before, row)
  })
  return [...start, ...steps]
}

function stepMistakes(before: Numbered, row: Numbered): readonly RowMistake[] {
  if (row.tierFrom === before.tierFrom) {
    return [mistake(later(before, row), 'price', `is on the list already (${datesOf(row)})`)]
  }
  return [
    ...(row.price > before.price
      ? [mistake(row, 'price', 'a higher tier costs no more than a lower one')]
      : []),
    ...(row.price === 0 ? [mistake(row, 'price', 'a tier has a price')] : []),
    ...(row.billOn !== before.billOn
      ? [mistake(row, 'billOn', 'tiers are billed at the same moment')]
      : []),
  ]
}

const later = (left: Numbered, right: Numbered): Numbered => (left.row > right.row ? left : right)

/** Told at the row that stands further down in the files. */
function overlaps(periods: readonly Period<Numbered>[]): readonly RowMistake[] {
  return periods.flatMap((period, index) => {
    const before = periods[index - 1]
    if (before === undefined || before.endMs <= period.startMs) return []
    const [one] = before.rows
    const [other] = period.rows
    if (one === undefined || other === undefined) return []
    const blamed = later(one, other)
    const message = `${datesOf(blamed)} overlaps ${datesOf(blamed === one ? other : one)}`
    return [mistake(blamed, 'from', message)]
  })
}

/** Every list for everybody has a text price for countries that it does not name, now and for ever. */
function lackingPrices(rows: readonly Numbered[]): readonly RowMistake[] {
  const general = rows.filter(({ account }) => account === undefined)
  return [...groupBy(general, ({ currency }) => currency).values()].flatMap((list) => {
    const anywhere = list.filter(
      ({ channel, country }) => channel === 'sms' && country === ANYWHERE,
    )
    const periods = periodsOf(anywhere)
    const last = periods.at(-1)
    const gap = periods.find((period, index) => period.endMs < (periods[index + 1]?.startMs ?? 0))
    const [hole] = gap?.rows ?? []
    if (hole !== undefined) return [mistake(hole, 'until', 'no price for the days that follow')]
    if (last?.endMs === Number.POSITIVE_INFINITY) return []
    const where = last?.rows[0] ?? list[0]
    return [mistake(where, 'until', `${where.currency} lacks a text price for other countries`)]
  })
}

const mistake = ({ row }: Numbered, field: keyof PriceRow, message: string): RowMistake => ({
  row,
  field,
  message,
})
