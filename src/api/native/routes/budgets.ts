import type * as z from 'zod'
import type { BudgetUse } from '../../../billing/budget-store.ts'
import type { AccountId, BudgetId } from '../../../domain/ids.ts'
import type { Currency } from '../../../domain/money.ts'
import { Problem } from '../../../domain/problems.ts'
import type { House } from '../../../flows/house.ts'
import { type BudgetDraft, putBudget } from '../../../flows/put-budget.ts'
import { toBudgetAnswer } from '../answers/budgets.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { type Call, type Route, route } from '../route.ts'
import {
  budgetAnswer,
  budgetPage,
  budgetParams,
  budgetQuery,
  putBudgetBody,
} from '../schemas/budgets.ts'

type Named = Pick<Call<{ readonly id: BudgetId }, unknown, unknown>, 'house' | 'key' | 'params'>

/** How much may be sent in an hour, a day and a month, and when somebody is told. */
export const budgetRoutes: readonly Route[] = [
  route({
    method: 'put',
    path: '/budgets',
    operationId: 'putBudget',
    tag: 'Billing',
    summary: 'Make a budget, or change the one that is there for the same',
    description:
      'There is one for each service, country, period, kind and unit. A change keeps its id and what it has counted. Sends from then on count, and those whose price is given back are taken off again.',
    scopes: ['admin'],
    body: putBudgetBody,
    status: 200,
    answer: budgetAnswer,
    problems: ['conflict'],
    handle: async ({ house, key, body }) => {
      const { id } = await putBudget(house, toDraft(key.accountId, body))
      const params = { id }
      return toBudgetAnswer(
        await findOrRefuse({ house, key, params }),
        await currencyOf(house, key),
      )
    },
  }),
  route({
    method: 'get',
    path: '/budgets',
    operationId: 'listBudgets',
    tag: 'Billing',
    summary: 'List budgets and what is used of them, newest first',
    scopes: ['report'],
    query: budgetQuery,
    status: 200,
    answer: budgetPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const found = await house.budgets.list(key.accountId, {
        limit: withOneMore(query.limit),
        before: query.cursor,
        nowMs: house.platform.nowMs(),
      })
      const { items, next_cursor } = pageOf(
        found.map((each) => ({ id: each.budget.id, each })),
        query.limit,
      )
      const currency = await currencyOf(house, key)
      return { budgets: items.map(({ each }) => toBudgetAnswer(each, currency)), next_cursor }
    },
  }),
  route({
    method: 'get',
    path: '/budgets/{id}',
    operationId: 'readBudget',
    tag: 'Billing',
    summary: 'Read a budget and what is used of it',
    scopes: ['report'],
    params: budgetParams,
    status: 200,
    answer: budgetAnswer,
    problems: ['not_found'],
    handle: async (call) =>
      toBudgetAnswer(await findOrRefuse(call), await currencyOf(call.house, call.key)),
  }),
  route({
    method: 'delete',
    path: '/budgets/{id}',
    operationId: 'deleteBudget',
    tag: 'Billing',
    summary: 'Remove a budget and what it has counted',
    scopes: ['admin'],
    params: budgetParams,
    status: 204,
    problems: ['not_found'],
    handle: async ({ house, key, params }) => {
      if (!(await house.budgets.remove(key.accountId, params.id))) throw new Problem('not_found')
    },
  }),
]

function toDraft(accountId: AccountId, body: z.output<typeof putBudgetBody>): BudgetDraft {
  const { service: serviceId, country, period, kind, limit_micros, limit_sends } = body
  const alerts = body.alerts.map((share) => Math.round(share * 100)).sort((a, b) => a - b)
  const limit =
    limit_micros === undefined
      ? { unit: 'sends' as const, limit: limit_sends ?? 0 }
      : { unit: 'money' as const, limit: limit_micros }
  return { accountId, serviceId, country, period, kind, ...limit, alerts }
}

async function findOrRefuse({ house, key, params }: Named): Promise<BudgetUse> {
  const found = await house.budgets.find(key.accountId, params.id, house.platform.nowMs())
  if (found === undefined) throw new Problem('not_found')
  return found
}

async function currencyOf(
  { tenancy }: Pick<House, 'tenancy'>,
  { accountId }: { readonly accountId: AccountId },
): Promise<Currency> {
  const account = await tenancy.account(accountId)
  if (account === undefined) throw new Problem('not_found')
  return account.currency
}
