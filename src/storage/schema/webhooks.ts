import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type {
  AccountId,
  BatchId,
  EventId,
  SendId,
  VerificationId,
  WebhookId,
} from '../../domain/ids.ts'
import type { EventPattern, EventType } from '../../webhooks/event-types.ts'
import type { DeliveryStatus } from '../../webhooks/stores.ts'
import type { DisabledReason } from '../../webhooks/webhook.ts'

/** The URL is sealed as well, because many receivers keep a token in it. */
export const webhooks = sqliteTable(
  'webhooks',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    id: text('id').$type<WebhookId>().notNull(),
    urlSealed: text('url_sealed').notNull(),
    description: text('description'),
    types: text('types', { mode: 'json' }).$type<readonly EventPattern[]>().notNull(),
    disabledReason: text('disabled_reason').$type<DisabledReason>(),
    disabledAtMs: integer('disabled_at_ms'),
    failingSinceMs: integer('failing_since_ms'),
    failures: integer('failures').notNull(),
    secretSealed: text('secret_sealed').notNull(),
    oldSecretSealed: text('old_secret_sealed'),
    oldSecretUntilMs: integer('old_secret_until_ms'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('webhooks_by_id').on(table.id),
  ],
)

/** Most rows are made by triggers, see `webhook-triggers.sql`. `data` is JSON and names nobody. */
export const webhookEvents = sqliteTable(
  'webhook_events',
  {
    id: text('id').$type<EventId>().primaryKey(),
    accountId: text('account_id').$type<AccountId>().notNull(),
    type: text('type').$type<EventType>().notNull(),
    /** What happened: it is told once. */
    once: text('once').notNull(),
    atMs: integer('at_ms').notNull(),
    verificationId: text('verification_id').$type<VerificationId>(),
    sendId: text('send_id').$type<SendId>(),
    batchId: text('batch_id').$type<BatchId>(),
    data: text('data').notNull(),
  },
  (table) => [uniqueIndex('webhook_events_once').on(table.accountId, table.once)],
)

/** `due_at_ms` is when somebody may lease the row: null once it is over. Event ids sort by time, so a purge needs no index. */
export const webhookDeliveries = sqliteTable(
  'webhook_deliveries',
  {
    eventId: text('event_id').$type<EventId>().notNull(),
    webhookId: text('webhook_id').$type<WebhookId>().notNull(),
    status: text('status').$type<DeliveryStatus>().notNull(),
    tries: integer('tries').notNull(),
    dueAtMs: integer('due_at_ms'),
    giveUpAtMs: integer('give_up_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.webhookId] }),
    index('webhook_deliveries_by_webhook').on(table.webhookId, table.eventId),
    index('webhook_deliveries_due')
      .on(table.webhookId, table.dueAtMs)
      .where(sql`due_at_ms is not null`),
  ],
)

export const webhookAttempts = sqliteTable(
  'webhook_attempts',
  {
    eventId: text('event_id').$type<EventId>().notNull(),
    webhookId: text('webhook_id').$type<WebhookId>().notNull(),
    id: text('id').notNull(),
    atMs: integer('at_ms').notNull(),
    tookMs: integer('took_ms').notNull(),
    status: integer('status'),
    /** Sealed, because a receiver may repeat what it was sent. */
    answerSealed: text('answer_sealed'),
    error: text('error'),
  },
  (table) => [primaryKey({ columns: [table.eventId, table.webhookId, table.id] })],
)

/** Open verifications whose end nobody writes down: the clock ends them. */
export const webhookWatches = sqliteTable(
  'webhook_watches',
  {
    expiresAtMs: integer('expires_at_ms').notNull(),
    verificationId: text('verification_id').$type<VerificationId>().notNull(),
    accountId: text('account_id').$type<AccountId>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.expiresAtMs, table.verificationId] })],
)
