import { and, desc, eq, lt } from 'drizzle-orm'
import type { AccountId, ReportId } from '../../domain/ids.ts'
import { micros } from '../../domain/money.ts'
import type { Vault } from '../../platform/vault.ts'
import type {
  FraudReport,
  ReportGroup,
  ReportStore,
  TrafficQuery,
  TrafficRow,
} from '../../risk/reports.ts'
import { type Database, guarded, type Row, type SqlValue } from '../database.ts'
import { fraudReports } from '../schema/risk.ts'
import { ipHashOf, openIp, phoneHashOf, sealIp } from './privacy.ts'

const HOUR_MS = 3_600_000

const KEY_OF_GROUP: Readonly<Record<ReportGroup, string>> = {
  country: 'country',
  range: 'range',
  asn: "CASE asn WHEN 0 THEN 'unknown' ELSE CAST(asn AS TEXT) END",
  reason: "CASE reason WHEN '' THEN 'none' ELSE reason END",
  service: 'service_id',
  hour: 'hour_start_ms',
}

const SUMS = `
  coalesce(sum(requests), 0) AS requests, coalesce(sum(allowed), 0) AS allowed,
  coalesce(sum(challenged), 0) AS challenged, coalesce(sum(blocked), 0) AS blocked,
  coalesce(sum(sends), 0) AS sends, coalesce(sum(verified), 0) AS verified,
  coalesce(sum(spent_micros), 0) AS spent_micros, coalesce(sum(saved_micros), 0) AS saved_micros`

const WINDOW = 'account_id = ?1 AND hour_start_ms >= ?2 AND hour_start_ms < ?3'

const TOTAL = `SELECT 'total' AS key, ${SUMS} FROM traffic_hours WHERE ${WINDOW}`

/** With one max() in it, SQLite takes the bare columns from the newest hour of each address. */
const TOP_IPS = `
SELECT ip_sealed, max(hour_start_ms) AS newest_ms, sum(requests) AS requests,
  sum(requests) - sum(challenged) - sum(blocked) AS allowed,
  sum(challenged) AS challenged, sum(blocked) AS blocked,
  0 AS sends, 0 AS verified, 0 AS spent_micros, sum(saved_micros) AS saved_micros
FROM traffic_ips WHERE ${WINDOW}
GROUP BY ip_hash HAVING sum(challenged) + sum(blocked) > 0
ORDER BY sum(challenged) + sum(blocked) DESC, newest_ms DESC, ip_hash
LIMIT ?4`

/** What was reported, and what the hourly aggregates say. No report reads a verification. */
export class SqlReportStore implements ReportStore {
  private readonly db: Database
  private readonly vault: Vault

  constructor(db: Database, vault: Vault) {
    this.db = db
    this.vault = vault
  }

  async add(report: FraudReport): Promise<void> {
    const { phone, ip, note, verificationId, range, ...rest } = report
    const seal = (text: string | undefined, what: SealedPart) =>
      text === undefined ? null : this.vault.seal(text, contextOf(report, what))
    await guarded(
      this.db.orm.insert(fraudReports).values({
        ...rest,
        verificationId: verificationId ?? null,
        range: range ?? null,
        phoneHash: phone === undefined ? null : phoneHashOf(this.vault, phone),
        phoneSealed: seal(phone, 'phone'),
        ipHash: ip === undefined ? null : ipHashOf(this.vault, ip),
        ipSealed: ip === undefined ? null : sealIp(this.vault, report.accountId, ip),
        noteSealed: seal(note, 'note'),
      }),
    )
  }

  /** Newest first. */
  async list(
    accountId: AccountId,
    page: { limit: number; before: ReportId | undefined },
  ): Promise<readonly FraudReport[]> {
    const older = page.before === undefined ? undefined : lt(fraudReports.id, page.before)
    const rows = await guarded(
      this.db.orm
        .select()
        .from(fraudReports)
        .where(and(eq(fraudReports.accountId, accountId), older))
        .orderBy(desc(fraudReports.id))
        .limit(page.limit),
    )
    return rows.map((row) => this.toReport(row))
  }

  /** Keys: ISO country, range, AS number, reason code, service id or the hour's start in ISO 8601; `unknown` AS, reason `none`. */
  async traffic(query: TrafficQuery): Promise<readonly TrafficRow[]> {
    const byHour = query.groupBy === 'hour'
    const rows = await this.db.driver.all({
      sql: `SELECT ${KEY_OF_GROUP[query.groupBy]} AS key, ${SUMS} FROM traffic_hours
        WHERE ${WINDOW} GROUP BY 1 ORDER BY ${byHour ? '1' : 'requests DESC, 1'} LIMIT ?4`,
      args: [...windowOf(query), query.limit],
    })
    return rows.map((row) => toTrafficRow(byHour ? isoHour(Number(row.key)) : String(row.key), row))
  }

  async trafficTotal(query: Omit<TrafficQuery, 'groupBy' | 'limit'>): Promise<TrafficRow> {
    const [row = {}] = await this.db.driver.all({ sql: TOTAL, args: windowOf(query) })
    return toTrafficRow('total', row)
  }

  /** Sends, verified and spent are not kept by address and stay 0. */
  async topIps(query: Omit<TrafficQuery, 'groupBy'>): Promise<readonly TrafficRow[]> {
    const rows = await this.db.driver.all({
      sql: TOP_IPS,
      args: [...windowOf(query), query.limit],
    })
    return rows.map((row) =>
      toTrafficRow(openIp(this.vault, query.accountId, String(row.ip_sealed)), row),
    )
  }

  private toReport(row: typeof fraudReports.$inferSelect): FraudReport {
    const { phoneHash: _p, phoneSealed, ipHash: _i, ipSealed, noteSealed, ...rest } = row
    const open = (sealed: string | null, what: SealedPart) =>
      sealed === null ? undefined : this.vault.open(sealed, contextOf(row, what))
    return {
      ...rest,
      verificationId: row.verificationId ?? undefined,
      range: row.range ?? undefined,
      phone: open(phoneSealed, 'phone'),
      ip: ipSealed === null ? undefined : openIp(this.vault, row.accountId, ipSealed),
      note: open(noteSealed, 'note'),
    }
  }
}

type SealedPart = 'phone' | 'note'

const contextOf = (report: Pick<FraudReport, 'id'>, what: SealedPart): string =>
  `fraud_report_${what}:${report.id}`

const windowOf = ({
  accountId,
  fromMs,
  toMs,
}: Pick<TrafficQuery, 'accountId' | 'fromMs' | 'toMs'>): readonly SqlValue[] => [
  accountId,
  Math.floor(fromMs / HOUR_MS) * HOUR_MS,
  toMs,
]

const isoHour = (hourStartMs: number): string => new Date(hourStartMs).toISOString()

function toTrafficRow(key: string, row: Row): TrafficRow {
  const count = (column: string): number => Number(row[column] ?? 0)
  return {
    key,
    requests: count('requests'),
    allowed: count('allowed'),
    challenged: count('challenged'),
    blocked: count('blocked'),
    sends: count('sends'),
    verified: count('verified'),
    spent: micros(count('spent_micros')),
    saved: micros(count('saved_micros')),
  }
}
