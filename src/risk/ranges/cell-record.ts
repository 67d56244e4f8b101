import { type Cell, decay, type MEMORY_MS, openCell, rememberNumber } from './cell.ts'

/** Kinds of cells: an account's own, its rare destinations, its ranges, and ranges over all accounts. */
export const CELL_KINDS = [
  'account',
  'rare',
  'country',
  'carrier',
  'range4',
  'range3',
  'range2',
  'all4',
  'all3',
  'all_rare',
] as const
export type CellKind = (typeof CELL_KINDS)[number]
export type CellPlace = { readonly kind: CellKind; readonly key: string }

/** Every count of a cell with the memory that it decays by, as `decay` does; the order is that of records. */
export const CELL_COUNTS = {
  asksHour: 'hour',
  asksDay: 'day',
  asksPast: 'past',
  unanswered: 'day',
  expected: 'day',
  variance: 'day',
  outcomes: 'day',
  unansweredPast: 'past',
  outcomesPast: 'past',
  drift: 'day',
  typed: 'day',
  typedElsewhere: 'day',
  delaySum: 'day',
  delaySquares: 'day',
  neighbours: 'day',
  passes: 'day',
  passesUnanswered: 'day',
} as const satisfies Partial<Record<keyof Cell, keyof typeof MEMORY_MS>>
export type CellCount = keyof typeof CELL_COUNTS
export const CELL_COUNT_NAMES = Object.keys(CELL_COUNTS) as readonly CellCount[]

/** A cell as it is written down. */
export type CellRecord = {
  readonly kind: CellKind
  readonly key: string
  readonly firstMs: number
  /** The instant that the counts are of. */
  readonly atMs: number
  /** In the order of `CELL_COUNT_NAMES`. */
  readonly counts: readonly number[]
  /** Last nine digits of the numbers asked for last; they belong to people, so whoever stores them seals them. */
  readonly lastNumbers: readonly number[]
}

export function toRecord(kind: CellKind, key: string, cell: Cell): CellRecord {
  return {
    kind,
    key,
    firstMs: cell.firstMs,
    atMs: cell.atMs,
    counts: CELL_COUNT_NAMES.map((name) => cell[name]),
    lastNumbers: lastNumbersOf(cell),
  }
}

export function toCell({ firstMs, atMs, counts, lastNumbers }: CellRecord): Cell {
  const cell = openCell(firstMs)
  cell.atMs = atMs
  CELL_COUNT_NAMES.forEach((name, place) => {
    cell[name] = counts[place] ?? 0
  })
  for (const number of lastNumbers) rememberNumber(cell, number)
  return cell
}

/** At most four, oldest first. */
const lastNumbersOf = (cell: Cell): readonly number[] =>
  [cell.fourthLast, cell.thirdLast, cell.secondLast, cell.lastNumber].filter((each) => each >= 0)

/** What was counted between two records of one cell: to be added to counts that have decayed to the later one's instant. */
export function countedSince(before: CellRecord | undefined, after: CellRecord): readonly number[] {
  if (before === undefined) return after.counts
  const aged = toCell(before)
  decay(aged, after.atMs)
  return CELL_COUNT_NAMES.map((name, place) => (after.counts[place] ?? 0) - aged[name])
}
