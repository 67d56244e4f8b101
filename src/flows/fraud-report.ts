import type { AccountId } from '../domain/ids.ts'
import type { ReportGroup, TrafficRow } from '../risk/reports.ts'
import type { House } from './house.ts'

export type FraudReportQuery = {
  readonly accountId: AccountId
  readonly fromMs: number
  readonly toMs: number
  readonly groupBy: ReportGroup
  readonly limit: number
}

export type TrafficReport = {
  readonly rows: readonly TrafficRow[]
  readonly total: TrafficRow
  readonly topRanges: readonly TrafficRow[]
  readonly topAsns: readonly TrafficRow[]
  readonly topIps: readonly TrafficRow[]
}

const TOP = 10

/** What was asked, refused, spent and saved in whole hours, from the hourly aggregates alone. */
export async function fraudReport(
  { reports }: Pick<House, 'reports'>,
  query: FraudReportQuery,
): Promise<TrafficReport> {
  const { accountId, fromMs, toMs } = query
  const span = { accountId, fromMs, toMs }
  const [rows, total, topRanges, topAsns, topIps] = await Promise.all([
    reports.traffic(query),
    reports.trafficTotal(span),
    reports.traffic({ ...span, groupBy: 'range', limit: TOP }),
    reports.traffic({ ...span, groupBy: 'asn', limit: TOP }),
    reports.topIps({ ...span, limit: TOP }),
  ])
  return { rows, total, topRanges, topAsns, topIps }
}
