import { OUTCOMES, type Outcome } from '../../domain/decision.ts'
import type { Compared, SideAnswer } from './compare.ts'

/** What one policy did with some requests. Money in micros: the price of one send each. */
export type Tally = {
  requests: number
  allowed: number
  challenged: number
  blocked: number
  /** Good requests that were refused, and that were asked to prove themselves. */
  good_blocked: number
  good_challenged: number
  /** What the refused good ones would have cost to send. */
  good_blocked_micros: number
  /** Bad requests that were sent, and what they cost. */
  bad_missed: number
  bad_missed_micros: number
  /** Bad requests that were not sent, and what they would have cost. */
  bad_stopped: number
  bad_stopped_micros: number
  /** Requests of which nobody knows what they were, that were refused. */
  unknown_blocked: number
}

export type Pair = { readonly a: Tally; readonly b: Tally }
export type Group = Pair & { readonly key: string }

/** Requests that the two decide differently on. */
export type ChangeRow = {
  readonly from: Outcome
  readonly to: Outcome
  readonly good: number
  readonly bad: number
  readonly unknown: number
  readonly micros: number
}

export type SideName = { readonly rules: string; readonly model: string }

export type BacktestReport = {
  readonly a: SideName
  readonly b: SideName
  readonly from: string
  readonly to: string
  readonly events: number
  /** Lines that could not be read. */
  readonly malformed: number
  readonly labels: { readonly good: number; readonly bad: number; readonly unknown: number }
  readonly changed: number
  readonly total: Pair
  readonly changes: readonly ChangeRow[]
  /** By the first reason of each side; a request that both refuse for different reasons is in two rows. */
  readonly by_reason: readonly Group[]
  readonly by_country: readonly Group[]
  readonly over_time: { readonly step: 'hour' | 'day'; readonly points: readonly Group[] }
}

export type ReportInput = {
  readonly a: SideName
  readonly b: SideName
  readonly events: number
  readonly malformed: number
  readonly compared: readonly Compared[]
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** A longer recording is drawn by days. */
const HOURS_SPAN_MS = 4 * DAY_MS

/** Everything a reader compares two policies by. Pure. */
export function reportOn({ compared, ...known }: ReportInput): BacktestReport {
  const total = emptyPair()
  for (const each of compared) count(total, each)
  const first = compared[0]?.t ?? 0
  const last = compared.at(-1)?.t ?? first
  const step = last - first <= HOURS_SPAN_MS ? 'hour' : 'day'
  const stepMs = step === 'hour' ? HOUR_MS : DAY_MS
  const labelled = (label: Compared['label']) =>
    compared.filter((each) => each.label === label).length
  return {
    ...known,
    from: isoOf(first),
    to: isoOf(last),
    labels: { good: labelled('good'), bad: labelled('bad'), unknown: labelled('unknown') },
    changed: compared.filter(isChanged).length,
    total,
    changes: changesOf(compared),
    by_reason: byReason(compared),
    by_country: weightiest(grouped(compared, ({ country }) => country)),
    over_time: { step, points: grouped(compared, ({ t }) => isoOf(t - (t % stepMs))) },
  }
}

const isoOf = (atMs: number): string => new Date(atMs).toISOString()

const isChanged = ({ a, b }: Compared): boolean => a.outcome !== b.outcome || a.sent !== b.sent

function emptyTally(): Tally {
  return {
    requests: 0,
    allowed: 0,
    challenged: 0,
    blocked: 0,
    good_blocked: 0,
    good_challenged: 0,
    good_blocked_micros: 0,
    bad_missed: 0,
    bad_missed_micros: 0,
    bad_stopped: 0,
    bad_stopped_micros: 0,
    unknown_blocked: 0,
  }
}

const emptyPair = (): Pair => ({ a: emptyTally(), b: emptyTally() })

function count({ a, b }: Pair, compared: Compared): void {
  countSide(a, compared.a, compared)
  countSide(b, compared.b, compared)
}

function countSide(
  tally: Tally,
  { outcome, sent }: SideAnswer,
  { label, price }: Pick<Compared, 'label' | 'price'>,
): void {
  tally.requests++
  if (outcome === 'allow') tally.allowed++
  else if (outcome === 'challenge') tally.challenged++
  else tally.blocked++
  if (label === 'bad') countBad(tally, sent, price)
  else if (label === 'unknown') tally.unknown_blocked += outcome === 'block' ? 1 : 0
  else if (outcome === 'challenge') tally.good_challenged++
  else if (outcome === 'block') {
    tally.good_blocked++
    tally.good_blocked_micros += price
  }
}

function countBad(tally: Tally, sent: boolean, price: number): void {
  if (sent) {
    tally.bad_missed++
    tally.bad_missed_micros += price
  } else {
    tally.bad_stopped++
    tally.bad_stopped_micros += price
  }
}

function changesOf(compared: readonly Compared[]): readonly ChangeRow[] {
  return OUTCOMES.flatMap((from) =>
    OUTCOMES.map((to) => {
      const moved = compared.filter(
        (each) => isChanged(each) && each.a.outcome === from && each.b.outcome === to,
      )
      const labelled = (label: Compared['label']) =>
        moved.filter((each) => each.label === label).length
      return {
        from,
        to,
        good: labelled('good'),
        bad: labelled('bad'),
        unknown: labelled('unknown'),
        micros: moved.reduce((sum, { price }) => sum + price, 0),
      }
    }),
  ).filter(({ good, bad, unknown }) => good + bad + unknown > 0)
}

function grouped(
  compared: readonly Compared[],
  keyOf: (each: Compared) => string,
): readonly Group[] {
  const groups = new Map<string, Pair>()
  for (const each of compared) count(pairAt(groups, keyOf(each)), each)
  return toGroups(groups)
}

function byReason(compared: readonly Compared[]): readonly Group[] {
  const groups = new Map<string, Pair>()
  for (const each of compared) {
    if (each.a.reason !== '') countSide(pairAt(groups, each.a.reason).a, each.a, each)
    if (each.b.reason !== '') countSide(pairAt(groups, each.b.reason).b, each.b, each)
  }
  return weightiest(toGroups(groups))
}

function pairAt(groups: Map<string, Pair>, key: string): Pair {
  const known = groups.get(key)
  if (known !== undefined) return known
  const made = emptyPair()
  groups.set(key, made)
  return made
}

const toGroups = (groups: ReadonlyMap<string, Pair>): readonly Group[] =>
  [...groups].map(([key, pair]) => ({ key, ...pair }))

const weightOf = ({ a, b }: Pair): number =>
  Math.max(a.challenged + a.blocked, b.challenged + b.blocked)

const weightiest = (groups: readonly Group[]): readonly Group[] =>
  [...groups].sort(
    (left, right) => weightOf(right) - weightOf(left) || (left.key < right.key ? -1 : 1),
  )
