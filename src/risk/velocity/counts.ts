import type { Tally, VelocityEvent, VelocityEventKind } from '../velocity.ts'
import { MINUTE_MS } from './buckets.ts'

/** What a bucket counts, beside the money. Buckets only ever add, so it does not matter in which order events arrive. */
export const COLUMNS = [
  'asks',
  'sends',
  'verified',
  'unverified',
  'challenges',
  'reports',
  'mistyped',
] as const

/** `columns` in the order of COLUMNS. A correction is negative; `toTally` keeps what is told from falling below zero. */
export type Counts = { readonly columns: readonly number[]; readonly spend: number }

export const ONE_ASK: Counts = { columns: [1, 0, 0, 0, 0, 0, 0], spend: 0 }

const COLUMNS_OF: Readonly<Record<VelocityEventKind, readonly number[]>> = {
  sent: [0, 1, 0, 0, 0, 0, 0],
  repriced: [0, 0, 0, 0, 0, 0, 0],
  verified: [0, 0, 1, 0, 0, 0, 0],
  unverified: [0, 0, 0, 1, 0, 0, 0],
  corrected: [0, 0, 1, -1, 0, 0, 0],
  excused: [0, 0, 0, -1, 0, 0, 0],
  challenged: [0, 0, 0, 0, 1, 0, 0],
  fraud: [0, 0, 0, 0, 0, 1, 0],
  mistyped: [0, 0, 0, 0, 0, 0, 1],
}

/** The event's counts, with its price where money was spent. */
export const toCounts = ({ kind, price }: VelocityEvent): Counts => ({
  columns: COLUMNS_OF[kind],
  spend: kind === 'sent' || kind === 'repriced' ? price : 0,
})

/** Outcomes belong to the bucket of their send; challenges and reports to the one in which they happened. */
export const countedAtMs = ({ kind, atMs, sentAtMs }: VelocityEvent): number =>
  kind === 'challenged' || kind === 'fraud' ? atMs : sentAtMs

/** Sums of one subject's buckets, counts in the order of COLUMNS. A wider window includes the narrower one. */
export type WindowSums = {
  readonly asks10m: number
  readonly hour: ArrayLike<number>
  readonly day: ArrayLike<number>
  readonly week: ArrayLike<number>
  readonly spendHour: number
  readonly spendDay: number
}
export type DistinctCounts = {
  readonly phones: number
  readonly ips: number
  readonly countries: number
  readonly accounts: number
}

export function toTally(sums: WindowSums, distinct: DistinctCounts, gapMs: number): Tally {
  const { hour, day, week } = sums
  return {
    asks_10m: sums.asks10m,
    asks_1h: hour[0] ?? 0,
    asks_24h: day[0] ?? 0,
    sends_1h: hour[1] ?? 0,
    sends_24h: day[1] ?? 0,
    sends_7d: week[1] ?? 0,
    verified_1h: hour[2] ?? 0,
    verified_24h: day[2] ?? 0,
    verified_7d: week[2] ?? 0,
    unverified_1h: atLeastZero(hour[3]),
    unverified_24h: atLeastZero(day[3]),
    unverified_7d: atLeastZero(week[3]),
    spend_1h: sums.spendHour,
    spend_24h: sums.spendDay,
    challenges_failed_1h: hour[4] ?? 0,
    reports_7d: week[5] ?? 0,
    mistyped_24h: day[6] ?? 0,
    mistyped_7d: week[6] ?? 0,
    phones_24h: distinct.phones,
    ips_24h: distinct.ips,
    countries_24h: distinct.countries,
    accounts_24h: distinct.accounts,
    gap_ms: gapMs,
  }
}

/** Only the unverified can be corrected downwards. */
const atLeastZero = (value: number | undefined): number =>
  value !== undefined && value > 0 ? value : 0

const WEEK_MS = 7 * 24 * 60 * MINUTE_MS

/** Time since the ask before; 0 for one that comes late, -1 when there was none in 7 days. */
export function gapMs(previousMs: number | undefined, atMs: number): number {
  if (previousMs === undefined || previousMs < atMs - WEEK_MS) return -1
  return Math.max(0, atMs - previousMs)
}
