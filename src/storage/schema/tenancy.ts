import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { AccountId, KeyId, ServiceId } from '../../domain/ids.ts'
import type { Currency } from '../../domain/money.ts'
import type { ServiceSettingsWire } from '../../tenancy/service-settings.ts'
import type { Scope } from '../../tenancy/tenancy.ts'

export const accounts = sqliteTable('accounts', {
  id: text('id').$type<AccountId>().primaryKey(),
  name: text('name').notNull(),
  currency: text('currency').$type<Currency>().notNull(),
  defaultServiceId: text('default_service_id').$type<ServiceId>().notNull(),
  createdAtMs: integer('created_at_ms').notNull(),
})

/** The secret itself is nowhere: `secret_hash` is `masterKeyId.hex(HMAC)`. */
export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').$type<KeyId>().primaryKey(),
    accountId: text('account_id').$type<AccountId>().notNull(),
    name: text('name').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<readonly Scope[]>().notNull(),
    allowedIps: text('allowed_ips', { mode: 'json' }).$type<readonly string[]>(),
    secretHash: text('secret_hash').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    revokedAtMs: integer('revoked_at_ms'),
  },
  (table) => [index('api_keys_by_account').on(table.accountId, table.id)],
)

/** `settings` are the API's own words as JSON, so that a new setting with a default needs no migration. */
export const services = sqliteTable(
  'services',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    id: text('id').$type<ServiceId>().notNull(),
    settings: text('settings', { mode: 'json' }).$type<ServiceSettingsWire>().notNull(),
    /** Taken out of `settings`, since they name phones; null where there are none. */
    testNumbersSealed: text('test_numbers_sealed'),
    createdAtMs: integer('created_at_ms').notNull(),
    updatedAtMs: integer('updated_at_ms').notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.id] })],
)

/** `key` and `request_hash` are keyed digests; `body` is sealed. Status, type and body are null while the first request runs. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    state: text('state', { enum: ['claimed', 'answered'] }).notNull(),
    status: integer('status'),
    body: text('body'),
    contentType: text('content_type'),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.key] }),
    index('idempotency_keys_by_age').on(table.createdAtMs),
  ],
)
