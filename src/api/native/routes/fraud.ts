import type * as z from 'zod'
import { assert } from '../../../domain/assert.ts'
import { canonicalIp } from '../../../domain/ip.ts'
import { fieldProblem, Problem } from '../../../domain/problems.ts'
import { fraudReport } from '../../../flows/fraud-report.ts'
import { type ReportSubject, reportFraud } from '../../../flows/report-fraud.ts'
import { parseListValue } from '../../../risk/list-value.ts'
import { toFraudReportAnswer, toTrafficRow } from '../answers/fraud.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { type Route, route } from '../route.ts'
import {
  fraudReportAnswer,
  fraudReportBody,
  fraudReportPage,
  fraudReportQuery,
  trafficAnswer,
  trafficQuery,
} from '../schemas/fraud.ts'
import { instantOf } from '../schemas/texts.ts'
import { windowOf } from '../window.ts'

/** What a fraud operator says of past traffic, and reads about it. */
export const fraudRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/fraud-reports',
    operationId: 'reportFraud',
    tag: 'Fraud',
    summary: 'Say that past traffic was fraud, or was not',
    description: 'Names exactly one of a verification, a number, a range of numbers or an address.',
    scopes: ['report'],
    body: fraudReportBody,
    idempotent: true,
    status: 201,
    answer: fraudReportAnswer,
    problems: ['invalid_phone'],
    handle: async ({ house, key, body }) => {
      const reported = await reportFraud(house, {
        accountId: key.accountId,
        author: key.id,
        label: body.label,
        note: body.note,
        subject: toSubject(body),
      })
      if (reported === 'missing')
        throw fieldProblem('/verification', 'There is no such verification.')
      return toFraudReportAnswer(reported)
    },
  }),
  route({
    method: 'get',
    path: '/fraud-reports',
    operationId: 'listFraudReports',
    tag: 'Fraud',
    summary: 'List what was reported, newest first',
    scopes: ['report'],
    query: fraudReportQuery,
    status: 200,
    answer: fraudReportPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const found = await house.reports.list(key.accountId, page)
      const { items, next_cursor } = pageOf(found, query.limit)
      return { reports: items.map(toFraudReportAnswer), next_cursor }
    },
  }),
  route({
    method: 'get',
    path: '/reports/fraud',
    operationId: 'readTrafficReport',
    tag: 'Fraud',
    summary: 'What was asked, refused, spent and saved',
    scopes: ['report'],
    query: trafficQuery,
    status: 200,
    answer: trafficAnswer,
    problems: [],
    handle: async ({ house, key, query }) => {
      const window = windowOf(query, house.platform.nowMs())
      const { group_by: groupBy, limit } = query
      const { accountId } = key
      const report = await fraudReport(house, { accountId, ...window, groupBy, limit })
      const account = await house.tenancy.account(accountId)
      if (account === undefined) throw new Problem('not_found')
      return {
        from: instantOf(window.fromMs),
        to: instantOf(window.toMs),
        group_by: groupBy,
        currency: account.currency,
        total: toTrafficRow(report.total),
        rows: report.rows.map(toTrafficRow),
        top_ranges: report.topRanges.map(toTrafficRow),
        top_asns: report.topAsns.map(toTrafficRow),
        top_ips: report.topIps.map(toTrafficRow),
      }
    },
  }),
]

type ReportBody = z.output<typeof fraudReportBody>
/** In canonical form, as the lists keep them. Throws `invalid_phone`. */
function toSubject({ verification, to, range, ip }: ReportBody): ReportSubject {
  if (verification !== undefined) return { kind: 'verification', id: verification }
  if (range !== undefined) return { kind: 'range', value: range }
  if (to !== undefined) {
    const phone = parseListValue('phone', to)
    if (phone === undefined) throw new Problem('invalid_phone')
    return { kind: 'phone', value: phone }
  }
  const address = ip === undefined ? undefined : canonicalIp(ip)
  assert(address !== undefined, 'the schema lets exactly one subject through')
  return { kind: 'ip', value: address }
}
