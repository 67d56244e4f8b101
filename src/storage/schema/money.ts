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

/** Append-only: triggers refuse every change. */
export const ledgerEntries = sqliteTable(
  'ledger_entries',
  {
    accountId: text('account_id').notNull(),
    id: text('id').notNull(),
    postingId: text('posting_id').notNull(),
    postingKey: text('posting_key').notNull(),
    /** Where the value stands, such as `prepaid:AC…`. */
    account: text('account').notNull(),
    amountMicros: integer('amount_micros').notNull(),
    /** A currency, or SEG for segments of packages. */
    currency: text('currency').notNull(),
    atMs: integer('at_ms').notNull(),
    verificationId: text('verification_id'),
    sendId: text('send_id'),
    note: text('note'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('ledger_entries_once').on(table.postingKey, table.account),
  ],
)

/** Kept by a trigger on `ledger_entries`, so it cannot drift. */
export const ledgerBalances = sqliteTable(
  'ledger_balances',
  {
    account: text('account').notNull(),
    currency: text('currency').notNull(),
    balanceMicros: integer('balance_micros').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.currency] }),
    check(
      'prepaid_covers',
      sql`${table.balanceMicros} >= 0 or substr(${table.account}, 1, 8) <> 'prepaid:'`,
    ),
    check(
      'package_covers',
      sql`${table.balanceMicros} >= 0 or substr(${table.account}, 1, 8) <> 'package:'`,
    ),
  ],
)

/** By how much a month changed what an account had free and held; kept by a trigger, so that a balance of any month is a short sum. */
export const ledgerMonths = sqliteTable(
  'ledger_months',
  {
    account: text('account').notNull(),
    currency: text('currency').notNull(),
    /** Such as `2026-07`, of the posting. */
    month: text('month').notNull(),
    netMicros: integer('net_micros').notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.currency, table.month] })],
)

/** Prepaid segments; how many are left is the balance of `package:PK…`. */
export const packages = sqliteTable(
  'packages',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    market: text('market').notNull(),
    /** Null: for every kind. */
    kind: text('kind'),
    /** A JSON list, or null: for every country of the market. */
    countries: text('countries'),
    segments: integer('segments').notNull(),
    validFromMs: integer('valid_from_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    grantedAtMs: integer('granted_at_ms').notNull(),
    reference: text('reference').notNull(),
    priceMicros: integer('price_micros').notNull(),
    currency: text('currency').notNull(),
    /** When what was left of it lapsed; null until then. */
    lapsedAtMs: integer('lapsed_at_ms'),
  },
  (table) => [
    uniqueIndex('packages_by_reference').on(table.accountId, table.reference),
    index('packages_by_use').on(table.accountId, table.expiresAtMs),
    index('packages_to_lapse').on(table.expiresAtMs).where(sql`lapsed_at_ms is null`),
  ],
)

/** Kept by a trigger on `ledger_entries`: what was settled for sends whose price has tiers, by the month in which they were made. */
export const ratedMonths = sqliteTable(
  'rated_months',
  {
    accountId: text('account_id').notNull(),
    currency: text('currency').notNull(),
    /** Such as `2026-07`. */
    month: text('month').notNull(),
    /** `channel:country:kind`. */
    meter: text('meter').notNull(),
    tiers: text('tiers').notNull(),
    segments: integer('segments').notNull(),
    settledMicros: integer('settled_micros').notNull(),
    /** `segments` when the month was last re-rated. */
    reratedSegments: integer('rerated_segments').notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.accountId, table.currency, table.month, table.meter, table.tiers],
    }),
    index('rated_months_stale')
      .on(table.accountId, table.currency, table.month, table.meter)
      .where(sql`segments <> rerated_segments`),
  ],
)
