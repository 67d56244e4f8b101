import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AccountId, ListEntryId, ReportId, VerificationId } from '../../domain/ids.ts'
import type { ListKind, ListName } from '../../risk/lists.ts'
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
