import { type Cell, crowdOf, ownShare, PRIOR_SHARE, restShare, surgeOf } from './cell.ts'
import type { CellPlace } from './cell-record.ts'
import type { CellTable } from './cell-table.ts'
import { regularityOf } from './pattern.ts'
import type { Timing } from './trust.ts'
import type { Destination, RangeKind } from './watch.ts'

/** A country with less than this share of an account's believed conversions is a rare one there, once there are enough of them. */
export const RARE_SHARE = 0.04
export const RARE_FROM = 40

/** The cells of one destination. */
export type Cells = {
  readonly account: Cell
  /** All rare destinations of the account together; undefined where the country is one of the account's own. */
  readonly rare: Cell | undefined
  /** The account's cells from wide to narrow; the country comes first. */
  readonly own: readonly OwnCell[]
  readonly country: Cell
  /** The same ranges over all accounts, from wide to narrow. */
  readonly elsewhere: readonly [tenThousand: Cell, thousand: Cell]
  /** The rare destinations of all accounts. */
  readonly rareElsewhere: Cell | undefined
}
export type OwnCell = { readonly kind: RangeKind; readonly key: string; readonly cell: Cell }

const INNER = ['carrier', 'range4', 'range3', 'range2'] as const

export function cellsOf(table: CellTable, destination: Destination, atMs: number): Cells {
  const { subjects } = destination
  const places = cellPlacesOf(destination)
  table.seek(places.always)
  const account = table.take('account', atMs)
  const country = table.take('country', atMs)
  const own: OwnCell[] = [{ kind: 'country', key: subjects.country ?? '', cell: country }]
  for (const kind of INNER) {
    const key = subjects[kind]
    if (key !== undefined) own.push({ kind, key, cell: table.take(kind, atMs) })
  }
  const rare = isRare(account, country)
  if (rare) table.seek(places.rare)
  return {
    account,
    rare: rare ? table.take('rare', atMs) : undefined,
    own,
    country,
    elsewhere: [table.take('all4', atMs), table.take('all3', atMs)],
    rareElsewhere: rare ? table.take('all_rare', atMs) : undefined,
  }
}

/** Which cells `cellsOf` asks for, for who keeps them elsewhere: those of every request, and those of one to a rare country. */
export function cellPlacesOf({ subjects, phone }: Pick<Destination, 'subjects' | 'phone'>) {
  const { account = '', country = '' } = subjects
  const always: CellPlace[] = [
    { kind: 'account', key: account },
    { kind: 'country', key: country },
    { kind: 'all4', key: phone.slice(0, -4) },
    { kind: 'all3', key: phone.slice(0, -3) },
  ]
  for (const kind of INNER) {
    const key = subjects[kind]
    if (key !== undefined) always.push({ kind, key })
  }
  const rare: readonly CellPlace[] = [
    { kind: 'rare', key: account },
    { kind: 'all_rare', key: '' },
  ]
  return { always, rare }
}

export function everyCell(cells: Cells): readonly Cell[] {
  const { account, rare, own, elsewhere, rareElsewhere } = cells
  const all = [account, ...elsewhere]
  for (const { cell } of own) all.push(cell)
  if (rare !== undefined) all.push(rare)
  if (rareElsewhere !== undefined) all.push(rareElsewhere)
  return all
}

/** Conversions that are believed, of two weeks. */
export const trustedOf = (cell: Cell): number =>
  Math.max(0, cell.outcomesPast - cell.unansweredPast)

function isRare(account: Cell, country: Cell): boolean {
  const all = trustedOf(account)
  return all >= RARE_FROM && trustedOf(country) < RARE_SHARE * all
}

/** The share of unanswered codes that a cell's past, or that of the cells around it, makes usual, as it is at the call. */
export function usualShares({ account, country, rare }: Cells): (cell: Cell) => number {
  const whole = ownShare(account, PRIOR_SHARE)
  const rest = restShare(account, rare ?? country)
  const inner = ownShare(country, rest)
  return (cell) => {
    if (cell === account) return whole
    return cell === rare ? rest : inner
  }
}

/** What the conversions of a destination look like: of the ten thousand numbers around this one, or of its country. */
export function timingOf({ account, country, own, rare }: Cells): Timing {
  const range = own.find(({ kind }) => kind === 'range4')?.cell ?? country
  const crowd = crowdOf(account, rare ?? country)
  const surge = Math.max(surgeOf(range, account, crowd), surgeOf(country, account, crowd))
  const whole = rare === undefined ? 0 : regularityOf(country)
  return { surge, regularity: Math.max(regularityOf(range), whole) }
}
