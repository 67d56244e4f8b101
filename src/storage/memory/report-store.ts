import type { AccountId } from '../../domain/ids.ts'
import { ZERO } from '../../domain/money.ts'
import type { FraudReport, ReportStore, TrafficRow } from '../../risk/reports.ts'

/** The last reports of a process. It keeps no aggregates: who replays traffic counts the answers. */
export class MemoryReportStore implements ReportStore {
  private readonly reports: FraudReport[] = []
  private readonly kept: number

  constructor(kept = 1_000) {
    this.kept = kept
  }

  async add(report: FraudReport): Promise<void> {
    this.reports.push(report)
    if (this.reports.length > this.kept) this.reports.shift()
  }

  async list(...[accountId, { limit, before }]: Parameters<ReportStore['list']>) {
    return this.reports
      .filter((report) => report.accountId === accountId)
      .filter((report) => before === undefined || report.id < before)
      .toReversed()
      .slice(0, limit)
  }

  async traffic(): Promise<readonly TrafficRow[]> {
    return []
  }

  async trafficTotal(_span: { readonly accountId: AccountId }): Promise<TrafficRow> {
    const counts = { requests: 0, allowed: 0, challenged: 0, blocked: 0, sends: 0, verified: 0 }
    return { key: 'total', ...counts, spent: ZERO, saved: ZERO }
  }

  async topIps(): Promise<readonly TrafficRow[]> {
    return []
  }
}
