import { explainRoute } from '../../../flows/explain-route.ts'
import { toRouteAnswer } from '../answers/routes.ts'
import { type Route, route } from '../route.ts'
import { routesExplainAnswer, routesExplainQuery } from '../schemas/routes.ts'
import { serviceOf } from './start-command.ts'

/** How messages find their way. */
export const routingRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/routes/explain',
    operationId: 'explainRoute',
    tag: 'Delivery',
    summary: 'Show who would carry a message to a number now, and why',
    description:
      'The cheapest provider that is not known to be worse than the best comes first. Nothing is sent. Costs are what the operator pays.',
    scopes: ['admin'],
    query: routesExplainQuery,
    status: 200,
    answer: routesExplainAnswer,
    problems: ['invalid_phone'],
    handle: async ({ house, key, query }) => {
      const { to, channel, kind } = query
      const service = await serviceOf({ house, key }, query.service)
      return toRouteAnswer(explainRoute(house, { service, to, channel, kind }))
    },
  }),
]
