import { assert } from '../../domain/assert.ts'
import { SUBJECT_KINDS, type SubjectKind } from '../../domain/subjects.ts'
import { hourOf, minuteOf } from '../../risk/velocity/buckets.ts'
import {
  countedAtMs,
  type DistinctCounts,
  gapMs,
  ONE_ASK,
  toCounts,
  toTally,
} from '../../risk/velocity/counts.ts'
import { DISTINCT_OF, type DistinctName, type MemberHashes } from '../../risk/velocity/distinct.ts'
import type { Ask, Tally, Velocity, VelocityEvent, VelocityStore } from '../../risk/velocity.ts'
import { endFrame, type SnapshotKind, SnapshotReader, SnapshotWriter } from '../snapshot.ts'
import { VelocityState } from './velocity-state.ts'
import { Fingerprints } from './velocity-subjects.ts'

const SUBJECTS_MAX = 1_000_000
/** Slots looked at on each request, so that what is past goes even where no new subject comes. */
const SWEPT_PER_ASK = 8
const SUBJECTS_PER_FRAME = 1024
const SNAPSHOT: SnapshotKind = { magic: 0x53_56_47_54, version: 1, name: 'velocity' }

/**
 * Counters of one process, in memory; `observe` is one synchronous pass. Keeps at most `subjectsMax` subjects, each for at
 * most a week and a day after it was last heard of. It keeps fingerprints of keys, not keys.
 */
export class MemoryVelocityStore implements VelocityStore {
  private readonly subjectsMax: number
  private state: VelocityState
  private readonly prints = new Fingerprints()

  constructor(options: { readonly subjectsMax?: number } = {}) {
    this.subjectsMax = options.subjectsMax ?? SUBJECTS_MAX
    assert(this.subjectsMax >= 1, 'a velocity store holds at least one subject')
    this.state = new VelocityState(this.subjectsMax)
  }

  /** The newest instant that was counted: events after it are missing from a restored store. 0 when empty. */
  get atMs(): number {
    return this.state.highWaterMs
  }

  get size(): number {
    return this.state.size
  }

  async observe(ask: Ask): Promise<Velocity> {
    return this.observeNow(ask)
  }

  async record(event: VelocityEvent): Promise<void> {
    this.recordNow(event)
  }

  /** `observe` for callers that cannot wait, e.g. a replay. */
  observeNow(ask: Ask): Velocity {
    const { subjects, atMs } = ask
    const velocity: Partial<Record<SubjectKind, Tally>> = {}
    this.prints.take(subjects)
    const members = { hashes: this.prints.members(ask.country), hour: hourOf(atMs) }
    for (let index = 0; index < SUBJECT_KINDS.length; index++) {
      const kind = SUBJECT_KINDS[index] as SubjectKind
      if (subjects[kind] === undefined) continue
      velocity[kind] = this.count(this.state.touch(this.prints, index, atMs), atMs, {
        kind,
        members,
      })
    }
    this.state.sweep(SWEPT_PER_ASK, atMs)
    return velocity
  }

  recordNow(event: VelocityEvent): void {
    const { subjects, atMs } = event
    const minute = minuteOf(countedAtMs(event))
    const past = { nowMinute: minuteOf(atMs), counts: toCounts(event) }
    this.prints.take(subjects)
    for (let index = 0; index < SUBJECT_KINDS.length; index++) {
      if (subjects[SUBJECT_KINDS[index] as SubjectKind] === undefined) continue
      this.state.rows.addPast(this.state.touch(this.prints, index, atMs), minute, past)
    }
  }

  /** Frees what no window reaches any more, looking at up to `limit` slots; answers how many subjects went. */
  async purge(nowMs: number, limit: number): Promise<number> {
    return this.state.sweep(limit, nowMs)
  }

  /** The whole state at this instant. */
  snapshot(): Uint8Array {
    const chunks = [...this.snapshotChunks()]
    const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
    let at = 0
    for (const chunk of chunks) {
      bytes.set(chunk, at)
      at += chunk.length
    }
    return bytes
  }

  /**
   * The state at the instant of the first chunk, in pieces of a thousand subjects. Requests may be counted between two
   * chunks: a subject is written before it changes. One snapshot at a time; a second one ends the first.
   */
  *snapshotChunks(): Generator<Uint8Array, void, undefined> {
    const { state } = this
    const { slots: all } = state
    const writer = new SnapshotWriter()
    const slots = all.high
    const done = new Uint8Array(slots)
    let written = 0
    const write = (slot: number): void => {
      if (slot >= slots || done[slot] === 1) return
      done[slot] = 1
      written += 1
      state.write(slot, writer)
    }
    for (let slot = 0; slot < slots; slot++) if (!all.isUsed(slot)) done[slot] = 1
    state.beforeChange = write
    try {
      yield writer.header(SNAPSHOT, state.highWaterMs)
      for (let slot = 0; slot < slots; slot++) {
        assert(state.beforeChange === write, 'no other snapshot was started')
        write(slot)
        if (writer.subjects >= SUBJECTS_PER_FRAME) yield writer.frame()
      }
      if (writer.subjects > 0) yield writer.frame()
      yield endFrame(written)
    } finally {
      if (state.beforeChange === write) state.beforeChange = undefined
    }
  }

  /**
   * Takes over a snapshot in place of what is here. Throws SnapshotError, and changes nothing, when the bytes are not a whole
   * snapshot. What happened after its `atMs` is for the caller to tell again.
   */
  restore(bytes: Uint8Array): void {
    const reader = new SnapshotReader(bytes, SNAPSHOT)
    const fresh = new VelocityState(this.subjectsMax)
    fresh.highWaterMs = reader.atMs
    reader.each(() => fresh.read(reader))
    this.state = fresh
  }

  private count(slot: number, atMs: number, of: { kind: SubjectKind; members: Members }): Tally {
    const { rows, slots } = this.state
    const minute = minuteOf(atMs)
    rows.addNow(slot, minute, ONE_ASK)
    const previousMs = slots.lastAskMs(slot)
    const first = Number.isNaN(previousMs)
    if (first || atMs > previousMs) slots.setLastAskMs(slot, atMs)
    const distinct = this.learn(slot, of.kind, of.members)
    return toTally(rows.sums(slot, minute), distinct, gapMs(first ? undefined : previousMs, atMs))
  }

  private learn(slot: number, kind: SubjectKind, members: Members): DistinctCounts {
    const distinct = { phones: 0, ips: 0, countries: 0, accounts: 0 }
    const { sets } = this.state
    const names = DISTINCT_OF[kind]
    for (let which = 0; which < names.length; which++) {
      const name = names[which] as DistinctName
      const set = sets.setOf(slot, which)
      distinct[name] = sets.observe(set, members.hashes[name], members.hour)
    }
    return distinct
  }
}

type Members = { readonly hashes: MemberHashes; readonly hour: number }
