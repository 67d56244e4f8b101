import { type CellRecord, countedSince } from '../../risk/ranges/cell-record.ts'
import { cellPlacesOf } from '../../risk/ranges/cells.ts'
import { MemoryRangeWatch } from '../../risk/ranges/memory-watch.ts'
import type {
  Destination,
  RangeAsk,
  RangeKind,
  RangeLearner,
  RangeOutcome,
  RangeSight,
  RangeWatch,
} from '../../risk/ranges/watch.ts'
import type { Database, Row, SqlDriver } from '../database.ts'
import {
  addToCells,
  type CellAddition,
  cellNameOf,
  countAsks,
  forgetOutcomes,
  type NumberHashes,
  purgeCells,
  readCells,
  toCellRecord,
} from './range-watch-statements.ts'

export type SqlRangeWatchDeps = {
  readonly db: Pick<Database, 'driver'>
  /** Makes an opaque key of a number. */
  readonly hash: (text: string) => string
}

/**
 * The watch in the database, for processes that share nothing else. A request is one batch that adds before it reads, so that
 * of requests at the same time each sees those before it. Outcomes are read, judged here as in memory and written as what they
 * add, so none is lost; what was usual is read a moment before, so it may lack outcomes that are written at the same moment.
 */
export class SqlRangeWatch implements RangeWatch {
  private readonly driver: SqlDriver
  private readonly hash: SqlRangeWatchDeps['hash']

  constructor({ db, hash }: SqlRangeWatchDeps) {
    this.driver = db.driver
    this.hash = hash
  }

  async look(ask: RangeAsk): Promise<RangeSight> {
    const rows = ask.known
      ? await this.driver.all(readCells(namesOf([ask])))
      : (await this.driver.batch(countAsks(ask, this.hashesOf(ask)))).flat()
    return watchOver(rows).look({ ...ask, known: true })
  }

  async note(outcome: RangeOutcome): Promise<void> {
    if (outcome.known) return
    await this.together([outcome], async (learner) => learner.note(outcome))
  }

  async forgive(kind: RangeKind, key: string): Promise<void> {
    await this.driver.all(forgetOutcomes(kind, key))
  }

  async together<T>(
    places: readonly Destination[],
    task: (learner: RangeLearner) => Promise<T>,
  ): Promise<T> {
    const rows = places.length === 0 ? [] : await this.driver.all(readCells(namesOf(places)))
    const local = watchOver(rows)
    try {
      return await task(local)
    } finally {
      const additions = additionsOf(rows.map(toCellRecord), local)
      if (additions.length > 0) await this.driver.batch(addToCells(additions))
    }
  }

  /** Deletes cells that nobody asked for in a week, wide ones after two months; up to `limit` of each sort. */
  async purge(nowMs: number, limit: number): Promise<number> {
    const deleted = await this.driver.batch(purgeCells(nowMs, limit))
    return deleted.reduce((total, rows) => total + rows.length, 0)
  }

  /** Numbers are told apart by keyed hashes, so which of them are neighbours is asked for by the hashes of those around. */
  private hashesOf({ phone }: RangeAsk): NumberHashes {
    const number = Number(phone.slice(1))
    const hashOf = (one: number): string => this.hash(`near:${one}`).slice(0, HASH_DIGITS)
    return { own: hashOf(number), near: NEAR.map((step) => hashOf(number + step)) }
  }
}

const HASH_DIGITS = 12
const NEAR = [-3, -2, -1, 1, 2, 3]

function namesOf(places: readonly Destination[]): readonly string[] {
  const names = new Set<string>()
  for (const place of places) {
    const { always, rare } = cellPlacesOf(place)
    for (const cell of [...always, ...rare]) names.add(cellNameOf(cell))
  }
  return [...names]
}

/** A watch that knows these cells and no others. */
function watchOver(rows: readonly Row[]): MemoryRangeWatch {
  const watch = new MemoryRangeWatch()
  const prices: [string, number][] = []
  const cells = rows.map(toCellRecord)
  rows.forEach((row, place) => {
    const key = cells[place]?.key
    if (key !== undefined && Number(row.price_mean) > 0) prices.push([key, Number(row.price_mean)])
  })
  watch.restore({ atMs: 0, prices, cells })
  return watch
}

/** What a watch over rows has learned since. */
function additionsOf(
  before: readonly CellRecord[],
  after: MemoryRangeWatch,
): readonly CellAddition[] {
  const known = new Map(before.map((cell) => [cellNameOf(cell), cell]))
  const { prices, cells } = after.saved()
  const means = new Map(prices)
  const additions: CellAddition[] = []
  for (const cell of cells) {
    const counts = countedSince(known.get(cellNameOf(cell)), cell)
    if (!counts.some((count) => count !== 0)) continue
    const priceMean = cell.kind === 'account' ? (means.get(cell.key) ?? 0) : 0
    additions.push({ ...cell, counts, priceMean, lastNumber: undefined })
  }
  return additions
}
