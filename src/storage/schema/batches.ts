import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** What is set aside and paid for its messages is kept by a trigger on `ledger_entries`. */
export const batches = sqliteTable(
  'batches',
  {
    accountId: text('account_id').notNull(),
    id: text('id').notNull(),
    serviceId: text('service_id').notNull(),
    kind: text('kind').notNull(),
    template: text('template').notNull(),
    locale: text('locale').notNull(),
    reference: text('reference'),
    /** Nobody's any more once its day is over. */
    once: text('once'),
    currency: text('currency').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    sendAtMs: integer('send_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    canceledAtMs: integer('canceled_at_ms'),
    finishedAtMs: integer('finished_at_ms'),
    heldMicros: integer('held_micros').notNull().default(0),
    heldSegments: integer('held_segments').notNull().default(0),
    settledMicros: integer('settled_micros').notNull().default(0),
    settledSegments: integer('settled_segments').notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('batches_by_id').on(table.id),
    uniqueIndex('batches_by_reference')
      .on(table.accountId, table.reference)
      .where(sql`reference is not null`),
    uniqueIndex('batches_by_once').on(table.accountId, table.once).where(sql`once is not null`),
  ],
)

/** Every message of a batch, the refused too; those that were taken are in the outbox under the same id. */
export const batchMessages = sqliteTable(
  'batch_messages',
  {
    batchId: text('batch_id').notNull(),
    id: text('id').notNull(),
    phoneHash: text('phone_hash').notNull(),
    /** Number, text, variables and the caller's reference. */
    privateSealed: text('private_sealed').notNull(),
    country: text('country').notNull(),
    segments: integer('segments').notNull(),
    /** `refused` or `test` where it never went into the outbox; null where it did. */
    withheld: text('withheld'),
    refusal: text('refusal'),
  },
  (table) => [
    primaryKey({ columns: [table.batchId, table.id] }),
    index('batch_messages_by_phone').on(table.phoneHash),
  ],
)
