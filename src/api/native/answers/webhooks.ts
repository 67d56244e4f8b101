import type * as z from 'zod'
import type { Attempt, Delivery } from '../../../webhooks/stores.ts'
import type { Webhook } from '../../../webhooks/webhook.ts'
import { instantOf } from '../schemas/texts.ts'
import type { deliveryAnswer, webhookAnswer } from '../schemas/webhooks.ts'

export function toWebhookAnswer(webhook: Webhook, nowMs: number): z.input<typeof webhookAnswer> {
  const { description, disabled, failingSinceMs, oldSecret } = webhook
  const overlaps = oldSecret !== undefined && nowMs < oldSecret.untilMs
  return {
    id: webhook.id,
    url: webhook.url,
    types: [...webhook.types],
    ...(description === undefined ? {} : { description }),
    enabled: disabled === undefined,
    ...(disabled === undefined
      ? {}
      : { disabled: { reason: disabled.reason, at: instantOf(disabled.atMs) } }),
    ...(failingSinceMs === undefined ? {} : { failing_since: instantOf(failingSinceMs) }),
    ...(overlaps ? { old_secret_until: instantOf(oldSecret.untilMs) } : {}),
    created_at: instantOf(webhook.createdAtMs),
    updated_at: instantOf(webhook.updatedAtMs),
  }
}

export function toDeliveryAnswer(delivery: Delivery): z.input<typeof deliveryAnswer> {
  const { event, status, dueAtMs, attempts } = delivery
  return {
    event: event.id,
    type: event.type,
    status,
    created_at: instantOf(event.atMs),
    ...(dueAtMs === undefined ? {} : { next_try_at: instantOf(dueAtMs) }),
    attempts: attempts.map(toAttemptAnswer),
  }
}

const toAttemptAnswer = ({ atMs, tookMs, status, answer, error }: Attempt) => ({
  at: instantOf(atMs),
  ms: tookMs,
  ...(status === undefined ? {} : { status }),
  ...(answer === undefined ? {} : { answer }),
  ...(error === undefined ? {} : { error }),
})
