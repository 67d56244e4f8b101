import {
  dayFrom,
  GRAINS,
  grainOf,
  hourFrom,
  startOf,
  tenMinutesFrom,
  weekFrom,
} from '../../risk/velocity/buckets.ts'
import { COLUMNS, type Counts, type WindowSums } from '../../risk/velocity/counts.ts'
import type { SnapshotReader, SnapshotWriter } from '../velocity-snapshot.ts'
import { Arena, grown } from './velocity-arena.ts'

/** Stamp, six counts, one word of rest, and the money as a 64-bit number. */
const ROW_WORDS = 10
const SPEND_AT = 8
const COUNTS = COLUMNS.length
/** More rows than the windows and their margins can need: 66 minutes, 27 hours and 10 days. */
const CLASS_MAX = 7
const ROWS_MAX = 1 << CLASS_MAX

/** Sorts by start, the narrower bucket first. */
const stampOf = (start: number, grain: number): number => start * 4 + grain
const startOfStamp = (stamp: number): number => stamp >> 2

/**
 * The buckets of each subject as one list sorted by time. A count is kept once, in the finest bucket; when a list is full,
 * minutes that have left the hour are put together into hours, and hours that have left the day into days.
 */
export class BucketRows {
  private readonly arena = new Arena(ROW_WORDS)
  private at = new Int32Array(0)
  private count = new Uint8Array(0)
  private sizeClass = new Uint8Array(0)
  private readonly hour = new Int32Array(COUNTS)
  private readonly day = new Int32Array(COUNTS)
  private readonly week = new Int32Array(COUNTS)
  private spend = 0

  /** Gives a new slot its first, empty row list. */
  open(slot: number, capacity: number): void {
    this.reserve(capacity)
    this.at[slot] = this.arena.take(0)
    this.count[slot] = 0
    this.sizeClass[slot] = 0
  }

  close(slot: number): void {
    this.arena.give(this.at[slot] as number, this.sizeClass[slot] as number)
  }

  /** The minute of the newest bucket, or -1. */
  newest(slot: number): number {
    const count = this.count[slot] as number
    return count === 0 ? -1 : startOfStamp(this.stampAt(slot, count - 1))
  }

  /** Counts a request in its minute, however late it comes: its own answer has to contain it. */
  addNow(slot: number, minute: number, counts: Counts): void {
    this.add(slot, stampOf(minute, GRAINS.minute), counts)
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
    let from = this.sumBack(slot, this.count[slot] as number, tenMinutesFrom(minute))
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
    const count = this.count[slot] as number
    const at = this.at[slot] as number
    writer.word(count)
    writer.words(this.arena.page(at), this.arena.offset(at), count * ROW_WORDS)
  }

  read(slot: number, reader: SnapshotReader): void {
    const count = reader.count(ROWS_MAX)
    const needed = Math.ceil(Math.log2(Math.max(1, count)))
    if (needed > 0) this.move(slot, needed)
    const at = this.at[slot] as number
    reader.words(this.arena.page(at), this.arena.offset(at), count * ROW_WORDS)
    this.count[slot] = count
  }

  private add(slot: number, stamp: number, counts: Counts): void {
    let index = this.placeOf(slot, stamp)
    if (index === 0 || this.stampAt(slot, index - 1) !== stamp) {
      if (this.count[slot] === 1 << (this.sizeClass[slot] as number)) {
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
    const at = this.at[slot] as number
    const page = this.arena.page(at)
    let index = this.count[slot] as number
    let row = this.arena.offset(at) + index * ROW_WORDS
    while (index > 0 && (page[row - ROW_WORDS] as number) > stamp) {
      row -= ROW_WORDS
      index -= 1
    }
    return index
  }

  private insert(slot: number, index: number, stamp: number): void {
    const page = this.arena.page(this.at[slot] as number)
    const first = this.arena.offset(this.at[slot] as number)
    const row = first + index * ROW_WORDS
    const end = first + (this.count[slot] as number) * ROW_WORDS
    page.copyWithin(row + ROW_WORDS, row, end)
    page.fill(0, row, row + ROW_WORDS)
    page[row] = stamp
    this.count[slot] = (this.count[slot] as number) + 1
  }

  private increase(slot: number, index: number, { columns, spend }: Counts): void {
    const at = this.at[slot] as number
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
    const at = this.at[slot] as number
    const page = this.arena.page(at)
    const reals = this.arena.realPage(at)
    const { week } = this
    let asks = 0
    let sends = 0
    let verified = 0
    let unverified = 0
    let challenges = 0
    let reports = 0
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
      spend += reals[(row + SPEND_AT) >> 1] as number
    }
    this.spend += spend
    week[0] = (week[0] as number) + asks
    week[1] = (week[1] as number) + sends
    week[2] = (week[2] as number) + verified
    week[3] = (week[3] as number) + unverified
    week[4] = (week[4] as number) + challenges
    week[5] = (week[5] as number) + reports
    return index
  }

  private stampAt(slot: number, index: number): number {
    const at = this.at[slot] as number
    return this.arena.page(at)[this.arena.offset(at) + index * ROW_WORDS] as number
  }

  /** Puts together what is old; where that wins little, the list moves to a block of twice the size. */
  private makeRoom(slot: number, stamp: number): void {
    this.compact(slot, Math.max(startOfStamp(stamp), this.newest(slot)))
    const sizeClass = this.sizeClass[slot] as number
    const full = (this.count[slot] as number) > (3 << sizeClass) >> 2
    if (full && sizeClass < CLASS_MAX) this.move(slot, sizeClass + 1)
  }

  private compact(slot: number, newest: number): void {
    const at = this.at[slot] as number
    const page = this.arena.page(at)
    const first = this.arena.offset(at)
    const count = this.count[slot] as number
    let kept = 0
    for (let index = 0; index < count; index++) {
      const row = first + index * ROW_WORDS
      const stamp = coarsened(page[row] as number, newest)
      if (stamp === undefined) continue
      if (kept > 0 && page[first + (kept - 1) * ROW_WORDS] === stamp) {
        this.increase(slot, kept - 1, this.countsAt(slot, index))
        continue
      }
      page.copyWithin(first + kept * ROW_WORDS, row, row + ROW_WORDS)
      page[first + kept * ROW_WORDS] = stamp
      kept += 1
    }
    this.count[slot] = kept
  }

  private countsAt(slot: number, index: number): Counts {
    const at = this.at[slot] as number
    const row = this.arena.offset(at) + index * ROW_WORDS
    const spend = this.arena.realPage(at)[(row + SPEND_AT) >> 1] as number
    return { columns: [...this.arena.page(at).subarray(row + 1, row + 1 + COUNTS)], spend }
  }

  private move(slot: number, sizeClass: number): void {
    const from = this.at[slot] as number
    const to = this.arena.take(sizeClass)
    const words = (this.count[slot] as number) * ROW_WORDS
    const source = this.arena.offset(from)
    this.arena
      .page(to)
      .set(this.arena.page(from).subarray(source, source + words), this.arena.offset(to))
    this.close(slot)
    this.at[slot] = to
    this.sizeClass[slot] = sizeClass
  }

  private reserve(capacity: number): void {
    if (this.at.length >= capacity) return
    this.at = grown(this.at, capacity)
    this.count = grown(this.count, capacity)
    this.sizeClass = grown(this.sizeClass, capacity)
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
