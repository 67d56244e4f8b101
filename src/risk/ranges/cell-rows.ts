import { MARK, Slots } from '../slots/slots.ts'
import type { Cell } from './cell.ts'

/** Words of a row: its place in CELL_KINDS marks it as used; then the next row of its queue, two instants, 17 counts, four numbers. */
const KIND = MARK
const NEXT = 3
const FIRST_MS = 4
const AT_MS = 6
const COUNTS = 8
const NUMBERS = 42
const ROW_WORDS = 46

/**
 * Cells that nobody works on, packed: as an object each of a cell's fields is a number in a place of its own, which takes four
 * times the memory and as many trips to it.
 */
export class CellRows {
  readonly slots = new Slots(ROW_WORDS)

  kindOf(row: number): number {
    return this.slots.get(row, KIND)
  }

  setKind(row: number, kind: number): void {
    this.slots.set(row, KIND, kind)
  }

  next(row: number): number {
    return this.slots.get(row, NEXT)
  }

  setNext(row: number, next: number): void {
    this.slots.set(row, NEXT, next)
  }

  atMs(row: number): number {
    return this.slots.real(row, AT_MS)
  }

  /** Fills a cell with what a row holds. Field by field: the fastest way by far, and this is read twenty times for each request. */
  read(row: number, cell: Cell): void {
    const { slots } = this
    const { reals, words } = slots
    const counts = slots.addressOf(row, COUNTS) >> 1
    const numbers = slots.addressOf(row, NUMBERS)
    cell.firstMs = slots.real(row, FIRST_MS)
    cell.atMs = slots.real(row, AT_MS)
    cell.asksHour = reals[counts] as number
    cell.asksDay = reals[counts + 1] as number
    cell.asksPast = reals[counts + 2] as number
    cell.unanswered = reals[counts + 3] as number
    cell.expected = reals[counts + 4] as number
    cell.variance = reals[counts + 5] as number
    cell.outcomes = reals[counts + 6] as number
    cell.unansweredPast = reals[counts + 7] as number
    cell.outcomesPast = reals[counts + 8] as number
    cell.drift = reals[counts + 9] as number
    cell.typed = reals[counts + 10] as number
    cell.typedElsewhere = reals[counts + 11] as number
    cell.delaySum = reals[counts + 12] as number
    cell.delaySquares = reals[counts + 13] as number
    cell.neighbours = reals[counts + 14] as number
    cell.passes = reals[counts + 15] as number
    cell.passesUnanswered = reals[counts + 16] as number
    cell.lastNumber = words[numbers] as number
    cell.secondLast = words[numbers + 1] as number
    cell.thirdLast = words[numbers + 2] as number
    cell.fourthLast = words[numbers + 3] as number
  }

  write(row: number, cell: Cell): void {
    const { slots } = this
    const { reals, words } = slots
    const counts = slots.addressOf(row, COUNTS) >> 1
    const numbers = slots.addressOf(row, NUMBERS)
    slots.setReal(row, FIRST_MS, cell.firstMs)
    slots.setReal(row, AT_MS, cell.atMs)
    reals[counts] = cell.asksHour
    reals[counts + 1] = cell.asksDay
    reals[counts + 2] = cell.asksPast
    reals[counts + 3] = cell.unanswered
    reals[counts + 4] = cell.expected
    reals[counts + 5] = cell.variance
    reals[counts + 6] = cell.outcomes
    reals[counts + 7] = cell.unansweredPast
    reals[counts + 8] = cell.outcomesPast
    reals[counts + 9] = cell.drift
    reals[counts + 10] = cell.typed
    reals[counts + 11] = cell.typedElsewhere
    reals[counts + 12] = cell.delaySum
    reals[counts + 13] = cell.delaySquares
    reals[counts + 14] = cell.neighbours
    reals[counts + 15] = cell.passes
    reals[counts + 16] = cell.passesUnanswered
    words[numbers] = cell.lastNumber
    words[numbers + 1] = cell.secondLast
    words[numbers + 2] = cell.thirdLast
    words[numbers + 3] = cell.fourthLast
  }
}
