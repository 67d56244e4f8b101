import type * as z from 'zod'
import { Problem } from '../../../domain/problems.ts'
import { addWebhook, changeWebhook, raiseTest, rotateSecret } from '../../../flows/webhook-desk.ts'
import type { Webhook, WebhookSettings } from '../../../webhooks/webhook.ts'
import { toWebhookAnswer } from '../answers/webhooks.ts'
import { type Call, type Route, route } from '../route.ts'
import { emptyBody } from '../schemas/verifications.ts'
import {
  createWebhookBody,
  rotateSecretBody,
  testEventAnswer,
  updateWebhookBody,
  webhookAnswer,
  webhookParams,
  webhookSecretAnswer,
  webhooksAnswer,
} from '../schemas/webhooks.ts'

export type WebhookCall = Pick<
  Call<{ readonly id: Webhook['id'] }, unknown, unknown>,
  'services' | 'key' | 'params'
>

/** Where the account is told of what happens. */
export const webhookRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/webhooks',
    operationId: 'createWebhook',
    tag: 'Webhooks',
    summary: 'Make a webhook; its secret is shown this once',
    scopes: ['admin'],
    body: createWebhookBody,
    idempotent: true,
    status: 201,
    answer: webhookSecretAnswer,
    problems: ['conflict'],
    handle: async ({ services, house, key, body }) => {
      const settings = { ...body, description: body.description }
      const webhook = await addWebhook(services.webhooks, key.accountId, settings)
      return { ...toWebhookAnswer(webhook, house.platform.nowMs()), secret: webhook.secret }
    },
  }),
  route({
    method: 'get',
    path: '/webhooks',
    operationId: 'listWebhooks',
    tag: 'Webhooks',
    summary: 'List the webhooks of the account',
    scopes: ['admin'],
    status: 200,
    answer: webhooksAnswer,
    problems: [],
    handle: async ({ services, house, key }) => {
      const nowMs = house.platform.nowMs()
      const found = await services.webhooks.webhooks.list(key.accountId)
      return { webhooks: found.map((webhook) => toWebhookAnswer(webhook, nowMs)) }
    },
  }),
  route({
    method: 'get',
    path: '/webhooks/{id}',
    operationId: 'readWebhook',
    tag: 'Webhooks',
    summary: 'Read a webhook',
    scopes: ['admin'],
    params: webhookParams,
    status: 200,
    answer: webhookAnswer,
    problems: ['not_found'],
    handle: async (call) => toWebhookAnswer(await findWebhook(call), call.house.platform.nowMs()),
  }),
  route({
    method: 'patch',
    path: '/webhooks/{id}',
    operationId: 'updateWebhook',
    tag: 'Webhooks',
    summary: 'Change, disable or enable a webhook',
    description:
      'While a webhook is disabled its events are kept as skipped; replay them when it is enabled again.',
    scopes: ['admin'],
    params: webhookParams,
    body: updateWebhookBody,
    status: 200,
    answer: webhookAnswer,
    problems: ['not_found'],
    handle: async ({ services, house, key, params, body }) => {
      const named = { accountId: key.accountId, id: params.id }
      const changed = found(await changeWebhook(services.webhooks, named, toChange(body)))
      return toWebhookAnswer(changed, house.platform.nowMs())
    },
  }),
  route({
    method: 'delete',
    path: '/webhooks/{id}',
    operationId: 'deleteWebhook',
    tag: 'Webhooks',
    summary: 'Delete a webhook; what was not delivered is not delivered any more',
    scopes: ['admin'],
    params: webhookParams,
    status: 204,
    problems: ['not_found'],
    handle: async ({ services, key, params }) => {
      const named = { accountId: key.accountId, id: params.id }
      if (!(await services.webhooks.webhooks.remove(named))) throw new Problem('not_found')
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/{id}/rotate-secret',
    operationId: 'rotateWebhookSecret',
    tag: 'Webhooks',
    summary: 'Make a new secret, shown this once',
    description:
      'During the overlap everything is signed with both secrets. Rotating again during it ends the older one.',
    scopes: ['admin'],
    params: webhookParams,
    body: rotateSecretBody,
    bodyOptional: true,
    idempotent: true,
    status: 200,
    answer: webhookSecretAnswer,
    problems: ['not_found'],
    handle: async ({ services, house, key, params, body }) => {
      const named = { accountId: key.accountId, id: params.id }
      const webhook = found(await rotateSecret(services.webhooks, named, body.overlap_seconds))
      return { ...toWebhookAnswer(webhook, house.platform.nowMs()), secret: webhook.secret }
    },
  }),
  route({
    method: 'post',
    path: '/webhooks/{id}/test',
    operationId: 'testWebhook',
    tag: 'Webhooks',
    summary: 'Send a webhook.test event to this webhook',
    description: 'Its deliveries tell what came of it.',
    scopes: ['admin'],
    params: webhookParams,
    body: emptyBody,
    bodyOptional: true,
    status: 201,
    answer: testEventAnswer,
    problems: ['not_found', 'conflict'],
    handle: async (call) => {
      const webhook = await findEnabled(call)
      return { event: (await raiseTest(call.services.webhooks, webhook)).id }
    },
  }),
]

/** Throws `not_found`. */
export async function findWebhook({ services, key, params }: WebhookCall): Promise<Webhook> {
  return found(await services.webhooks.webhooks.find({ accountId: key.accountId, id: params.id }))
}

/** Throws `not_found`, and `conflict` for one that is disabled: nothing can be sent to it. */
export async function findEnabled(call: WebhookCall): Promise<Webhook> {
  const webhook = await findWebhook(call)
  if (webhook.disabled === undefined) return webhook
  throw new Problem('conflict', { detail: 'The webhook is disabled.' })
}

function found(webhook: Webhook | undefined): Webhook {
  if (webhook === undefined) throw new Problem('not_found')
  return webhook
}

function toChange(body: z.output<typeof updateWebhookBody>): Partial<WebhookSettings> {
  const { url, types, description, enabled } = body
  return {
    ...(url === undefined ? {} : { url }),
    ...(types === undefined ? {} : { types }),
    ...(description === undefined ? {} : { description: description ?? undefined }),
    ...(enabled === undefined ? {} : { enabled }),
  }
}
