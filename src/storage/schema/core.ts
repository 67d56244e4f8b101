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
 * One row per request, whatever became of it. What is personal is sealed or hashed; what the hourly report needs is
 * copied into columns, so that its triggers stay plain.
 */
export const verifications = sqliteTable(
  'verifications',
  {
    accountId: text('account_id').notNull(),
    id: text('id').notNull(),
    serviceId: text('service_id').notNull(),
    state: text('state').notNull(),
    /** The decision's outcome; a challenge that was passed is `challenge` with state `open`. */
    outcome: text('outcome').notNull(),
    /** First reason code of the decision, or empty. */
    reason: text('reason').notNull(),
    channel: text('channel').notNull(),
    purpose: text('purpose'),
    locale: text('locale'),
    /** Phone, amount, payee and metadata. */
    privateSealed: text('private_sealed').notNull(),
    phoneHash: text('phone_hash').notNull(),
    ipHash: text('ip_hash'),
    ipSealed: text('ip_sealed'),
    codeLength: integer('code_length').notNull(),
    /** The master key that its codes are derived from. */
    keyId: text('key_id').notNull(),
    attempts: integer('attempts').notNull(),
    attemptsMax: integer('attempts_max').notNull(),
    sends: integer('sends').notNull(),
    sendsMax: integer('sends_max').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
    hourStartMs: integer('hour_start_ms').notNull(),
    expiresAtMs: integer('expires_at_ms').notNull(),
    closedAtMs: integer('closed_at_ms'),
    /** 1 once its outcome was handed out to be counted, and for what was never sent. */
    matured: integer('matured').notNull(),
    decision: text('decision').notNull(),
    subjects: text('subjects').notNull(),
    priceMicros: integer('price_micros').notNull(),
    currency: text('currency').notNull(),
    country: text('country').notNull(),
    range: text('range').notNull(),
    asn: integer('asn'),
    /** `[["rule", id, action], …]` of those without a say, see `risk/shadow.ts`; null where nobody voted. */
    shadow: text('shadow'),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.id] }),
    uniqueIndex('verifications_by_id').on(table.id),
    index('verifications_by_phone').on(table.phoneHash, table.accountId, table.id),
    index('verifications_unmatured').on(table.createdAtMs).where(sql`matured = 0`),
  ],
)

/**
 * Nothing is ever stored here. A batch inserts into it only when a limit is broken; the CHECK then fails under the
 * limit's name and takes the whole batch with it. The longest window is named first.
 */
export const sendGuards = sqliteTable(
  'send_guards',
  {
    dayAllLeft: integer('day_all_left').notNull(),
    dayLeft: integer('day_left').notNull(),
    hourLeft: integer('hour_left').notNull(),
    minuteLeft: integer('minute_left').notNull(),
    resendable: integer('resendable').notNull(),
  },
  (table) => [
    check('phone_day_cap_all_accounts', sql`${table.dayAllLeft} >= 0`),
    check('phone_day_cap', sql`${table.dayLeft} >= 0`),
    check('phone_hour_cap', sql`${table.hourLeft} >= 0`),
    check('phone_minute_cap', sql`${table.minuteLeft} >= 0`),
    check('not_resendable', sql`${table.resendable} = 1`),
  ],
)

/** What a service reserved per calendar hour and day (UTC). Released money does not come back into a budget. */
export const serviceSpend = sqliteTable(
  'service_spend',
  {
    serviceId: text('service_id').notNull(),
    /** `hour` or `day`. */
    period: text('period').notNull(),
    windowStartMs: integer('window_start_ms').notNull(),
    spentMicros: integer('spent_micros').notNull(),
    limitMicros: integer('limit_micros').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.serviceId, table.period, table.windowStartMs] }),
    check(
      'service_day_budget',
      sql`${table.period} <> 'day' or ${table.spentMicros} <= ${table.limitMicros}`,
    ),
    check(
      'service_hour_budget',
      sql`${table.period} <> 'hour' or ${table.spentMicros} <= ${table.limitMicros}`,
    ),
  ],
)

export const spentChallenges = sqliteTable(
  'spent_challenges',
  {
    nonce: text('nonce').primaryKey(),
    expiresAtMs: integer('expires_at_ms').notNull(),
  },
  (table) => [index('spent_challenges_by_expiry').on(table.expiresAtMs)],
)

/** Requests of one hour and all that became of them later: each is counted in the hour in which it was asked. */
export const trafficHours = sqliteTable(
  'traffic_hours',
  {
    accountId: text('account_id').notNull(),
    hourStartMs: integer('hour_start_ms').notNull(),
    serviceId: text('service_id').notNull(),
    country: text('country').notNull(),
    range: text('range').notNull(),
    /** 0 where nobody could tell, since a key holds no null. */
    asn: integer('asn').notNull(),
    reason: text('reason').notNull(),
    requests: integer('requests').notNull().default(0),
    allowed: integer('allowed').notNull().default(0),
    challenged: integer('challenged').notNull().default(0),
    blocked: integer('blocked').notNull().default(0),
    sends: integer('sends').notNull().default(0),
    verified: integer('verified').notNull().default(0),
    spentMicros: integer('spent_micros').notNull().default(0),
    savedMicros: integer('saved_micros').notNull().default(0),
  },
  (table) => [
    primaryKey({
      columns: [
        table.accountId,
        table.hourStartMs,
        table.serviceId,
        table.country,
        table.range,
        table.asn,
        table.reason,
      ],
    }),
  ],
)

/** Votes of shadow rules and challengers by the hour of their request, and what became of it later. */
export const shadowHours = sqliteTable(
  'shadow_hours',
  {
    accountId: text('account_id').notNull(),
    hourStartMs: integer('hour_start_ms').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    would: text('would').notNull(),
    hits: integer('hits').notNull().default(0),
    sent: integer('sent').notNull().default(0),
    verified: integer('verified').notNull().default(0),
    reported: integer('reported').notNull().default(0),
    stoppedMicros: integer('stopped_micros').notNull().default(0),
    goodMicros: integer('good_micros').notNull().default(0),
  },
  (table) => [
    primaryKey({
      columns: [table.accountId, table.hourStartMs, table.kind, table.name, table.would],
    }),
  ],
)

export const trafficIps = sqliteTable(
  'traffic_ips',
  {
    accountId: text('account_id').notNull(),
    hourStartMs: integer('hour_start_ms').notNull(),
    ipHash: text('ip_hash').notNull(),
    ipSealed: text('ip_sealed').notNull(),
    requests: integer('requests').notNull().default(0),
    challenged: integer('challenged').notNull().default(0),
    blocked: integer('blocked').notNull().default(0),
    savedMicros: integer('saved_micros').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.hourStartMs, table.ipHash] })],
)

export const sandboxMessages = sqliteTable(
  'sandbox_messages',
  {
    id: text('id').primaryKey(),
    sendId: text('send_id').notNull(),
    phoneHash: text('phone_hash').notNull(),
    /** Phone and body. */
    privateSealed: text('private_sealed').notNull(),
    channel: text('channel').notNull(),
    providerId: text('provider_id').notNull(),
    createdAtMs: integer('created_at_ms').notNull(),
  },
  (table) => [index('sandbox_messages_by_phone').on(table.phoneHash, table.id)],
)
