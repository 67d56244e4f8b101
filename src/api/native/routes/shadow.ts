import { Problem } from '../../../domain/problems.ts'
import { shadowReport } from '../../../flows/shadow-report.ts'
import { type Route, route } from '../route.ts'
import { shadowAnswer, shadowQuery } from '../schemas/shadow.ts'
import { instantOf } from '../schemas/texts.ts'
import { windowOf } from '../window.ts'

/** What is on trial, beside what happened. */
export const shadowRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/shadow',
    operationId: 'readShadowReport',
    tag: 'Fraud',
    summary: 'What shadow rules and the challenger would have done',
    scopes: ['report'],
    query: shadowQuery,
    status: 200,
    answer: shadowAnswer,
    problems: [],
    handle: async ({ house, key, query }) => {
      const window = windowOf(query, house.platform.nowMs())
      const { accountId } = key
      const account = await house.tenancy.account(accountId)
      if (account === undefined) throw new Problem('not_found')
      const { rows, challenger } = await shadowReport(house, { accountId, ...window })
      return {
        from: instantOf(window.fromMs),
        to: instantOf(window.toMs),
        currency: account.currency,
        challenger: challenger ?? null,
        rows: rows.map(({ stopped, good, ...row }) => ({
          ...row,
          stopped_micros: stopped,
          good_micros: good,
        })),
      }
    },
  }),
]
