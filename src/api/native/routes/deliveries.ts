import type * as z from 'zod'
import { fieldProblem, Problem } from '../../../domain/problems.ts'
import type { ReplayWindow } from '../../../webhooks/stores.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { toDeliveryAnswer } from '../answers/webhooks.ts'
import { type Route, route } from '../route.ts'
import { emptyBody } from '../schemas/verifications.ts'
import {
  deliveryAnswer,
  deliveryPage,
  deliveryParams,
  deliveryQuery,
  replayAnswer,
  replayBody,
  webhookParams,
} from '../schemas/webhooks.ts'
import { findEnabled, findWebhook } from './webhooks.ts'

/** What was sent to a webhook, and sending it again. */
export const deliveryRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/webhooks/{id}/deliveries',
    operationId: 'listDeliveries',
    tag: 'Webhooks',
    summary: 'List events and every try to deliver them, newest event first',
    scopes: ['admin'],
    params: webhookParams,
    query: deliveryQuery,
    status: 200,
    answer: deliveryPage,
    problems: ['not_found'],
    handle: async (call) => {
      const { services, query } = call
      const { cursor: before, limit, status } = query
      const webhook = await findWebhook(call)
      const page = { limit: withOneMore(limit), before, status }
      const found = await services.webhooks.events.deliveries(webhook, page)
      const deliveries = found.map((one) => ({ id: one.event.id, one }))
      const { items, next_cursor } = pageOf(deliveries, limit)
      return { deliveries: items.map(({ one }) => toDeliveryAnswer(one)), next_cursor }
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/{id}/deliveries/{event}/replay',
    operationId: 'replayDelivery',
    tag: 'Webhooks',
    summary: 'Send one event again, whatever became of it',
    description: 'It keeps its id, and is tried for another 24 hours.',
    scopes: ['admin'],
    params: deliveryParams,
    body: emptyBody,
    bodyOptional: true,
    status: 200,
    answer: deliveryAnswer,
    problems: ['not_found', 'conflict'],
    handle: async (call) => {
      const { events, courier, platform } = call.services.webhooks
      const webhook = await findEnabled(call)
      const { event } = call.params
      const again = await events.replay(webhook, event, platform.nowMs())
      const delivery = again ? await events.delivery(webhook, event) : undefined
      if (delivery === undefined) throw new Problem('not_found')
      courier.hurry()
      return toDeliveryAnswer(delivery)
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/{id}/replay',
    operationId: 'replayWindow',
    tag: 'Webhooks',
    summary: 'Send the events of a time again that did not arrive, or all of them',
    scopes: ['admin'],
    params: webhookParams,
    body: replayBody,
    status: 200,
    answer: replayAnswer,
    problems: ['not_found', 'conflict'],
    handle: async (call) => {
      const { events, courier, platform } = call.services.webhooks
      const nowMs = platform.nowMs()
      const window = toWindow(call.body, nowMs)
      const replayed = await events.replayWindow(await findEnabled(call), window, nowMs)
      courier.hurry()
      return { replayed }
    },
  }),
]

function toWindow(
  { from, to, delivered }: z.output<typeof replayBody>,
  nowMs: number,
): ReplayWindow {
  const fromMs = Date.parse(from)
  // An event of this very millisecond is one that happened up to now.
  const toMs = to === undefined ? nowMs + 1 : Date.parse(to)
  if (fromMs >= toMs) throw fieldProblem('/from', 'must be before to')
  return { fromMs, toMs, delivered }
}
