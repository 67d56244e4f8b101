import { sql } from 'drizzle-orm'
import {
  check,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'

/**
 * The outbox. `due_at_ms` is when somebody may lease the row: null once it left our hands. `provider_id` of a row that is being sent is who may have
 * got it, written before they are asked.
 */
export const sends = sqliteTable(
  'sends',
  {
    id: text('id').primaryKey(),
    /** What it is about: one of the two. */
    verificationId: text('verification_id'),
    batchId: text('batch_id'),
    accountId: text('account_id').notNull(),
    serviceId: text('service_id').notNull(),
    phoneHash: text('phone_hash').notNull(),
    channel: text('channel').notNull(),
    generation: integer('generation').notNull(),
    status: text('status').notNull(),
    priceMicros: integer('price_micros').notNull(),
    currency: text('currency').notNull(),
    /** What it was rated by, see `domain/rate.ts`; frozen with it. `tiers` is `[[from_segments, micros], …]` or null. */
    market: text('market').notNull(),
    kind: text('kind').notNull(),
    country: text('country').notNull(),
    ratedSegments: integer('rated_segments').notNull(),
    unitMicros: integer('unit_micros').notNull(),
    billOn: text('bill_on').notNull(),
    tiers: text('tiers'),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    dueAtMs: integer('due_at_ms'),
    /** Leases so far. */
    tries: integer('tries').notNull(),
    /** Walks along the route that came to nothing. */
    rounds: integer('rounds').notNull().default(0),
    providerId: text('provider_id'),
    providerMessageId: text('provider_message_id'),
    askedAtMs: integer('asked_at_ms'),
    /** When to ask the provider what became of it: null where nobody needs to. */
    queryAtMs: integer('query_at_ms'),
    segments: integer('segments'),
    /** As the provider reported it, in its currency. */
    costMicros: integer('cost_micros'),
    costCurrency: text('cost_currency'),
    /** By costs/, else by the routes file (and then without a currency), for what providers do not report. */
    expectedCostMicros: integer('expected_cost_micros'),
    expectedCostCurrency: text('expected_cost_currency'),
    /** Of the last answer or receipt: our word for it, the vendor's code, the vendor's words. */
    errorKind: text('error_kind'),
    errorCode: text('error_code'),
    errorText: text('error_text'),
    settledAtMs: integer('settled_at_ms'),
    /** When a provider's answer or receipt changed the status. */
    changedAtMs: integer('changed_at_ms'),
    /** `[[provider, kind, code, at_ms], …]`: who was asked and did not take it. */
    tried: text('tried'),
    /** Why it ended without having been sent, for no fault of its number: a dead letter. */
    unsent: text('unsent'),
    /** When to see to another channel for it; null where nobody needs to. */
    fallsAtMs: integer('falls_at_ms'),
    /** The channel that took over from it. */
    takenBy: text('taken_by'),
    /** `[[budget_id, window_start_ms], …]` that count it; null for none, and once it was released. */
    budgets: text('budgets'),
    /** When nothing more was waited for; of batches only. */
    endedAtMs: integer('ended_at_ms'),
  },
  (table) => [
    uniqueIndex('sends_by_generation').on(table.verificationId, table.generation),
    index('sends_by_phone').on(table.phoneHash, table.kind, table.createdAtMs),
    index('sends_by_batch').on(table.batchId, table.country).where(sql`batch_id is not null`),
    index('sends_not_ended')
      .on(table.batchId)
      .where(sql`batch_id is not null and ended_at_ms is null`),
    index('sends_unheard_of_batches')
      .on(table.createdAtMs)
      .where(sql`batch_id is not null and ended_at_ms is null and status = 'sent'`),
    check(
      'send_has_one_subject',
      sql`(${table.verificationId} is null) <> (${table.batchId} is null)`,
    ),
    index('sends_free').on(table.accountId, table.createdAtMs).where(sql`price_micros = 0`),
    index('sends_due').on(table.kind, table.dueAtMs).where(sql`due_at_ms is not null`),
    index('sends_unsent').on(table.accountId, table.id).where(sql`unsent is not null`),
    index('sends_fallen').on(table.fallsAtMs).where(sql`falls_at_ms is not null`),
    index('sends_to_query').on(table.queryAtMs).where(sql`query_at_ms is not null`),
    index('sends_unheard')
      .on(table.createdAtMs)
      .where(sql`bill_on = 'delivered' and status = 'sent' and settled_at_ms is null`),
    uniqueIndex('sends_by_provider')
      .on(table.providerId, table.providerMessageId)
      .where(sql`provider_message_id is not null`),
  ],
)

/** The parts of long texts at providers that give a receipt for each; the whole goes by the id of its first one. */
export const messageParts = sqliteTable(
  'message_parts',
  {
    providerId: text('provider_id').notNull(),
    partId: text('part_id').notNull(),
    wholeId: text('whole_id').notNull(),
    hasArrived: integer('has_arrived').notNull(),
    keptAtMs: integer('kept_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.providerId, table.partId] }),
    index('message_parts_of_whole').on(table.providerId, table.wholeId),
    index('message_parts_by_age').on(table.keptAtMs),
  ],
)

/** Receipts that came before their send's own answer: of several the furthest. */
export const earlyReceipts = sqliteTable(
  'early_receipts',
  {
    providerId: text('provider_id').notNull(),
    /** The vendor's id where it named one, else our reference. */
    name: text('name').notNull(),
    reference: text('reference'),
    /** `queued` to `delivered` as a number, so that the furthest can be told. */
    stage: integer('stage').notNull(),
    delivery: text('delivery').notNull(),
    receivedAtMs: integer('received_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.providerId, table.name] }),
    index('early_receipts_by_age').on(table.receivedAtMs),
  ],
)
