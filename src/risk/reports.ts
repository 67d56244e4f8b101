import type { AccountId, ReportId, VerificationId } from '../domain/ids.ts'
import type { Micros } from '../domain/money.ts'

export type FraudLabel = 'fraud' | 'legit'

/** What an operator or tenant says about past traffic. Exactly one subject is set. */
export type FraudReport = {
  readonly id: ReportId
  readonly accountId: AccountId
  readonly label: FraudLabel
  readonly verificationId: VerificationId | undefined
  readonly phone: string | undefined
  readonly range: string | undefined
  readonly ip: string | undefined
  readonly note: string | undefined
  readonly author: string
  readonly createdAtMs: number
}

export const REPORT_GROUPS = ['country', 'range', 'asn', 'reason', 'service', 'hour'] as const
export type ReportGroup = (typeof REPORT_GROUPS)[number]

/** One line of the fraud report. Money in micros of the account's currency. */
export type TrafficRow = {
  readonly key: string
  readonly requests: number
  readonly allowed: number
  readonly challenged: number
  readonly blocked: number
  readonly sends: number
  readonly verified: number
  readonly spent: Micros
  readonly saved: Micros
}

export type TrafficQuery = {
  readonly accountId: AccountId
  /** Whole hours: the hour that holds `fromMs` up to and excluding the hour that starts at or after `toMs`. */
  readonly fromMs: number
  readonly toMs: number
  readonly groupBy: ReportGroup
  readonly limit: number
}

export interface ReportStore {
  add(report: FraudReport): Promise<void>
  list(
    accountId: AccountId,
    page: { limit: number; before: ReportId | undefined },
  ): Promise<readonly FraudReport[]>
  /** Most requests first; `hour` in time order. Reads the hourly aggregates only. */
  traffic(query: TrafficQuery): Promise<readonly TrafficRow[]>
  /** The whole window in one row, key `total`. */
  trafficTotal(query: Omit<TrafficQuery, 'groupBy' | 'limit'>): Promise<TrafficRow>
  /** IPs with most refused requests, as stored, newest address first among equals. */
  topIps(query: Omit<TrafficQuery, 'groupBy'>): Promise<readonly TrafficRow[]>
}
