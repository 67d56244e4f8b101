import type { Micros } from '../domain/money.ts'
import type { SubjectKind, Subjects } from '../domain/subjects.ts'

/**
 * What one subject did in rolling windows, this request included. Windows end now; they start with a bucket and so may
 * reach up to one bucket (a minute for those of ten minutes and an hour, a twenty-fourth of a day, a seventh of a week)
 * further back, never less far. Distinct counts are of the last 24 hours, exact to 64 and estimated above; those that say
 * nothing about a kind of subject (phones of a phone) are 0, see `velocity/distinct.ts`.
 */
export const TALLY_FIELDS = [
  'asks_10m',
  'asks_1h',
  'asks_24h',
  'sends_1h',
  'sends_24h',
  'sends_7d',
  'verified_1h',
  'verified_24h',
  'verified_7d',
  'unverified_1h',
  'unverified_24h',
  'unverified_7d',
  'spend_1h',
  'spend_24h',
  'challenges_failed_1h',
  'reports_7d',
  'mistyped_24h',
  'mistyped_7d',
  'phones_24h',
  'ips_24h',
  'countries_24h',
  'accounts_24h',
  'gap_ms',
] as const
export type TallyField = (typeof TALLY_FIELDS)[number]
/** `spend_*` are micros; `gap_ms` is the time since the subject's previous ask, -1 when there was none in 7 days. */
export type Tally = Readonly<Record<TallyField, number>>

/** Absent or undefined: the request has no such subject. The whole is undefined where the store did not answer. */
export type Velocity = { readonly [Kind in SubjectKind]?: Tally | undefined }

/** One request, as it is counted. The distinct counters of every subject learn these four. */
export type Ask = {
  readonly atMs: number
  readonly subjects: Subjects
  readonly country: string
}

/**
 * sent: money was spent on it; repriced: so much more of it, or less, because another channel took over; verified: its code came back; unverified: its time passed without a code;
 * corrected: verified after it had been counted unverified; excused: counted unverified, but the person finished another way;
 * challenged: a challenge was set or failed; fraud: an operator reported it; mistyped: the first code tried was wrong. A report is counted by itself and makes nothing
 * unverified: a send that nobody answers becomes that in its own time, and no send weighs twice.
 */
export type VelocityEventKind =
  | 'sent'
  | 'repriced'
  | 'verified'
  | 'unverified'
  | 'corrected'
  | 'excused'
  | 'challenged'
  | 'fraud'
  | 'mistyped'

export type VelocityEvent = {
  readonly kind: VelocityEventKind
  readonly atMs: number
  /** When the send happened; outcomes are counted in the bucket of their send, challenges and reports in that of `atMs`. */
  readonly sentAtMs: number
  readonly subjects: Subjects
  readonly price: Micros
}

export interface VelocityStore {
  /** Counts this request and tells the counts with it inside, in one atomic step and one round trip. */
  observe(ask: Ask): Promise<Velocity>
  record(event: VelocityEvent): Promise<void>
  /** Drops what no window reaches any more, looking at up to `limit` records; answers how many went. */
  purge(nowMs: number, limit: number): Promise<number>
}
