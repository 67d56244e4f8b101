import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The bucket of each provider with a rate, where processes share it; see `channels/token-bucket.ts`. */
export const providerPaces = sqliteTable('provider_paces', {
  providerId: text('provider_id').primaryKey(),
  fullAtMs: real('full_at_ms').notNull(),
  /** How many tokens the last draw got: what it reads as its answer. */
  drawn: integer('drawn').notNull(),
})
