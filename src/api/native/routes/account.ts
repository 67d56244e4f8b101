import { fieldProblem, Problem } from '../../../domain/problems.ts'
import { parseListValue } from '../../../risk/list-value.ts'
import { makeService } from '../../../tenancy/accounts.ts'
import { type ServiceUpdateWire, toSettings } from '../../../tenancy/service-settings.ts'
import type { Service, ServiceSettings } from '../../../tenancy/tenancy.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { toAccountAnswer, toServiceAnswer } from '../answers/tenancy.ts'
import { type Call, type Route, route } from '../route.ts'
import {
  accountAnswer,
  createServiceBody,
  serviceAnswer,
  servicePage,
  serviceParams,
  serviceQuery,
  updateServiceBody,
} from '../schemas/tenancy.ts'

type Named = Pick<
  Call<{ readonly id: Service['id'] }, unknown, unknown>,
  'house' | 'key' | 'params'
>

/** The account and the settings of its login flows. */
export const accountRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/account',
    operationId: 'readAccount',
    tag: 'Account',
    summary: 'Read the account that the key belongs to',
    scopes: ['verify', 'report'],
    status: 200,
    answer: accountAnswer,
    problems: [],
    handle: async ({ house, key }) => {
      const account = await house.tenancy.account(key.accountId)
      if (account === undefined) throw new Problem('not_found')
      return toAccountAnswer(account)
    },
  }),
  route({
    method: 'get',
    path: '/services',
    operationId: 'listServices',
    tag: 'Services',
    summary: 'List the services of the account, newest first',
    scopes: ['admin'],
    query: serviceQuery,
    status: 200,
    answer: servicePage,
    problems: [],
    handle: async ({ house, key, query: { limit, cursor } }) => {
      const page = { limit: withOneMore(limit), before: cursor }
      const found = await house.tenancy.services(key.accountId, page)
      const { items, next_cursor } = pageOf(found, limit)
      return { services: items.map(toServiceAnswer), next_cursor }
    },
  }),
  route({
    method: 'post',
    path: '/services',
    operationId: 'createService',
    tag: 'Services',
    summary: 'Make a service',
    scopes: ['admin'],
    body: createServiceBody,
    idempotent: true,
    status: 201,
    answer: serviceAnswer,
    problems: [],
    handle: async ({ house, key, body }) => {
      const settings = withOwnFallbacks(toSettings(withCanonicalNumbers(body)))
      const service = makeService(house.platform, key.accountId, settings)
      await house.tenancy.createService(service)
      return toServiceAnswer(service)
    },
  }),
  route({
    method: 'get',
    path: '/services/{id}',
    operationId: 'readService',
    tag: 'Services',
    summary: 'Read the settings of a service',
    scopes: ['admin'],
    params: serviceParams,
    status: 200,
    answer: serviceAnswer,
    problems: ['not_found'],
    handle: async (call) => toServiceAnswer(await findOrRefuse(call)),
  }),
  route({
    method: 'patch',
    path: '/services/{id}',
    operationId: 'updateService',
    tag: 'Services',
    summary: 'Change settings of a service',
    scopes: ['admin'],
    params: serviceParams,
    body: updateServiceBody,
    status: 200,
    answer: serviceAnswer,
    problems: ['not_found'],
    handle: async (call) => {
      const before = await findOrRefuse(call)
      const updatedAtMs = call.house.platform.nowMs()
      const settings = withOwnFallbacks(toSettings(withCanonicalNumbers(call.body), before))
      const service = { ...before, ...settings, updatedAtMs }
      if (!(await call.house.tenancy.updateService(service))) throw new Problem('not_found')
      return toServiceAnswer(service)
    },
  }),
]

/** Nothing is sent by a channel that the service does not send by. Throws `invalid_request`. */
function withOwnFallbacks(settings: ServiceSettings): ServiceSettings {
  const { channels, fallbackChannels } = settings
  if (fallbackChannels === 'default') return settings
  const strange = fallbackChannels.findIndex((channel) => !channels.includes(channel))
  if (strange === -1) return settings
  throw fieldProblem(`/fallback_channels/${strange}`, 'is not one of channels')
}

/** As phones are kept everywhere else, so that a request finds them. Throws `invalid_request`. */
function withCanonicalNumbers(body: ServiceUpdateWire): ServiceUpdateWire {
  if (body.test_numbers === undefined) return body
  const numbers = body.test_numbers.map(({ phone, code }, index) => {
    const canonical = parseListValue('phone', phone)
    if (canonical !== undefined) return { phone: canonical, code }
    throw fieldProblem(`/test_numbers/${index}/phone`, 'is not a possible phone number')
  })
  return { ...body, test_numbers: numbers }
}

async function findOrRefuse({ house, key, params }: Named): Promise<Service> {
  const found = await house.tenancy.service(key.accountId, params.id)
  if (found === undefined) throw new Problem('not_found')
  return found
}
