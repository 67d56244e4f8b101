import { assert } from '../../domain/assert.ts'
import { SUBJECT_KINDS } from '../../domain/subjects.ts'
import { hourOf, minuteOf } from '../../risk/velocity/buckets.ts'
import {
  countedAtMs,
  type DistinctCounts,
  gapMs,
  toCounts,
  toTally,
} from '../../risk/velocity/counts.ts'
import { DISTINCT_NAMES, DISTINCT_OF } from '../../risk/velocity/distinct.ts'
import type { Ask, Tally, Velocity, VelocityEvent, VelocityStore } from '../../risk/velocity.ts'
import { endFrame, type SnapshotKind, SnapshotReader, SnapshotWriter } from '../snapshot.ts'
import { LAST_ASK } from './velocity-slots.ts'
import { VelocityState } from './velocity-state.ts'
import { Fingerprints } from './velocity-subjects.ts'

const SUBJECTS_MAX = 1_000_000
/** Slots looked at on each request, so that what is past goes even where no new subject comes. */
const SWEPT_PER_ASK = 8
const SUBJECTS_PER_FRAME = 1024
const SNAPSHOT: SnapshotKind = { magic: 0x53_56_47_54, version: 2, name: 'velocity' }

/**
 * Counters of one process, in memory; `observe` is one synchronous pass. Keeps at most `subjectsMax` subjects, each for at
 * most a week and a day after it was last heard of. It keeps fingerprints of keys, not keys.
 */
export class MemoryVelocityStore implements VelocityStore {
  private readonly subjectsMax: number
  private state: VelocityState
  private readonly prints = new Fingerprints()
  /** Distinct members of the subject being counted, in the order of DISTINCT_NAMES. */
  private readonly met = new Int32Array(DISTINCT_NAMES.length)

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
    const { prints, state } = this
    const { atMs } = ask
    prints.take(ask.subjects)
    state.locate(prints)
    const moment = { atMs, hour: hourOf(atMs), members: prints.members(ask.country) }
    const tallies: (Tally | undefined)[] = []
    for (let kind = 0; kind < SUBJECT_KINDS.length; kind++) {
      const tally = prints.has(kind) ? this.count(kind, moment) : undefined
      tallies.push(tally)
    }
    state.sweep(SWEPT_PER_ASK, atMs)
    return toVelocity(tallies)
  }

  recordNow(event: VelocityEvent): void {
    const { atMs } = event
    const minute = minuteOf(countedAtMs(event))
    const past = { nowMinute: minuteOf(atMs), counts: toCounts(event) }
    this.prints.take(event.subjects)
    this.state.locate(this.prints)
    for (let kind = 0; kind < SUBJECT_KINDS.length; kind++) {
      if (!this.prints.has(kind)) continue
      this.state.rows.addPast(this.state.touch(this.prints, kind, atMs), minute, past)
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

  private count(kind: number, { atMs, hour, members }: Moment): Tally {
    const { rows, slots, sets } = this.state
    const slot = this.state.touch(this.prints, kind, atMs)
    const minute = minuteOf(atMs)
    rows.addNow(slot, minute)
    const previousMs = slots.real(slot, LAST_ASK)
    const first = Number.isNaN(previousMs)
    if (first || atMs > previousMs) slots.setReal(slot, LAST_ASK, atMs)
    const { met } = this
    for (let name = 0; name < met.length; name++) met[name] = 0
    const learns = LEARNS[kind] as readonly number[]
    for (let which = 0; which < learns.length; which++) {
      const name = learns[which] as number
      met[name] = sets.observe(sets.setOf(slot, which), members[name], hour)
    }
    const gap = gapMs(first ? undefined : previousMs, atMs)
    return toTally(rows.sums(slot, minute), distinctOf(met), gap)
  }
}

type Moment = {
  readonly atMs: number
  readonly hour: number
  /** In the order of DISTINCT_NAMES. */
  readonly members: readonly (number | undefined)[]
}

/** What each kind of subject tells apart, as places in DISTINCT_NAMES. */
const LEARNS: readonly (readonly number[])[] = SUBJECT_KINDS.map((kind) =>
  DISTINCT_OF[kind].map((name) => DISTINCT_NAMES.indexOf(name)),
)

const distinctOf = (met: Int32Array): DistinctCounts => ({
  phones: met[0] as number,
  ips: met[1] as number,
  countries: met[2] as number,
  accounts: met[3] as number,
})

/** By name, so that every answer has one shape. */
const toVelocity = (tallies: readonly (Tally | undefined)[]): Velocity => ({
  phone: tallies[0],
  phone_any: tallies[1],
  ip: tallies[2],
  net: tallies[3],
  device: tallies[4],
  client: tallies[5],
  range2: tallies[6],
  range3: tallies[7],
  range4: tallies[8],
  carrier: tallies[9],
  country: tallies[10],
  asn: tallies[11],
  account: tallies[12],
})
