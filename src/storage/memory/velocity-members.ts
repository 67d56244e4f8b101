import {
  HOUR_UNIT,
  isSampled,
  LEVEL_MAX,
  MEMBER_HOURS,
  relaxed,
  SET_MAX,
} from '../../risk/velocity/distinct.ts'
import type { SnapshotReader, SnapshotWriter } from '../velocity-snapshot.ts'
import { Arena, grown } from './velocity-arena.ts'

/** A class-c block: count, level and class in one word, one word of rest, then pairs of hash and hour with level. */
const BLOCK_WORDS = 4
const HEAD_WORDS = 2
const PAIR_WORDS = 2
const CLASS_MAX = 6
export const SETS_PER_SUBJECT = 3
const NONE = 0

const roomOf = (sizeClass: number): number => ((BLOCK_WORDS << sizeClass) - HEAD_WORDS) / PAIR_WORDS

/** Up to three sets of hashes for each subject, see `distinct.ts`. A set that nobody has learned anything for takes no block. */
export class MemberSets {
  private readonly arena = new Arena(BLOCK_WORDS)
  /** Address plus one, so that 0 says there is none. */
  private blocks = new Int32Array(0)

  open(slot: number, capacity: number): void {
    if (this.blocks.length < capacity * SETS_PER_SUBJECT) {
      this.blocks = grown(this.blocks, capacity * SETS_PER_SUBJECT)
    }
    this.blocks.fill(NONE, slot * SETS_PER_SUBJECT, (slot + 1) * SETS_PER_SUBJECT)
  }

  close(slot: number): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const block = this.blocks[slot * SETS_PER_SUBJECT + which] as number
      if (block !== NONE) this.arena.give(block - 1, this.classAt(block - 1))
    }
  }

  /** Notes that a member was seen in this hour. */
  learn(slot: number, which: number, member: { hash: number; hour: number }): void {
    const index = slot * SETS_PER_SUBJECT + which
    if (this.blocks[index] === NONE) this.blocks[index] = this.emptyBlock(0) + 1
    const at = (this.blocks[index] as number) - 1
    const page = this.arena.page(at)
    const pair = this.find(at, member.hash)
    const level = this.levelAt(at)
    if (pair !== NONE) {
      const hour = Math.max(member.hour, Math.floor((page[pair + 1] as number) / HOUR_UNIT))
      page[pair + 1] = hour * HOUR_UNIT + level
    } else if (isSampled(member.hash, level)) {
      this.insert(index, member)
    }
  }

  /** How many different members were seen since 24 hours before this hour. */
  estimate(slot: number, which: number, hour: number): number {
    const block = this.blocks[slot * SETS_PER_SUBJECT + which] as number
    if (block === NONE) return 0
    const at = block - 1
    const page = this.arena.page(at)
    const first = this.arena.offset(at) + HEAD_WORDS
    const end = first + this.countAt(at) * PAIR_WORDS
    const oldest = (hour - MEMBER_HOURS) * HOUR_UNIT
    let live = 0
    let estimate = 0
    for (let pair = first; pair < end; pair += PAIR_WORDS) {
      const seen = page[pair + 1] as number
      if (seen < oldest) continue
      live += 1
      estimate += 1 << (seen % HOUR_UNIT)
    }
    const level = this.levelAt(at)
    if (level > 0) this.setHead(at, this.countAt(at), relaxed(level, live))
    return estimate
  }

  write(slot: number, writer: SnapshotWriter): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const block = this.blocks[slot * SETS_PER_SUBJECT + which] as number
      const count = block === NONE ? 0 : this.countAt(block - 1)
      writer.word(count)
      if (count === 0) continue
      const at = block - 1
      writer.word(this.levelAt(at))
      writer.words(this.arena.page(at), this.arena.offset(at) + HEAD_WORDS, count * PAIR_WORDS)
    }
  }

  read(slot: number, reader: SnapshotReader): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const count = reader.count(SET_MAX)
      if (count === 0) continue
      const level = reader.count(LEVEL_MAX)
      let sizeClass = 0
      while (roomOf(sizeClass) < count) sizeClass += 1
      const at = this.emptyBlock(sizeClass)
      reader.words(this.arena.page(at), this.arena.offset(at) + HEAD_WORDS, count * PAIR_WORDS)
      this.setHead(at, count, level)
      this.blocks[slot * SETS_PER_SUBJECT + which] = at + 1
    }
  }

  private insert(index: number, member: { hash: number; hour: number }): void {
    let at = (this.blocks[index] as number) - 1
    if (this.countAt(at) === roomOf(this.classAt(at))) {
      this.makeRoom(index, member.hour)
      at = (this.blocks[index] as number) - 1
      if (!isSampled(member.hash, this.levelAt(at))) return
    }
    const count = this.countAt(at)
    const page = this.arena.page(at)
    const pair = this.arena.offset(at) + HEAD_WORDS + count * PAIR_WORDS
    page[pair] = member.hash
    page[pair + 1] = member.hour * HOUR_UNIT + this.levelAt(at)
    this.setHead(at, count + 1, this.levelAt(at))
  }

  /** Forgets what is past, margin of an hour for latecomers; then takes a larger block, or a higher level in the largest. */
  private makeRoom(index: number, hour: number): void {
    const at = (this.blocks[index] as number) - 1
    const sizeClass = this.classAt(at)
    this.keep(at, (hour - MEMBER_HOURS - 1) * HOUR_UNIT)
    if (this.countAt(at) <= roomOf(sizeClass) / 2) return
    if (sizeClass < CLASS_MAX) {
      this.blocks[index] = this.moved(at, sizeClass + 1) + 1
      return
    }
    while (this.countAt(at) === SET_MAX && this.levelAt(at) < LEVEL_MAX) {
      this.setHead(at, this.countAt(at), this.levelAt(at) + 1)
      this.keep(at, 0)
    }
    // Only hashes made for it get here: the newest entry goes, so that there is always room for one.
    if (this.countAt(at) === SET_MAX) this.setHead(at, SET_MAX - 1, this.levelAt(at))
  }

  /** Keeps what was seen since and is sampled at the set's level; survivors stand for at least that level. */
  private keep(at: number, oldest: number): void {
    const page = this.arena.page(at)
    const first = this.arena.offset(at) + HEAD_WORDS
    const end = first + this.countAt(at) * PAIR_WORDS
    const level = this.levelAt(at)
    let free = first
    for (let pair = first; pair < end; pair += PAIR_WORDS) {
      const hash = page[pair] as number
      const seen = page[pair + 1] as number
      if (seen < oldest || !isSampled(hash, level)) continue
      page[free] = hash
      page[free + 1] = seen + Math.max(0, level - (seen % HOUR_UNIT))
      free += PAIR_WORDS
    }
    this.setHead(at, (free - first) / PAIR_WORDS, level)
  }

  private moved(from: number, sizeClass: number): number {
    const to = this.emptyBlock(sizeClass)
    const count = this.countAt(from)
    const source = this.arena.offset(from) + HEAD_WORDS
    this.arena
      .page(to)
      .set(
        this.arena.page(from).subarray(source, source + count * PAIR_WORDS),
        this.arena.offset(to) + HEAD_WORDS,
      )
    this.setHead(to, count, this.levelAt(from))
    this.arena.give(from, this.classAt(from))
    return to
  }

  /** The offset of the member's pair in its page, or 0: no pair can be there. */
  private find(at: number, hash: number): number {
    const page = this.arena.page(at)
    const first = this.arena.offset(at) + HEAD_WORDS
    const end = first + this.countAt(at) * PAIR_WORDS
    for (let pair = first; pair < end; pair += PAIR_WORDS) if (page[pair] === hash) return pair
    return NONE
  }

  private emptyBlock(sizeClass: number): number {
    const at = this.arena.take(sizeClass)
    this.arena.page(at)[this.arena.offset(at)] = sizeClass << 16
    return at
  }

  private countAt(at: number): number {
    return (this.arena.page(at)[this.arena.offset(at)] as number) & 0xff
  }

  private levelAt(at: number): number {
    return ((this.arena.page(at)[this.arena.offset(at)] as number) >> 8) & 0xff
  }

  private classAt(at: number): number {
    return (this.arena.page(at)[this.arena.offset(at)] as number) >> 16
  }

  private setHead(at: number, count: number, level: number): void {
    const page = this.arena.page(at)
    const offset = this.arena.offset(at)
    page[offset] = ((page[offset] as number) & ~0xffff) | (level << 8) | count
  }
}
