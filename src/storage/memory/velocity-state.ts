import { SlotTable } from '../../risk/slots/slot-table.ts'
import { LEFT, RIGHT, Slots } from '../../risk/slots/slots.ts'
import { minuteOf, weekFrom } from '../../risk/velocity/buckets.ts'
import type { SnapshotReader, SnapshotWriter } from '../snapshot.ts'
import { MemberSets } from './velocity-members.ts'
import { BucketRows } from './velocity-rows.ts'
import { LAST_ASK, SEEN_MINUTE, SLOT_WORDS } from './velocity-slots.ts'
import type { Fingerprints } from './velocity-subjects.ts'

/** So many slots are looked at for each new subject: the past ones go, and of a full table the longest unseen of them. */
const LOOKED_AT = 16

/** Called before a subject's state changes or goes. */
type BeforeChange = (slot: number) => void

/** Everything the memory store knows, in columns by slot. Never more subjects than `subjectsMax`. */
export class VelocityState {
  /** The newest instant that was ever told. */
  highWaterMs = 0
  readonly slots = new Slots(SLOT_WORDS)
  readonly rows = new BucketRows(this.slots)
  readonly sets = new MemberSets(this.slots)
  beforeChange: BeforeChange | undefined
  private readonly table = new SlotTable(this.slots)
  private readonly subjectsMax: number
  private hand = 0
  /** Of what `locate` read, so that it is read. */
  located = 0

  constructor(subjectsMax: number) {
    this.subjectsMax = subjectsMax
  }

  get size(): number {
    return this.table.size
  }

  /**
   * Looks for all subjects of a request before any of them is counted. Each is somewhere else in a large memory, and a processor
   * waits for many such places at once as long as none of them depends on what is done with another.
   */
  locate(prints: Fingerprints): void {
    const { slots } = prints
    for (let kind = 0; kind < slots.length; kind++) {
      if (!prints.has(kind) || (slots[kind] as number) >= 0) continue
      slots[kind] = this.table.find(prints.left[kind] as number, prints.right[kind] as number)
    }
    let seen = 0
    for (let kind = 0; kind < slots.length; kind++) {
      const slot = slots[kind] as number
      if (slot >= 0) seen ^= this.rows.newest(slot) ^ this.sets.heads(slot)
    }
    this.located = seen
  }

  /** The slot of one of a request's subjects, by its kind's place in the list; made where there is none, and marked as seen. */
  touch(prints: Fingerprints, kind: number, atMs: number): number {
    const left = prints.left[kind] as number
    const right = prints.right[kind] as number
    const minute = minuteOf(atMs)
    const last = prints.slots[kind] as number
    const found =
      last >= 0 && this.table.isAt(last, left, right) ? last : this.table.find(left, right)
    if (found >= 0) this.beforeChange?.(found)
    const slot = found >= 0 ? found : this.admit(left, right, minute)
    prints.slots[kind] = slot
    if (minute > this.seen(slot)) this.slots.set(slot, SEEN_MINUTE, minute)
    if (atMs > this.highWaterMs) this.highWaterMs = atMs
    return slot
  }

  /** Looks at some slots, in turn, and frees those that no window reaches any more. Answers how many it freed. */
  sweep(slots: number, nowMs: number): number {
    const oldest = weekFrom(minuteOf(nowMs))
    const before = this.table.size
    for (let looked = Math.min(slots, this.slots.high); looked > 0; looked--) {
      const slot = this.nextSlot()
      if (this.slots.isUsed(slot) && this.seen(slot) < oldest) this.forget(slot)
    }
    return before - this.table.size
  }

  write(slot: number, writer: SnapshotWriter): void {
    writer.word(this.slots.get(slot, LEFT))
    writer.word(this.slots.get(slot, RIGHT))
    writer.word(this.seen(slot))
    writer.number(this.slots.real(slot, LAST_ASK))
    this.rows.write(slot, writer)
    this.sets.write(slot, writer)
    writer.subjects += 1
  }

  /** Takes over one written subject; where there is no room for all, those seen longest ago give way. */
  read(reader: SnapshotReader): void {
    const left = reader.word()
    const right = reader.word()
    const slot = this.admit(left, right, reader.word())
    this.slots.setReal(slot, LAST_ASK, reader.number())
    this.rows.read(slot, reader)
    this.sets.read(slot, reader)
  }

  private admit(left: number, right: number, minute: number): number {
    this.sweep(LOOKED_AT, Math.max(this.highWaterMs, 0))
    if (this.table.size >= this.subjectsMax) this.evict()
    const slot = this.table.insert(left, right)
    this.slots.set(slot, SEEN_MINUTE, minute)
    this.slots.setReal(slot, LAST_ASK, Number.NaN)
    this.rows.open(slot)
    this.sets.open(slot)
    return slot
  }

  /** Sampled least recently used: cheap, bounded, and a busy subject is never among the oldest. */
  private evict(): void {
    let oldest = -1
    for (let looked = 0; looked < LOOKED_AT || oldest < 0; looked++) {
      const slot = this.nextSlot()
      if (!this.slots.isUsed(slot)) continue
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
    this.hand = this.hand + 1 < this.slots.high ? this.hand + 1 : 0
    return this.hand
  }

  private seen(slot: number): number {
    return this.slots.get(slot, SEEN_MINUTE)
  }
}
