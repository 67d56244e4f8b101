import { countAsk, countOutcome, countTyping, forgetOutcomes, takeBack } from './cell.ts'
import type { CellRecord } from './cell-record.ts'
import { CellTable } from './cell-table.ts'
import { type Cells, cellsOf, everyCell, timingOf, usualShares } from './cells.ts'
import { countPass, takeBackPass } from './passes.ts'
import { sightOf } from './sight.ts'
import { trustOf } from './trust.ts'
import type {
  Destination,
  RangeAsk,
  RangeKind,
  RangeLearner,
  RangeOutcome,
  RangeSight,
  RangeWatch,
} from './watch.ts'

/** An undelivered message says little: networks fail. Nor does a challenge that somebody left. */
const WEIGHTS = { typed: 1, unanswered: 1, undelivered: 0.2, challenged: 0.25 } as const
const CHALLENGE_FAILED_USUALLY = 0.4
/** A code that came late was at least not typed in by a machine's clock, so it makes good nearly all. */
const LATE_TRUST = 0.9
const DIGITS = 1e9
const PRICES_MAX = 10_000
const COST_MAX = 10

/** All that a watch knows. */
export type WatchState = {
  /** The newest instant that was counted. */
  readonly atMs: number
  /** Mean price of the sends of each account, in micros. */
  readonly prices: Iterable<readonly [accountId: string, mean: number]>
  readonly cells: Iterable<CellRecord>
}

/** All destinations of one process, at most `cellsMax` cells of about 300 bytes. */
export class MemoryRangeWatch implements RangeWatch {
  private readonly cellsMax: number | undefined
  private cells: CellTable
  private prices = new Map<string, number>()
  private highWaterMs = 0

  constructor(options: { readonly cellsMax?: number } = {}) {
    this.cellsMax = options.cellsMax
    this.cells = new CellTable(options.cellsMax)
  }

  get size(): number {
    return this.cells.size
  }

  /** The newest instant that was counted: what came after it is missing from a restored watch. 0 when empty. */
  get atMs(): number {
    return this.highWaterMs
  }

  /** Prices and instant are of this call, cells of the first `next`, see `CellTable.records`. */
  saved(): WatchState & { readonly cells: Generator<CellRecord, void, undefined> } {
    return { atMs: this.highWaterMs, prices: [...this.prices], cells: this.cells.records() }
  }

  /** Takes over what another watch saved in place of what is here. Changes nothing when one of the parts throws. */
  restore({ atMs, prices, cells }: WatchState): void {
    const table = new CellTable(this.cellsMax)
    for (const record of cells) table.put(record)
    this.prices = new Map(prices)
    this.cells = table
    this.highWaterMs = atMs
  }

  look(ask: RangeAsk): RangeSight {
    if (ask.atMs > this.highWaterMs) this.highWaterMs = ask.atMs
    const cells = cellsOf(this.cells, ask, ask.atMs)
    if (!ask.known) {
      const number = Number(ask.phone.slice(1)) % DIGITS
      for (const cell of everyCell(cells)) countAsk(cell, number)
    }
    return sightOf(cells)
  }

  note(outcome: RangeOutcome): void {
    const { kind, atMs, known } = outcome
    if (known) return
    if (atMs > this.highWaterMs) this.highWaterMs = atMs
    const cells = cellsOf(this.cells, outcome, atMs)
    if (kind === 'late') takeBackFrom(cells, outcome, LATE_TRUST)
    else if (kind === 'excused') takeBackFrom(cells, outcome, 1)
    else this.count(cells, outcome, kind)
  }

  forgive(kind: RangeKind, key: string): void {
    const cell = this.cells.find(kind, key)
    if (cell !== undefined) forgetOutcomes(cell)
  }

  async together<T>(
    _: readonly Destination[],
    task: (learner: RangeLearner) => Promise<T>,
  ): Promise<T> {
    return task(this)
  }

  /** Its cells make room for one another. */
  async purge(): Promise<number> {
    return 0
  }

  private count(cells: Cells, outcome: RangeOutcome, kind: keyof typeof WEIGHTS): void {
    const weight = WEIGHTS[kind]
    const believed = kind === 'typed' ? trustOf(outcome, timingOf(cells)) : 0
    const usualOf = kind === 'challenged' ? () => CHALLENGE_FAILED_USUALLY : usualShares(cells)
    const unanswered = weight * (1 - believed)
    const cost = this.costOf(outcome)
    for (const cell of everyCell(cells)) {
      if (kind === 'typed') countTyping(cell, outcome)
      countOutcome(cell, { weight, unanswered, usual: usualOf(cell), cost })
      if (outcome.passed === true) countPass(cell, { weight, unanswered })
    }
  }

  /** Against the mean price of the account's sends, so that what is dear there weighs more. */
  private costOf({ accountId, price }: Destination): number {
    if (this.prices.size >= PRICES_MAX && !this.prices.has(accountId)) this.prices.clear()
    const mean = this.prices.get(accountId) ?? price
    const next = mean + (price - mean) * 0.01
    this.prices.set(accountId, next)
    return next <= 0 ? 1 : Math.min(COST_MAX, price / next)
  }
}

function takeBackFrom(cells: Cells, { passed }: RangeOutcome, unanswered: number): void {
  for (const cell of everyCell(cells)) {
    takeBack(cell, unanswered)
    if (passed === true) takeBackPass(cell, unanswered)
  }
}
