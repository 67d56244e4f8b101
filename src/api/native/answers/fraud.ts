import type * as z from 'zod'
import { maskPhone } from '../../../domain/phone.ts'
import type { ListEntry } from '../../../risk/lists.ts'
import type { FraudReport, TrafficRow } from '../../../risk/reports.ts'
import type { fraudReportAnswer, listEntryAnswer, trafficAnswer } from '../schemas/fraud.ts'
import { instantOf } from '../schemas/texts.ts'

export function toFraudReportAnswer(report: FraudReport): z.input<typeof fraudReportAnswer> {
  const { ip, note, phone, range, verificationId } = report
  return {
    id: report.id,
    label: report.label,
    ...(verificationId === undefined ? {} : { verification: verificationId }),
    ...(phone === undefined ? {} : { to: maskPhone(phone) }),
    ...(range === undefined ? {} : { range }),
    ...(ip === undefined ? {} : { ip }),
    ...(note === undefined ? {} : { note }),
    author: report.author,
    created_at: instantOf(report.createdAtMs),
  }
}

/** Lists show phone numbers whole: an operator must be able to see what they listed. */
export function toListEntryAnswer(entry: ListEntry): z.input<typeof listEntryAnswer> {
  const { expiresAtMs, note } = entry
  return {
    id: entry.id,
    list: entry.list,
    kind: entry.kind,
    value: entry.value,
    ...(note === undefined ? {} : { note }),
    author: entry.author,
    created_at: instantOf(entry.createdAtMs),
    ...(expiresAtMs === undefined ? {} : { expires_at: instantOf(expiresAtMs) }),
  }
}

export function toTrafficRow(row: TrafficRow): z.input<typeof trafficAnswer>['total'] {
  return {
    key: row.key,
    requests: row.requests,
    allowed: row.allowed,
    challenged: row.challenged,
    blocked: row.blocked,
    sends: row.sends,
    verified: row.verified,
    conversion: row.sends === 0 ? null : row.verified / row.sends,
    spent_micros: row.spent,
    saved_micros: row.saved,
  }
}
