import { endMs, startMs } from '../../../billing/price-row.ts'
import { Problem } from '../../../domain/problems.ts'
import { toPriceAnswer } from '../answers/prices.ts'
import { type Route, route } from '../route.ts'
import { pricesAnswer, pricesQuery } from '../schemas/prices.ts'

/** What the account pays today. The files of rules/prices are the one place where prices are changed. */
export const priceRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/prices',
    operationId: 'listPrices',
    tag: 'Billing',
    summary: 'List the prices that are in force for the account',
    scopes: ['report'],
    query: pricesQuery,
    status: 200,
    answer: pricesAnswer,
    problems: [],
    handle: async ({ house, key, query }) => {
      const account = await house.tenancy.account(key.accountId)
      if (account === undefined) throw new Problem('not_found')
      const { currency, id } = account
      const nowMs = house.platform.nowMs()
      const rows = house
        .policy()
        .prices.rows.filter((row) => row.currency === currency)
        .filter((row) => row.account === undefined || row.account === id)
        .filter((row) => startMs(row) <= nowMs && nowMs < endMs(row))
        .filter((row) => query.country === undefined || row.country === query.country)
        .filter((row) => query.channel === undefined || row.channel === query.channel)
      return { currency, prices: rows.map(toPriceAnswer) }
    },
  }),
]
