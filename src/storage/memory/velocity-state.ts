import { minuteOf, weekFrom } from '../../risk/velocity/buckets.ts'
import type { SnapshotReader, SnapshotWriter } from '../velocity-snapshot.ts'
import { MemberSets } from './velocity-members.ts'
import { BucketRows } from './velocity-rows.ts'
import { SubjectTable } from './velocity-subjects.ts'

/** So many slots are looked at for each new subject: the past ones go, and of a full table the longest unseen of them. */
const LOOKED_AT = 16

/** Called before a subject's state changes or goes. */
type BeforeChange = (slot: number) => void

/** Everything the memory store knows, in columns by slot. Never more subjects than `subjectsMax`. */
export class VelocityState {
  /** The newest instant that was ever told. */
  highWaterMs = 0
  readonly table = new SubjectTable()
  readonly rows = new BucketRows()
  readonly sets = new MemberSets()
  beforeChange: BeforeChange | undefined
  private readonly subjectsMax: number
  private hand = 0

  constructor(subjectsMax: number) {
    this.subjectsMax = subjectsMax
  }

  /** The slot of a subject, made where there is none, and marked as seen now. */
  touch(left: number, right: number, atMs: number): number {
    const minute = minuteOf(atMs)
    const found = this.table.find(left, right)
    if (found >= 0) this.beforeChange?.(found)
    const slot = found >= 0 ? found : this.admit(left, right, minute)
    const seen = this.table.seenMinute[slot] as number
    if (minute > seen) this.table.seenMinute[slot] = minute
    if (atMs > this.highWaterMs) this.highWaterMs = atMs
    return slot
  }

  /** Looks at some slots, in turn, and frees those that no window reaches any more. Answers how many it freed. */
  sweep(slots: number, nowMs: number): number {
    const oldest = weekFrom(minuteOf(nowMs))
    const before = this.table.size
    for (let looked = Math.min(slots, this.table.high); looked > 0; looked--) {
      const slot = this.nextSlot()
      if (this.table.isUsed(slot) && this.seen(slot) < oldest) this.forget(slot)
    }
    return before - this.table.size
  }

  write(slot: number, writer: SnapshotWriter): void {
    const { left, right, seenMinute, lastAskMs } = this.table
    writer.word(left[slot] as number)
    writer.word(right[slot] as number)
    writer.word(seenMinute[slot] as number)
    writer.number(lastAskMs[slot] as number)
    this.rows.write(slot, writer)
    this.sets.write(slot, writer)
    writer.subjects += 1
  }

  /** Takes over one written subject; where there is no room for all, those seen longest ago give way. */
  read(reader: SnapshotReader): void {
    const left = reader.word()
    const right = reader.word()
    const slot = this.admit(left, right, reader.word())
    this.table.lastAskMs[slot] = reader.number()
    this.rows.read(slot, reader)
    this.sets.read(slot, reader)
  }

  private admit(left: number, right: number, minute: number): number {
    this.sweep(LOOKED_AT, Math.max(this.highWaterMs, 0))
    if (this.table.size >= this.subjectsMax) this.evict()
    const slot = this.table.insert(left, right)
    this.table.seenMinute[slot] = minute
    this.table.lastAskMs[slot] = Number.NaN
    this.rows.open(slot, this.table.capacity)
    this.sets.open(slot, this.table.capacity)
    return slot
  }

  /** Sampled least recently used: cheap, bounded, and a busy subject is never among the oldest. */
  private evict(): void {
    let oldest = -1
    for (let looked = 0; looked < LOOKED_AT || oldest < 0; looked++) {
      const slot = this.nextSlot()
      if (!this.table.isUsed(slot)) continue
      if (oldest < 0 || this.seen(slot) < this.seen(oldest)) oldest = slot
    }
    this.forget(oldest)
  }

  private forget(slot: number): void {
    this.beforeChange?.(slot)
    this.rows.close(slot)
    this.sets.close(slot)
    this.table.remove(slot)
  }

  private nextSlot(): number {
    this.hand = this.hand + 1 < this.table.high ? this.hand + 1 : 0
    return this.hand
  }

  private seen(slot: number): number {
    return this.table.seenMinute[slot] as number
  }
}
