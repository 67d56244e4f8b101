import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * Months that are over, as they were added up. Triggers delete one when a posting or a message in it changes after all. `statement` is JSON, and null
 * while it is being added up: what changes meanwhile deletes the row, so that nothing outdated is written into it.
 */
export const keptStatements = sqliteTable(
  'kept_statements',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    accountId: text('account_id').notNull(),
    /** Such as `2026-07`. */
    month: text('month').notNull(),
    /** Which release's shape it has, see `STATEMENT_SHAPE`. */
    shape: integer('shape').notNull(),
    statement: text('statement'),
    begunAtMs: integer('begun_at_ms').notNull(),
  },
  (table) => [uniqueIndex('kept_statements_by_month').on(table.accountId, table.month)],
)
