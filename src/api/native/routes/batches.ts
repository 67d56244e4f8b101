import type * as z from 'zod'
import type { FoundBatch } from '../../../domain/batch.ts'
import type { BatchId } from '../../../domain/ids.ts'
import { Problem } from '../../../domain/problems.ts'
import { startBatch } from '../../../flows/start-batch.ts'
import type { Service } from '../../../tenancy/tenancy.ts'
import { toBatchAnswer, toMessageAnswer } from '../answers/batches.ts'
import { pageOf, withOneMore } from '../answers/page.ts'
import { refusalProblem } from '../answers/started.ts'
import { type Call, type Route, route } from '../route.ts'
import {
  batchAnswer,
  batchPage,
  batchParams,
  batchQuery,
  createBatchBody,
  MESSAGES_MAX,
  messagePage,
  messageQuery,
} from '../schemas/batches.ts'
import { emptyBody } from '../schemas/verifications.ts'
import { serviceOf } from './start-command.ts'

/** Room for a thousand messages with a few variables each. */
const BODY_BYTES_MAX = 1_048_576

type Named = Pick<Call<{ readonly id: BatchId }, unknown, unknown>, 'house' | 'key' | 'params'>

/** Texts that are no codes, many at once. */
export const batchRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/batches',
    operationId: 'createBatch',
    tag: 'Batches',
    summary: 'Send a text of your own to many numbers',
    description: `Up to ${MESSAGES_MAX} messages, taken whole or not at all: a wrong field, a full budget or a short balance refuses the batch, and nothing is charged. A message whose country the service does not send to, whose number is on a block list or had enough of this kind is refused by itself, with its reason.`,
    scopes: ['send'],
    body: createBatchBody,
    bodyBytesMax: BODY_BYTES_MAX,
    idempotent: true,
    status: 202,
    answer: batchAnswer,
    problems: ['unsupported_channel', 'conflict', 'budget_exhausted', 'balance_exhausted'],
    handle: async (call) => {
      const { house } = call
      const service = await serviceOf(call, call.body.service)
      const started = await startBatch(house, toCommand(call, service))
      const nowMs = house.platform.nowMs()
      if (started.kind !== 'started') throw refusalProblem(started, nowMs)
      return toBatchAnswer(started.batch, nowMs)
    },
  }),
  route({
    method: 'get',
    path: '/batches',
    operationId: 'listBatches',
    tag: 'Batches',
    summary: 'List batches, newest first',
    scopes: ['send', 'report'],
    query: batchQuery,
    status: 200,
    answer: batchPage,
    problems: [],
    handle: async ({ house, key, query }) => {
      const page = { limit: withOneMore(query.limit), before: query.cursor }
      const { items, next_cursor } = pageOf(
        await house.batches.list(key.accountId, page),
        query.limit,
      )
      const nowMs = house.platform.nowMs()
      return { batches: items.map((item) => toBatchAnswer(item, nowMs)), next_cursor }
    },
  }),
  route({
    method: 'get',
    path: '/batches/{id}',
    operationId: 'readBatch',
    tag: 'Batches',
    summary: 'Read a batch: how its messages stand and what they cost',
    scopes: ['send', 'report'],
    params: batchParams,
    status: 200,
    answer: batchAnswer,
    problems: ['not_found'],
    handle: async (call) => toBatchAnswer(await findOrRefuse(call), call.house.platform.nowMs()),
  }),
  route({
    method: 'get',
    path: '/batches/{id}/messages',
    operationId: 'listBatchMessages',
    tag: 'Batches',
    summary: 'List the messages of a batch, in the order in which they came in',
    scopes: ['send', 'report'],
    params: batchParams,
    query: messageQuery,
    status: 200,
    answer: messagePage,
    problems: ['not_found'],
    handle: async (call) => {
      const { id } = await findOrRefuse(call)
      const { cursor, limit, status } = call.query
      const page = { limit: withOneMore(limit), after: cursor, status }
      const { items, next_cursor } = pageOf(await call.house.batches.messages(id, page), limit)
      return { messages: items.map(toMessageAnswer), next_cursor }
    },
  }),
  route({
    method: 'post',
    path: '/batches/{id}/cancel',
    operationId: 'cancelBatch',
    tag: 'Batches',
    summary: 'Hold back what has not left',
    description:
      'The money of what still waits goes back within moments; what was handed to a provider can no longer be held back.',
    scopes: ['send'],
    params: batchParams,
    body: emptyBody,
    bodyOptional: true,
    status: 200,
    answer: batchAnswer,
    problems: ['not_found', 'conflict'],
    handle: async (call) => {
      const { house, key, params } = call
      await findOrRefuse(call)
      const nowMs = house.platform.nowMs()
      const named = { accountId: key.accountId, id: params.id }
      if (!(await house.batches.cancel(named, nowMs))) {
        throw new Problem('conflict', { detail: 'It is over already.' })
      }
      house.wakeDue()
      return toBatchAnswer(await findOrRefuse(call), nowMs)
    },
  }),
]

const toCommand = (
  { body, once }: Pick<Call<unknown, unknown, z.output<typeof createBatchBody>>, 'body' | 'once'>,
  service: Service,
) => ({
  service,
  once,
  kind: body.kind,
  template: body.template,
  locale: body.locale,
  reference: body.reference,
  sendAtMs: body.send_at === undefined ? undefined : Date.parse(body.send_at),
  expiresAtMs: body.expires_at === undefined ? undefined : Date.parse(body.expires_at),
  messages: body.messages.map(({ to, variables, reference }) => ({ to, variables, reference })),
})

async function findOrRefuse({ house, key, params }: Named): Promise<FoundBatch> {
  const found = await house.batches.find({ accountId: key.accountId, id: params.id })
  if (found === undefined) throw new Problem('not_found')
  return found
}
