import type { AccountId } from '../../domain/ids.ts'
import type { Micros } from '../../domain/money.ts'
import type { Phone } from '../../domain/phone.ts'
import type { Subjects } from '../../domain/subjects.ts'

/** Where a request stands: whose it is and where its message would go. */
export type Destination = {
  readonly accountId: AccountId
  readonly phone: Phone
  readonly country: string
  readonly subjects: Subjects
  readonly price: Micros
}

/** A request, as it is looked at and counted. */
export type RangeAsk = Destination & {
  readonly atMs: number
  /** The number verified at this account long enough ago: it says nothing about strangers, so it is not counted. */
  readonly known: boolean
}

/**
 * What became of a send. `typed`: its code came back after `delayMs`; `unanswered`: nobody typed it in time; `undelivered`: it
 * did not arrive; `challenged`: a challenge was not passed; `late`: typed after it had been counted unanswered; `excused`:
 * counted unanswered, but the person finished another way.
 */
export type RangeOutcome = Destination & {
  readonly atMs: number
  readonly kind: 'typed' | 'unanswered' | 'undelivered' | 'challenged' | 'late' | 'excused'
  readonly known: boolean
  /** A challenge had been solved for it. */
  readonly passed?: boolean
  readonly delayMs: number
  /** Network of the check against that of the request; undefined where one of them is not known. */
  readonly sameNetwork: boolean | undefined
}

/**
 * What is known against the destination of one request. Suspicions are shares from 0 to 1 of sends that nobody waits for;
 * surges and excesses are deviations, see `cell.ts` for the formulas.
 */
export const SIGHT_FIELDS = [
  'suspicion',
  'surge',
  'excess',
  'outcomes',
  'country_suspicion',
  'country_surge',
  'country_excess',
  'country_trusted',
  'country_share',
  'rare_suspicion',
  'rare_surge',
  'rare_excess',
  'account_suspicion',
  'account_surge',
  'account_excess',
  'elsewhere_suspicion',
  'elsewhere_excess',
  'elsewhere_surge',
  'drift',
  'regularity',
  'typed_elsewhere',
  'sequence',
  'futile',
] as const
export type SightField = (typeof SIGHT_FIELDS)[number]
export type RangeSight = Readonly<Record<SightField, number>> & {
  /** Account cells from narrow to wide, for whoever decides which of them to close. */
  readonly levels: readonly RangeLevel[]
}

export const RANGE_KINDS = ['range2', 'range3', 'range4', 'carrier', 'country'] as const
export type RangeKind = (typeof RANGE_KINDS)[number]
/** One nested range of the request with its own evidence. */
export type RangeLevel = {
  readonly kind: RangeKind
  /** `account:range`, as the counters name it. */
  readonly key: string
  readonly suspicion: number
  readonly surge: number
  readonly excess: number
  readonly asksDay: number
  readonly outcomes: number
  readonly unanswered: number
}

/** What needs no waiting is answered at once, as by a watch in this process's memory. */
type Soon<T> = T | Promise<T>

/** What is told of sends that went out. */
export interface RangeLearner {
  note(outcome: RangeOutcome): Soon<void>
  /** Forgets the outcomes of one of an account's ranges: it has paid for them. `key` as in `RangeLevel`. */
  forgive(kind: RangeKind, key: string): Soon<void>
}

/** The memory of destinations. */
export interface RangeWatch extends RangeLearner {
  /** Counts the request and tells what is known of its destination with it inside, in one atomic step. */
  look(ask: RangeAsk): Soon<RangeSight>
  /**
   * Runs a task that tells the learner it is handed what became of sends to these places: one read and one write for all of
   * them. What it told before it failed is kept.
   */
  together<T>(
    places: readonly Destination[],
    task: (learner: RangeLearner) => Promise<T>,
  ): Promise<T>
  /** Drops what says nothing any more, up to `limit` records; answers how many went. */
  purge(nowMs: number, limit: number): Promise<number>
}
