import type { AccountId, RangeBlockId } from '../../domain/ids.ts'
import type { RangeKind, RangeLevel } from './watch.ts'

/** blocked: closed until its time is over; probing: tried again, by challenge only; open: free, remembered for its repeats. */
export type BlockState = 'blocked' | 'probing' | 'open'

/** What spoke against a range when it was closed. Shares, deviations and decayed counts of a day, see `cell.ts`. */
export type BlockEvidence = Pick<
  RangeLevel,
  'suspicion' | 'surge' | 'excess' | 'asksDay' | 'outcomes' | 'unanswered'
>

/** One range of one account that was closed. Instants are Unix milliseconds. */
export type RangeBlock = {
  readonly id: RangeBlockId
  readonly accountId: AccountId
  readonly kind: RangeKind
  /** The leading digits of a number range, `country:carrier`, or a country. */
  readonly range: string
  readonly state: BlockState
  /** When it was closed the last time. */
  readonly sinceMs: number
  /** When the state ends by itself. */
  readonly untilMs: number
  /** How often it was closed again after it had been tried. */
  readonly repeats: number
  /** The last request that was let through to try it. */
  readonly probedAtMs: number
  /** Outcomes of such requests since it was closed. */
  readonly good: number
  readonly bad: number
  readonly evidence: BlockEvidence
}

/**
 * Ranges of accounts that were closed. Several processes may write what they made of a block that they read a while ago, so
 * none of these takes back what another one knew better, see `merged`.
 */
export interface RangeBlockStore {
  /** Closes a range. One that was closed before keeps its id. */
  put(block: RangeBlock): Promise<void>
  /** What became of a block, unless it was lifted meanwhile. */
  update(block: RangeBlock): Promise<void>
  /** Lets a request of `probedAtMs` try the range: true for one caller in the time that lies between two of them. */
  claimProbe(block: RangeBlock): Promise<boolean>
  remove(accountId: AccountId, id: RangeBlockId): Promise<RangeBlock | undefined>
  /** Newest first; those that are open again are not shown. */
  list(
    accountId: AccountId,
    page: { readonly limit: number; readonly before: RangeBlockId | undefined },
  ): Promise<readonly RangeBlock[]>
  /** All that are remembered, the open ones included. */
  remembered(accountId: AccountId, nowMs: number): Promise<readonly RangeBlock[]>
  purge(nowMs: number): Promise<void>
}

const HOUR_MS = 3_600_000
const FIRST_MS = 2 * HOUR_MS
const LONGEST_MS = 96 * HOUR_MS
/** How long a range is tried before it is let go, and remembered after that. */
const PROBING_MS = 24 * HOUR_MS
const REMEMBERED_MS = 7 * 24 * HOUR_MS
/** One request of a closed range in this time may solve a challenge instead; of one that is tried, one in that time. */
const TRICKLE_MS = HOUR_MS / 2
const PROBE_MS = 2 * 60_000
const GOOD_LEAST = 3
const BAD_LEAST = 3

/** Wider ranges have more people in them, so more must speak against them. */
const LEAST: Readonly<
  Record<RangeKind, { suspicion: number; surge: number; excess: number; outcomes: number }>
> = {
  range2: { suspicion: 0.7, surge: 3, excess: 1.8, outcomes: 4 },
  range3: { suspicion: 0.7, surge: 3, excess: 2, outcomes: 5 },
  range4: { suspicion: 0.7, surge: 4, excess: 2.5, outcomes: 6 },
  carrier: { suspicion: 0.7, surge: 6, excess: 4, outcomes: 12 },
  country: { suspicion: 0.7, surge: 6, excess: 5, outcomes: 15 },
}

/** Surge and excess together close a range; either of them alone does not. */
export function closes(level: RangeLevel): boolean {
  const least = LEAST[level.kind]
  return (
    level.suspicion >= least.suspicion &&
    level.surge >= least.surge &&
    level.excess >= least.excess &&
    level.outcomes >= least.outcomes
  )
}

const RANKS: readonly BlockState[] = ['blocked', 'probing', 'open']

/**
 * What is to be stored of a block where another process may have stored something since it was read. The last closing counts,
 * and of one closing the state that comes last; in one state counts only grow. Two that count at the same moment count once.
 */
export function merged(stored: RangeBlock | undefined, block: RangeBlock): RangeBlock {
  if (stored === undefined || stored.sinceMs < block.sinceMs) {
    return { ...block, id: stored?.id ?? block.id }
  }
  const further = RANKS.indexOf(block.state) - RANKS.indexOf(stored.state)
  if (stored.sinceMs > block.sinceMs || further < 0) return stored
  const probedAtMs = Math.max(stored.probedAtMs, block.probedAtMs)
  if (further > 0) return { ...block, id: stored.id, probedAtMs }
  const good = Math.max(stored.good, block.good)
  const bad = Math.max(stored.bad, block.bad)
  return { ...block, id: stored.id, probedAtMs, good, bad }
}

const lengthOf = (repeats: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** repeats)

/** Closes a range; one that is remembered is closed for twice as long as before. */
export function closed(
  before: RangeBlock | undefined,
  found: Pick<RangeBlock, 'id' | 'accountId' | 'kind' | 'range' | 'evidence'>,
  nowMs: number,
): RangeBlock {
  const repeats = before === undefined ? 0 : before.repeats + 1
  return {
    ...found,
    id: before?.id ?? found.id,
    state: 'blocked',
    sinceMs: nowMs,
    untilMs: nowMs + lengthOf(repeats),
    repeats,
    probedAtMs: nowMs,
    good: 0,
    bad: 0,
  }
}

/** What time alone does: a block ends in probing, and probing without bad news in an open range. */
export function advanced(block: RangeBlock, nowMs: number): RangeBlock {
  if (nowMs < block.untilMs || block.state === 'open') return block
  if (block.state === 'probing') return opened(block, nowMs)
  const untilMs = block.untilMs + PROBING_MS
  const probing: RangeBlock = { ...block, state: 'probing', untilMs, good: 0, bad: 0 }
  return nowMs < untilMs ? probing : opened(probing, nowMs)
}

const opened = (block: RangeBlock, nowMs: number): RangeBlock => ({
  ...block,
  state: 'open',
  untilMs: nowMs + REMEMBERED_MS,
})

export const isForgotten = ({ state, untilMs }: RangeBlock, nowMs: number): boolean =>
  state === 'open' && nowMs >= untilMs

/** Whether one more request may try the range now, by way of a challenge. */
export function mayProbe({ state, probedAtMs }: RangeBlock, nowMs: number): boolean {
  return nowMs - probedAtMs >= probeGapMs(state)
}

export const probeGapMs = (state: BlockState): number =>
  state === 'blocked' ? TRICKLE_MS : PROBE_MS

/** Three good codes open a range again, unless as many failed; three that came to nothing close it for longer. */
export function learned(block: RangeBlock, isGood: boolean, nowMs: number): RangeBlock {
  if (block.state === 'open') return block
  const good = block.good + (isGood ? 1 : 0)
  const bad = block.bad + (isGood ? 0 : 1)
  const next = { ...block, good, bad }
  if (good >= GOOD_LEAST && good > bad) return opened(next, nowMs)
  if (block.state === 'probing' && bad >= BAD_LEAST && bad >= good) return closed(next, next, nowMs)
  return next
}
