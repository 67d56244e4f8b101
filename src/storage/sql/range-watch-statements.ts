import { MEMORY_MS } from '../../risk/ranges/cell.ts'
import {
  CELL_COUNT_NAMES,
  CELL_COUNTS,
  type CellCount,
  type CellKind,
  type CellPlace,
  type CellRecord,
} from '../../risk/ranges/cell-record.ts'
import { cellPlacesOf, RARE_FROM, RARE_SHARE } from '../../risk/ranges/cells.ts'
import type { RangeAsk, RangeKind } from '../../risk/ranges/watch.ts'
import type { Row, Statement } from '../database.ts'
import { DAY_MS, jsonList, statement } from './statements.ts'

const columnOf = (name: CellCount): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const COUNT_COLUMNS = CELL_COUNT_NAMES.map(columnOf)
const COLUMNS = [
  'cell',
  'is_wide',
  'seen_day',
  'first_ms',
  'at_ms',
  'price_mean',
  'last_numbers',
  ...COUNT_COLUMNS,
]
const REMEMBERED = 4

/** What is added to a cell; hashes of numbers that were asked for come with requests only. */
export type CellAddition = CellPlace &
  Pick<CellRecord, 'firstMs' | 'atMs' | 'counts'> & {
    readonly priceMean: number
    readonly lastNumber: string | undefined
  }

export const cellNameOf = ({ kind, key }: CellPlace): string => `${kind} ${key}`

/** Cells of single ranges of numbers are many and say little after a week; the others are few. */
const WIDE: readonly CellKind[] = ['account', 'rare', 'all_rare', 'country', 'carrier']
const NARROW_DAYS = 7
const WIDE_DAYS = 60

/** The number before the last one in the same cell, or one of the three before, was one of these. */
const IS_NEXT_TO = `excluded.last_numbers IS NOT NULL AND EXISTS (
SELECT 1 FROM json_each(range_cells.last_numbers) AS seen, json_each(?2) AS near WHERE near.value = seen.value)`

/** Counts never fall below zero, whatever is taken back; time that runs back lets nothing decay. */
function added(name: CellCount): string {
  const column = columnOf(name)
  const aged = `${column} * exp(min(0, at_ms - excluded.at_ms) / ${MEMORY_MS[CELL_COUNTS[name]]}.0)`
  const more = name === 'neighbours' ? ` + (${IS_NEXT_TO})` : ''
  return `${column} = max(0, ${aged} + excluded.${column}${more})`
}

const addWhere = (condition: string): string => `INSERT INTO range_cells (${COLUMNS.join(', ')})
SELECT ${COLUMNS.map((_, place) => `value ->> ${place}`).join(', ')} FROM json_each(?1) WHERE ${condition}
ON CONFLICT (cell) DO UPDATE SET ${CELL_COUNT_NAMES.map(added).join(',\n')},
at_ms = max(at_ms, excluded.at_ms), first_ms = min(first_ms, excluded.first_ms),
price_mean = iif(excluded.price_mean > 0, excluded.price_mean, price_mean),
last_numbers = CASE WHEN excluded.last_numbers IS NULL THEN last_numbers
WHEN last_numbers IS NULL THEN excluded.last_numbers
ELSE json_insert(iif(json_array_length(last_numbers) < ${REMEMBERED}, last_numbers, json_remove(last_numbers, '$[0]')),
'$[#]', excluded.last_numbers ->> 0) END
RETURNING *`

const ADD = addWhere('true')

const trusted = (cell: string): string => `max(0, ${cell}.outcomes_past - ${cell}.unanswered_past)`
/** As `cellsOf` tells a rare country, once account and country have been brought forward by the statement before. */
const ADD_RARE = addWhere(`EXISTS (
SELECT 1 FROM range_cells AS account, range_cells AS country WHERE account.cell = ?3 AND country.cell = ?4
AND ${trusted('account')} >= ${RARE_FROM} AND ${trusted('country')} < ${RARE_SHARE} * ${trusted('account')})`)

/** A statement of its own, because naming the column in the one above would write its index each time. */
const SEE = `UPDATE range_cells SET seen_day = ?2
WHERE cell IN (SELECT value FROM json_each(?1)) AND seen_day < ?2`

const READ = 'SELECT * FROM range_cells WHERE cell IN (SELECT value FROM json_each(?))'
const FORGET_OUTCOMES = `UPDATE range_cells SET unanswered = 0, expected = 0, variance = 0, outcomes = 0, drift = 0,
passes = 0, passes_unanswered = 0 WHERE cell = ?`
const PURGE = `DELETE FROM range_cells WHERE rowid IN (
SELECT rowid FROM range_cells WHERE is_wide = ? AND seen_day < ? LIMIT ?) RETURNING 1`

export const readCells = (names: readonly string[]): Statement => statement(READ, jsonList(names))

/** Far fewer rows than a statement's limits allow. */
const CELLS_PER_STATEMENT = 400

export function addToCells(additions: readonly CellAddition[]): readonly Statement[] {
  const statements: Statement[] = []
  for (let from = 0; from < additions.length; from += CELLS_PER_STATEMENT) {
    const some = additions.slice(from, from + CELLS_PER_STATEMENT)
    const lastMs = Math.max(...some.map(({ atMs }) => atMs))
    statements.push(statement(ADD, rowsText(some), '[]'), see(some, lastMs))
  }
  return statements
}

/** Hashes of the number of a request and of those next to it. */
export type NumberHashes = { readonly own: string; readonly near: readonly string[] }

/** Counts a request in all of its cells and answers them; those of rare countries only where it goes to one. */
export function countAsks(ask: RangeAsk, { own, near }: NumberHashes): readonly Statement[] {
  const { always, rare } = cellPlacesOf(ask)
  const asked = (place: CellPlace): CellAddition => ({
    ...place,
    firstMs: ask.atMs,
    atMs: ask.atMs,
    counts: ONE_ASK,
    priceMean: 0,
    lastNumber: place.kind === 'range4' ? own : undefined,
  })
  const [account, country] = always.map(cellNameOf)
  return [
    statement(ADD, rowsText(always.map(asked)), jsonList(near)),
    statement(ADD_RARE, rowsText(rare.map(asked)), '[]', account ?? '', country ?? ''),
    see([...always, ...rare], ask.atMs),
  ]
}

const see = (places: readonly CellPlace[], atMs: number): Statement =>
  statement(SEE, jsonList(places.map(cellNameOf)), dayOf(atMs))

const ASKS: readonly CellCount[] = ['asksHour', 'asksDay', 'asksPast']
const ONE_ASK = CELL_COUNT_NAMES.map((name) => (ASKS.includes(name) ? 1 : 0))

export const forgetOutcomes = (kind: RangeKind, key: string): Statement =>
  statement(FORGET_OUTCOMES, cellNameOf({ kind, key }))

/** Up to `limit` cells of each sort, each answered by a row. */
export const purgeCells = (nowMs: number, limit: number): readonly Statement[] => [
  statement(PURGE, 0, dayOf(nowMs) - NARROW_DAYS, limit),
  statement(PURGE, 1, dayOf(nowMs) - WIDE_DAYS, limit),
]

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS)

function rowsText(additions: readonly CellAddition[]): string {
  const rows = additions.map(({ kind, key, firstMs, atMs, counts, priceMean, lastNumber }) => [
    cellNameOf({ kind, key }),
    WIDE.includes(kind) ? 1 : 0,
    dayOf(atMs),
    firstMs,
    atMs,
    priceMean,
    lastNumber === undefined ? null : [lastNumber],
    ...counts,
  ])
  return JSON.stringify(rows)
}

/** The numbers asked for last stay in the database, where they are compared. */
export function toCellRecord(row: Row): CellRecord {
  const name = String(row.cell)
  const gap = name.indexOf(' ')
  return {
    kind: name.slice(0, gap) as CellKind,
    key: name.slice(gap + 1),
    firstMs: Number(row.first_ms),
    atMs: Number(row.at_ms),
    counts: COUNT_COLUMNS.map((column) => Number(row[column])),
    lastNumbers: [],
  }
}
