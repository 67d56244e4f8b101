import type * as z from 'zod'
import type { DeadLetterFilter } from '../../../channels/dead-letter-store.ts'
import { Problem } from '../../../domain/problems.ts'
import { type Requeued, requeueSend } from '../../../flows/requeue-send.ts'
import { toDeadLetterAnswer } from '../answers/dead-letters.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { refusalProblem } from '../answers/started.ts'
import { type Route, route } from '../route.ts'
import {
  deadLetterPage,
  deadLetterParams,
  deadLetterQuery,
  requeueAnswer,
} from '../schemas/dead-letters.ts'
import { phoneOfParameter } from '../schemas/texts.ts'
import { emptyBody } from '../schemas/verifications.ts'

/** Messages that no provider took, and sending them again. */
export const deadLetterRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/dead-letters',
    operationId: 'listDeadLetters',
    tag: 'Delivery',
    summary: 'List messages that no provider took, newest first',
    description:
      'They were surely not sent, their money went back, and their numbers are not to blame.',
    scopes: ['admin'],
    query: deadLetterQuery,
    status: 200,
    answer: deadLetterPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const nowMs = house.platform.nowMs()
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const found = await house.deadLetters.list(key.accountId, toFilter(query), page)
      const { items, next_cursor } = pageOf(found, query.limit)
      return { dead_letters: items.map((item) => toDeadLetterAnswer(item, nowMs)), next_cursor }
    },
  }),
  route({
    method: 'post',
    path: '/dead-letters/{id}/requeue',
    operationId: 'requeueDeadLetter',
    tag: 'Delivery',
    summary: 'Send a message again that no provider took, while its code lives',
    description:
      'A new message of the same verification, with a new code and at the price of now. Caps, budgets and the balance count it; the verification loses one of its sends.',
    scopes: ['admin'],
    params: deadLetterParams,
    body: emptyBody,
    bodyOptional: true,
    idempotent: true,
    status: 201,
    answer: requeueAnswer,
    problems: [
      'not_found',
      'verification_closed',
      'conflict',
      'rate_limited',
      'budget_exhausted',
      'balance_exhausted',
    ],
    handle: async ({ house, key, params: { id } }) => {
      const requeued = await requeueSend(house, { accountId: key.accountId, id })
      if (requeued.kind !== 'requeued') throw problemOf(requeued, house.platform.nowMs())
      const { send } = requeued
      return { id: send.id, verification: send.verificationId, requeued: id }
    },
  }),
]

function problemOf(
  requeued: Exclude<Requeued, { readonly kind: 'requeued' }>,
  nowMs: number,
): Problem {
  switch (requeued.kind) {
    case 'missing':
      return new Problem('not_found')
    case 'in_batch':
      return new Problem('conflict', { detail: 'Send it again in a batch of its own.' })
    case 'replaced':
      return new Problem('conflict', { detail: 'Another message took its place.' })
    case 'channel_gone':
      return new Problem('conflict', {
        detail: `Its service does not send by ${requeued.channel} any more.`,
      })
    case 'sends_exhausted':
      return new Problem('verification_closed', { detail: 'All its sends are used up.' })
    case 'closed':
      return new Problem('verification_closed', { detail: `It is ${requeued.status}.` })
    case 'refused':
      return refusalProblem(requeued.refusal, nowMs)
  }
}

function toFilter(query: z.output<typeof deadLetterQuery>): DeadLetterFilter {
  const phone = query.to === undefined ? undefined : phoneOfParameter(query.to)
  return {
    ...(phone === undefined ? {} : { phone }),
    ...(query.service === undefined ? {} : { serviceId: query.service }),
    ...(query.reason === undefined ? {} : { reason: query.reason }),
    ...(query.from === undefined ? {} : { fromMs: Date.parse(query.from) }),
    ...(query.to_time === undefined ? {} : { toMs: Date.parse(query.to_time) }),
  }
}
