import { statementWire } from '../../../billing/statement-wire.ts'
import { monthStatement } from '../../../flows/month-statement.ts'
import { scopeAllows } from '../../../tenancy/scopes.ts'
import { type Route, route } from '../route.ts'
import { statementAnswer, statementParams } from '../schemas/statements.ts'

/** What a month came to. */
export const statementRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/statements/{month}',
    operationId: 'readStatement',
    tag: 'Billing',
    summary: 'Read the statement of a month',
    description:
      'By the postings of the month: a message counts on the day on which it was billed or given back. Costs and margins are shown to `admin` keys.',
    scopes: ['report'],
    params: statementParams,
    status: 200,
    answer: statementAnswer,
    problems: ['not_found'],
    handle: async ({ house, key, params }) => {
      const { accountId } = key
      const statement = await monthStatement(house, { accountId, month: params.month })
      return statementWire(statement, { withCosts: scopeAllows(key, 'admin') })
    },
  }),
]
