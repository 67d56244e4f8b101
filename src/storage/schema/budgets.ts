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

/** Hour, day and month of account, service and country; see `budgetStop`. */
const STOPS = ['account', 'service', 'country'].flatMap((scope) =>
  ['hour', 'day', 'month'].map((period) => `${scope}_${period}_budget`),
)

/** `service_id` and `country` are empty for all of them, since a key holds no null. */
export const budgets = sqliteTable(
  'budgets',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    serviceId: text('service_id').notNull(),
    country: text('country').notNull(),
    period: text('period').notNull(),
    kind: text('kind').notNull(),
    unit: text('unit').notNull(),
    limitAmount: integer('limit_amount').notNull(),
    /** A JSON list of percents. */
    alerts: text('alerts').notNull(),
    /** What a decision calls it that it refuses. */
    stop: text('stop').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [
    uniqueIndex('budgets_by_scope').on(
      table.accountId,
      table.serviceId,
      table.country,
      table.period,
      table.kind,
      table.unit,
    ),
  ],
)

/** What a budget counted in one of its periods. The CHECK of a hard one takes the batch of a send that is too much with it. */
export const budgetWindows = sqliteTable(
  'budget_windows',
  {
    budgetId: text('budget_id').notNull(),
    windowStartMs: integer('window_start_ms').notNull(),
    endsAtMs: integer('ends_at_ms').notNull(),
    accountId: text('account_id').notNull(),
    stop: text('stop').notNull(),
    used: integer('used').notNull(),
    /** Null for a soft one. */
    cap: integer('cap'),
    /** The highest of its alerts that was reached, in percent; kept by a trigger. */
    told: integer('told').notNull(),
    countedAtMs: integer('counted_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.budgetId, table.windowStartMs] }),
    index('budget_windows_by_end').on(table.endsAtMs),
    ...STOPS.map((stop) =>
      check(
        `over_${stop}`,
        sql`${table.stop} <> ${sql.raw(`'${stop}'`)} or ${table.used} <= ${table.cap}`,
      ),
    ),
  ],
)
