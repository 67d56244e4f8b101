import type {
  AccountId,
  AttemptId,
  BatchId,
  EventId,
  SendId,
  VerificationId,
  WebhookId,
} from '../../domain/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import type { EventPattern, EventType } from '../../webhooks/event-types.ts'
import type { AccountEvent, Attempt } from '../../webhooks/stores.ts'
import type { DisabledReason, Webhook } from '../../webhooks/webhook.ts'
import type { Row } from '../database.ts'

export const urlContext = (id: WebhookId): string => `webhook-url:${id}`
export const secretContext = (id: WebhookId): string => `webhook-secret:${id}`
export const answerContext = (id: AttemptId): string => `webhook-answer:${id}`

export function toWebhook(vault: Vault, row: Row): Webhook {
  const id = row.id as WebhookId
  const { old_secret_sealed: old, disabled_at_ms: disabledAtMs } = row
  return {
    id,
    accountId: row.account_id as AccountId,
    url: vault.open(row.url_sealed as string, urlContext(id)),
    description: optionalText(row.description),
    types: JSON.parse(row.types as string) as readonly EventPattern[],
    disabled:
      typeof disabledAtMs === 'number'
        ? { reason: row.disabled_reason as DisabledReason, atMs: disabledAtMs }
        : undefined,
    failingSinceMs: optionalNumber(row.failing_since_ms),
    secret: vault.open(row.secret_sealed as string, secretContext(id)),
    oldSecret:
      typeof old === 'string'
        ? {
            secret: vault.open(old, secretContext(id)),
            untilMs: row.old_secret_until_ms as number,
          }
        : undefined,
    createdAtMs: row.created_at_ms as number,
    updatedAtMs: row.updated_at_ms as number,
  }
}

export const toEvent = (row: Row): AccountEvent => ({
  id: row.id as EventId,
  accountId: row.account_id as AccountId,
  type: row.type as EventType,
  atMs: row.at_ms as number,
  verificationId: optionalText(row.verification_id) as VerificationId | undefined,
  sendId: optionalText(row.send_id) as SendId | undefined,
  batchId: optionalText(row.batch_id) as BatchId | undefined,
  data: JSON.parse(row.data as string) as AccountEvent['data'],
})

export function toAttempt(vault: Vault, row: Row): Attempt {
  const id = row.id as AttemptId
  const { answer_sealed: answer } = row
  return {
    id,
    atMs: row.at_ms as number,
    tookMs: row.took_ms as number,
    status: optionalNumber(row.status),
    answer: typeof answer === 'string' ? vault.open(answer, answerContext(id)) : undefined,
    error: optionalText(row.error),
  }
}

export const optionalNumber = (value: Row[string] | undefined): number | undefined =>
  typeof value === 'number' ? value : undefined

const optionalText = (value: Row[string] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined
