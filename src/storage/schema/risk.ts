import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type {
  AccountId,
  ListEntryId,
  RangeBlockId,
  ReportId,
  VerificationId,
} from '../../domain/ids.ts'
import type { ListKind, ListName } from '../../risk/lists.ts'
import type { BlockState } from '../../risk/ranges/blocks.ts'
import type { RangeKind } from '../../risk/ranges/watch.ts'
import type { FraudLabel } from '../../risk/reports.ts'

/**
 * `value` is null and `value_sealed` set where the value names a person. `digest` finds both sorts again; for a number or an
 * address it is the hash that every other table has of it, so that it can be erased everywhere at once.
 */
export const listEntries = sqliteTable(
  'list_entries',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    id: text('id').$type<ListEntryId>().notNull(),
    list: text('list').$type<ListName>().notNull(),
    kind: text('kind').$type<ListKind>().notNull(),
    value: text('value'),
    valueSealed: text('value_sealed'),
    digest: text('digest').notNull(),
    noteSealed: text('note_sealed'),
    author: text('author').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    expiresAtMs: integer('expires_at_ms'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.list, table.id] }),
    uniqueIndex('list_entries_by_value').on(table.accountId, table.list, table.kind, table.digest),
    index('list_entries_by_digest').on(table.digest),
  ],
)

export const listVersions = sqliteTable('list_versions', {
  accountId: text('account_id').$type<AccountId>().primaryKey(),
  version: integer('version').notNull(),
})

export const fraudReports = sqliteTable(
  'fraud_reports',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    id: text('id').$type<ReportId>().notNull(),
    label: text('label').$type<FraudLabel>().notNull(),
    verificationId: text('verification_id').$type<VerificationId>(),
    phoneHash: text('phone_hash'),
    phoneSealed: text('phone_sealed'),
    range: text('range'),
    ipHash: text('ip_hash'),
    ipSealed: text('ip_sealed'),
    noteSealed: text('note_sealed'),
    author: text('author').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    index('fraud_reports_by_phone').on(table.phoneHash),
    index('fraud_reports_by_verification').on(table.accountId, table.verificationId),
  ],
)

/** Ranges that were closed; see `risk/ranges/blocks.ts`. `evidence` is JSON. An open one is kept a week for its repeats. */
export const rangeBlocks = sqliteTable(
  'range_blocks',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    id: text('id').$type<RangeBlockId>().notNull(),
    kind: text('kind').$type<RangeKind>().notNull(),
    range: text('range').notNull(),
    state: text('state').$type<BlockState>().notNull(),
    sinceMs: integer('since_ms').notNull(),
    untilMs: integer('until_ms').notNull(),
    repeats: integer('repeats').notNull(),
    probedAtMs: integer('probed_at_ms').notNull(),
    good: integer('good').notNull(),
    bad: integer('bad').notNull(),
    evidence: text('evidence').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('range_blocks_by_range').on(table.accountId, table.kind, table.range),
  ],
)

/** Numbers that verified, by the keyed hash that the counters use. */
export const customers = sqliteTable('customers', {
  subject: text('subject').primaryKey(),
  sinceMs: integer('since_ms').notNull(),
  lastMs: integer('last_ms').notNull(),
  codes: integer('codes').notNull(),
})
