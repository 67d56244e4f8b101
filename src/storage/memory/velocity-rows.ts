import type { Slots } from '../../risk/slots/slots.ts'
import {
  dayFrom,
  GRAINS,
  grainOf,
  hourFrom,
  startOf,
  tenMinutesFrom,
  weekFrom,
} from '../../risk/velocity/buckets.ts'
import { COLUMNS, type Counts, ONE_ASK, type WindowSums } from '../../risk/velocity/counts.ts'
import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts'
import { Arena, copyWords } from './velocity-arena.ts'
import { ROWS_AT, ROWS_HEAD } from './velocity-slots.ts'

/** Stamp, seven counts, and the money as a 64-bit number. */
const ROW_WORDS = 10
const ASKS_AT = 1
const SPEND_AT = 8
const COUNTS = COLUMNS.length
/** More rows than the windows and their margins can need: 66 minutes, 27 hours and 10 days. */
const CLASS_MAX = 7
const ROWS_MAX = 1 << CLASS_MAX
/** A list's head: its length, and the class of its block. */
const CLASS_BIT = 8
const COUNT_MASK = (1 << CLASS_BIT) - 1

/** Sorts by start, the narrower bucket first. */
const stampOf = (start: number, grain: number): number => start * 4 + grain
const startOfStamp = (stamp: number): number => stamp >> 2

/**
 * The buckets of each subject as one list sorted by time. A count is kept once, in the finest bucket; when a list is full,
 * minutes that have left the hour are put together into hours, and hours that have left the day into days.
 */
export class BucketRows {
  private readonly arena = new Arena(ROW_WORDS)
  private readonly slots: Slots
  private readonly hour = new Int32Array(COUNTS)
  private readonly day = new Int32Array(COUNTS)
  private readonly week = new Int32Array(COUNTS)
  private spend = 0

  constructor(slots: Slots) {
    this.slots = slots
  }

  /** Gives a new slot its first, empty row list. */
  open(slot: number): void {
    this.slots.set(slot, ROWS_AT, this.arena.take(0))
    this.setHead(slot, 0, 0)
  }

  close(slot: number): void {
    this.arena.give(this.at(slot), this.classOf(slot))
  }

  /** The minute of the newest bucket, or -1. */
  newest(slot: number): number {
    const count = this.count(slot)
    return count === 0 ? -1 : startOfStamp(this.stampAt(slot, count - 1))
  }

  /** Counts a request in its minute, however late it comes: its own answer has to contain it. */
  addNow(slot: number, minute: number): void {
    const stamp = stampOf(minute, GRAINS.minute)
    const at = this.at(slot)
    const page = this.arena.page(at)
    const newest = this.arena.offset(at) + (this.count(slot) - 1) * ROW_WORDS
    if (this.count(slot) > 0 && page[newest] === stamp) {
      page[newest + ASKS_AT] = (page[newest + ASKS_AT] as number) + 1
      return
    }
    this.add(slot, stamp, ONE_ASK)
  }

  /** Counts an event of some past minute in the finest bucket that still matters; one that no window reaches is dropped. */
  addPast(slot: number, minute: number, event: { nowMinute: number; counts: Counts }): void {
    const grain = grainOf(minute, Math.max(event.nowMinute, this.newest(slot)))
    if (grain !== undefined) this.add(slot, stampOf(startOf(minute, grain), grain), event.counts)
  }

  /** The windows that end in `minute`; later buckets count as well. The answer is overwritten by the next call. */
  sums(slot: number, minute: number): WindowSums {
    const { week } = this
    for (let column = 0; column < COUNTS; column++) week[column] = 0
    this.spend = 0
    let from = this.sumBack(slot, this.count(slot), tenMinutesFrom(minute))
    const asks10m = week[0] as number
    if (from > 0) from = this.sumBack(slot, from, hourFrom(minute))
    const hour = from > 0 ? copied(week, this.hour) : week
    const spendHour = this.spend
    if (from > 0) from = this.sumBack(slot, from, dayFrom(minute))
    const day = from > 0 ? copied(week, this.day) : week
    const spendDay = this.spend
    if (from > 0) this.sumBack(slot, from, weekFrom(minute))
    return { asks10m, hour, day, week, spendHour, spendDay }
  }

  write(slot: number, writer: SnapshotWriter): void {
    const count = this.count(slot)
    const at = this.at(slot)
    writer.word(count)
    writer.words(this.arena.page(at), this.arena.offset(at), count * ROW_WORDS)
  }

  read(slot: number, reader: SnapshotReader): void {
    const count = reader.count(ROWS_MAX)
    const needed = Math.ceil(Math.log2(Math.max(1, count)))
    if (needed > 0) this.move(slot, needed)
    const at = this.at(slot)
    reader.words(this.arena.page(at), this.arena.offset(at), count * ROW_WORDS)
    this.setHead(slot, this.classOf(slot), count)
  }

  private add(slot: number, stamp: number, counts: Counts): void {
    let index = this.placeOf(slot, stamp)
    if (index === 0 || this.stampAt(slot, index - 1) !== stamp) {
      if (this.count(slot) === 1 << this.classOf(slot)) {
        this.makeRoom(slot, stamp)
        index = this.placeOf(slot, stamp)
      }
      this.insert(slot, index, stamp)
      index += 1
    }
    this.increase(slot, index - 1, counts)
  }

  /** The index after the last row whose stamp is not larger. */
  private placeOf(slot: number, stamp: number): number {
    const at = this.at(slot)
    const page = this.arena.page(at)
    let index = this.count(slot)
    let row = this.arena.offset(at) + index * ROW_WORDS
    while (index > 0 && (page[row - ROW_WORDS] as number) > stamp) {
      row -= ROW_WORDS
      index -= 1
    }
    return index
  }

  private insert(slot: number, index: number, stamp: number): void {
    const page = this.arena.page(this.at(slot))
    const first = this.arena.offset(this.at(slot))
    const row = first + index * ROW_WORDS
    const end = first + this.count(slot) * ROW_WORDS
    // Most rows are the newest: nothing has to make room, and a loop is sooner done than a call of `fill`.
    if (row < end) page.copyWithin(row + ROW_WORDS, row, end)
    for (let word = 1; word < ROW_WORDS; word++) page[row + word] = 0
    page[row] = stamp
    this.setHead(slot, this.classOf(slot), this.count(slot) + 1)
  }

  private increase(slot: number, index: number, { columns, spend }: Counts): void {
    const at = this.at(slot)
    const page = this.arena.page(at)
    const row = this.arena.offset(at) + index * ROW_WORDS
    for (let column = 0; column < COUNTS; column++) {
      page[row + 1 + column] = (page[row + 1 + column] as number) + (columns[column] as number)
    }
    const reals = this.arena.realPage(at)
    reals[(row + SPEND_AT) >> 1] = (reals[(row + SPEND_AT) >> 1] as number) + spend
  }

  /** Adds rows to the week's sums, newest first, down to the start of a window; answers where it stopped. */
  private sumBack(slot: number, from: number, start: number): number {
    const at = this.at(slot)
    const page = this.arena.page(at)
    const reals = this.arena.realPage(at)
    const { week } = this
    let asks = 0
    let sends = 0
    let verified = 0
    let unverified = 0
    let challenges = 0
    let reports = 0
    let mistyped = 0
    let spend = 0
    const oldest = stampOf(start, 0)
    let index = from
    let row = this.arena.offset(at) + from * ROW_WORDS
    for (; index > 0; index--) {
      row -= ROW_WORDS
      if ((page[row] as number) < oldest) break
      asks += page[row + 1] as number
      sends += page[row + 2] as number
      verified += page[row + 3] as number
      unverified += page[row + 4] as number
      challenges += page[row + 5] as number
      reports += page[row + 6] as number
      mistyped += page[row + 7] as number
      spend += reals[(row + SPEND_AT) >> 1] as number
    }
    this.spend += spend
    week[0] = (week[0] as number) + asks
    week[1] = (week[1] as number) + sends
    week[2] = (week[2] as number) + verified
    week[3] = (week[3] as number) + unverified
    week[4] = (week[4] as number) + challenges
    week[5] = (week[5] as number) + reports
    week[6] = (week[6] as number) + mistyped
    return index
  }

  private stampAt(slot: number, index: number): number {
    const at = this.at(slot)
    return this.arena.page(at)[this.arena.offset(at) + index * ROW_WORDS] as number
  }

  /** Puts together what is old; where that wins little, the list moves to a block of twice the size. */
  private makeRoom(slot: number, stamp: number): void {
    this.compact(slot, Math.max(startOfStamp(stamp), this.newest(slot)))
    const sizeClass = this.classOf(slot)
    const full = this.count(slot) > (3 << sizeClass) >> 2
    if (full && sizeClass < CLASS_MAX) this.move(slot, sizeClass + 1)
  }

  private compact(slot: number, newest: number): void {
    const at = this.at(slot)
    const page = this.arena.page(at)
    const first = this.arena.offset(at)
    const end = first + this.count(slot) * ROW_WORDS
    let free = first
    for (let row = first; row < end; row += ROW_WORDS) {
      const stamp = coarsened(page[row] as number, newest)
      if (stamp === undefined) continue
      if (free > first && page[free - ROW_WORDS] === stamp) {
        this.merge(at, free - ROW_WORDS, row)
        continue
      }
      if (free < row) copyWords({ page, at: row }, { page, at: free }, ROW_WORDS)
      page[free] = stamp
      free += ROW_WORDS
    }
    this.setHead(slot, this.classOf(slot), (free - first) / ROW_WORDS)
  }

  private merge(at: number, into: number, from: number): void {
    const page = this.arena.page(at)
    for (let column = 1; column <= COUNTS; column++) {
      page[into + column] = (page[into + column] as number) + (page[from + column] as number)
    }
    const reals = this.arena.realPage(at)
    const spend = (into + SPEND_AT) >> 1
    reals[spend] = (reals[spend] as number) + (reals[(from + SPEND_AT) >> 1] as number)
  }

  private move(slot: number, sizeClass: number): void {
    const from = this.at(slot)
    const to = this.arena.take(sizeClass)
    copyWords(this.arena.placeOf(from), this.arena.placeOf(to), this.count(slot) * ROW_WORDS)
    this.close(slot)
    const count = this.count(slot)
    this.slots.set(slot, ROWS_AT, to)
    this.setHead(slot, sizeClass, count)
  }

  private at(slot: number): number {
    return this.slots.get(slot, ROWS_AT)
  }

  private count(slot: number): number {
    return this.slots.get(slot, ROWS_HEAD) & COUNT_MASK
  }

  private classOf(slot: number): number {
    return this.slots.get(slot, ROWS_HEAD) >> CLASS_BIT
  }

  private setHead(slot: number, sizeClass: number, count: number): void {
    this.slots.set(slot, ROWS_HEAD, (sizeClass << CLASS_BIT) | count)
  }
}

function copied(from: Int32Array, to: Int32Array): Int32Array {
  for (let column = 0; column < COUNTS; column++) to[column] = from[column] as number
  return to
}

/** The stamp of the coarsest bucket that a row may be put into; undefined where no window reaches it any more. */
function coarsened(stamp: number, newest: number): number | undefined {
  const start = startOfStamp(stamp)
  const grain = grainOf(start, newest)
  if (grain === undefined) return undefined
  return grain <= (stamp & 3) ? stamp : stampOf(startOf(start, grain), grain)
}
