import type { Slots } from '../../risk/slots/slots.ts'
import {
  HOUR_UNIT,
  isSampled,
  LEVEL_MAX,
  MEMBER_HOURS,
  relaxed,
  SET_MAX,
} from '../../risk/velocity/distinct.ts'
import { SnapshotError, type SnapshotReader, type SnapshotWriter } from '../snapshot.ts'
import { Arena, copyWords } from './velocity-arena.ts'
import { FIRST_SET, SETS_PER_SUBJECT } from './velocity-slots.ts'

/** A class-c block: a head, the count it answers, then pairs of a hash and the hour with the level it was last seen at. */
const BLOCK_WORDS = 4
const HEAD_WORDS = 2
const PAIR_WORDS = 2
const CLASS_MAX = 6
const NONE = -1

/** The head: number of members, level, class of the block, and the hour (of 15 years) that the answer was counted for. */
const LEVEL_BIT = 7
const CLASS_BIT = 12
const HOUR_BIT = 15
const COUNT_MASK = (1 << LEVEL_BIT) - 1
const LEVEL_MASK = (1 << (CLASS_BIT - LEVEL_BIT)) - 1
const CLASS_MASK = (1 << (HOUR_BIT - CLASS_BIT)) - 1
const HOUR_MASK = (1 << (32 - HOUR_BIT)) - 1

const countOf = (head: number): number => head & COUNT_MASK
const levelOf = (head: number): number => (head >>> LEVEL_BIT) & LEVEL_MASK
const classOf = (head: number): number => (head >>> CLASS_BIT) & CLASS_MASK
const roomOf = (sizeClass: number): number => ((BLOCK_WORDS << sizeClass) - HEAD_WORDS) / PAIR_WORDS

/** Up to three sets of hashes for each subject, see `distinct.ts`. A set that nobody has learned anything for takes no block. */
export class MemberSets {
  private readonly arena = new Arena(BLOCK_WORDS)
  private readonly slots: Slots

  constructor(slots: Slots) {
    this.slots = slots
  }

  open(slot: number): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      this.slots.set(slot, FIRST_SET + which, NONE)
    }
  }

  close(slot: number): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const at = this.slots.get(slot, FIRST_SET + which)
      if (at !== NONE) this.arena.give(at, classOf(this.headAt(at)))
    }
  }

  /** The heads of a subject's sets, all together. */
  heads(slot: number): number {
    let heads = 0
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const at = this.slots.get(slot, FIRST_SET + which)
      if (at !== NONE) heads ^= this.headAt(at)
    }
    return heads
  }

  /** A subject's set, by its place in the subject's list. */
  setOf(slot: number, which: number): number {
    return this.slots.addressOf(slot, FIRST_SET + which)
  }

  /**
   * Notes that a member was seen in this hour, where there is one to note, and answers how many different ones were seen
   * since 24 hours before it.
   */
  observe(set: number, hash: number | undefined, hour: number): number {
    const { words } = this.slots
    if (words[set] === NONE) {
      if (hash === undefined) return 0
      words[set] = this.emptyBlock(0)
    }
    const at = words[set] as number
    if (this.headAt(at) >>> HOUR_BIT !== (hour & HOUR_MASK)) this.recount(at, hour)
    if (hash === undefined || !isSampled(hash, levelOf(this.headAt(at)))) return this.answerAt(at)
    words[set] = this.note(at, hash, hour)
    return this.answerAt(words[set] as number)
  }

  write(slot: number, writer: SnapshotWriter): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const at = this.slots.get(slot, FIRST_SET + which)
      const head = at === NONE ? 0 : this.headAt(at)
      writer.word(head)
      if (countOf(head) === 0) continue
      const words = HEAD_WORDS - 1 + countOf(head) * PAIR_WORDS
      writer.words(this.arena.page(at), this.arena.offset(at) + 1, words)
    }
  }

  read(slot: number, reader: SnapshotReader): void {
    for (let which = 0; which < SETS_PER_SUBJECT; which++) {
      const head = reader.word()
      const count = countOf(head)
      if (count === 0) continue
      const sizeClass = classOf(head)
      if (sizeClass > CLASS_MAX || count > roomOf(sizeClass) || levelOf(head) > LEVEL_MAX) {
        throw new SnapshotError('the velocity snapshot holds a set that cannot be')
      }
      const at = this.emptyBlock(sizeClass)
      const page = this.arena.page(at)
      page[this.arena.offset(at)] = head
      reader.words(page, this.arena.offset(at) + 1, HEAD_WORDS - 1 + count * PAIR_WORDS)
      this.slots.set(slot, FIRST_SET + which, at)
    }
  }

  /** `hash` is one that the set samples. Answers where the set is now. */
  private note(at: number, hash: number, hour: number): number {
    const page = this.arena.page(at)
    const pair = this.find(at, hash)
    if (pair === NONE) return this.insert(at, hash, hour)
    const seen = page[pair + 1] as number
    const now = Math.max(hour, Math.floor(seen / HOUR_UNIT)) * HOUR_UNIT + levelOf(this.headAt(at))
    if (seen !== now) {
      page[pair + 1] = now
      this.addToAnswer(at, weightOf(now) - (isLive(seen, hour) ? weightOf(seen) : 0))
    }
    return at
  }

  private insert(from: number, hash: number, hour: number): number {
    const full = countOf(this.headAt(from)) === roomOf(classOf(this.headAt(from)))
    const at = full ? this.withRoom(from, hour) : from
    const head = this.headAt(at)
    if (!isSampled(hash, levelOf(head))) return at
    const page = this.arena.page(at)
    const pair = this.arena.offset(at) + HEAD_WORDS + countOf(head) * PAIR_WORDS
    page[pair] = hash
    page[pair + 1] = hour * HOUR_UNIT + levelOf(head)
    page[this.arena.offset(at)] = head + 1
    this.addToAnswer(at, 1 << levelOf(head))
    return at
  }

  /** Forgets what is past, with an hour's margin for latecomers; then takes a larger block, or a higher level in the largest. */
  private withRoom(at: number, hour: number): number {
    this.keep(at, (hour - MEMBER_HOURS - 1) * HOUR_UNIT)
    const head = this.headAt(at)
    if (countOf(head) <= roomOf(classOf(head)) / 2) return at
    if (classOf(head) < CLASS_MAX) return this.moved(at, classOf(head) + 1)
    while (countOf(this.headAt(at)) === SET_MAX && levelOf(this.headAt(at)) < LEVEL_MAX) {
      this.setHead(at, SET_MAX, levelOf(this.headAt(at)) + 1)
      this.keep(at, 0)
    }
    // Only hashes made for it get here: the newest entry goes, so that there is always room for one.
    if (countOf(this.headAt(at)) === SET_MAX) this.setHead(at, SET_MAX - 1, LEVEL_MAX)
    this.recount(at, hour)
    return at
  }

  /** Keeps what was seen since and is sampled at the set's level; survivors stand for at least that level. */
  private keep(at: number, oldest: number): void {
    const page = this.arena.page(at)
    const first = this.arena.offset(at) + HEAD_WORDS
    const end = first + countOf(this.headAt(at)) * PAIR_WORDS
    const level = levelOf(this.headAt(at))
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

  /** Works the answer out for another hour; a set that has become quiet samples less from now on. */
  private recount(at: number, hour: number): void {
    const page = this.arena.page(at)
    const offset = this.arena.offset(at)
    const head = this.headAt(at)
    const end = offset + HEAD_WORDS + countOf(head) * PAIR_WORDS
    let live = 0
    let answer = 0
    for (let pair = offset + HEAD_WORDS; pair < end; pair += PAIR_WORDS) {
      const seen = page[pair + 1] as number
      if (!isLive(seen, hour)) continue
      live += 1
      answer += weightOf(seen)
    }
    page[offset + 1] = answer
    this.setHead(at, countOf(head), relaxed(levelOf(head), live))
    page[offset] = ((page[offset] as number) & ((1 << HOUR_BIT) - 1)) | (hour << HOUR_BIT)
  }

  private moved(from: number, sizeClass: number): number {
    const to = this.emptyBlock(sizeClass)
    const head = this.headAt(from)
    const words = HEAD_WORDS + countOf(head) * PAIR_WORDS
    copyWords(this.arena.placeOf(from), this.arena.placeOf(to), words)
    const target = this.arena.page(to)
    target[this.arena.offset(to)] = head + ((sizeClass - classOf(head)) << CLASS_BIT)
    this.arena.give(from, classOf(head))
    return to
  }

  /** The offset of the member's pair in its page, or -1. */
  private find(at: number, hash: number): number {
    const page = this.arena.page(at)
    const first = this.arena.offset(at) + HEAD_WORDS
    const end = first + countOf(page[first - HEAD_WORDS] as number) * PAIR_WORDS
    for (let pair = first; pair < end; pair += PAIR_WORDS) if (page[pair] === hash) return pair
    return NONE
  }

  private emptyBlock(sizeClass: number): number {
    const at = this.arena.take(sizeClass)
    const page = this.arena.page(at)
    page[this.arena.offset(at)] = sizeClass << CLASS_BIT
    page[this.arena.offset(at) + 1] = 0
    return at
  }

  private headAt(at: number): number {
    return this.arena.page(at)[this.arena.offset(at)] as number
  }

  private answerAt(at: number): number {
    return this.arena.page(at)[this.arena.offset(at) + 1] as number
  }

  private addToAnswer(at: number, change: number): void {
    const page = this.arena.page(at)
    const answer = this.arena.offset(at) + 1
    page[answer] = (page[answer] as number) + change
  }

  private setHead(at: number, count: number, level: number): void {
    const page = this.arena.page(at)
    const offset = this.arena.offset(at)
    const kept = (page[offset] as number) & ~((1 << CLASS_BIT) - 1)
    page[offset] = kept | (level << LEVEL_BIT) | count
  }
}

const weightOf = (seen: number): number => 1 << (seen % HOUR_UNIT)
const isLive = (seen: number, hour: number): boolean => seen >= (hour - MEMBER_HOURS) * HOUR_UNIT
