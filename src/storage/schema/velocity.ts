import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/**
 * What each subject did in each minute, hour and day (`grain` 0, 1, 2); `start_minute` is the bucket's first minute since 1970.
 * Every window is a sum of rows. Rows only ever add; `unverified` may be negative in one of them after a correction.
 */
export const velocityBuckets = sqliteTable(
  'velocity_buckets',
  {
    subject: text('subject').notNull(),
    grain: integer('grain').notNull(),
    startMinute: integer('start_minute').notNull(),
    asks: integer('asks').notNull(),
    sends: integer('sends').notNull(),
    verified: integer('verified').notNull(),
    unverified: integer('unverified').notNull(),
    challenges: integer('challenges').notNull(),
    reports: integer('reports').notNull(),
    mistyped: integer('mistyped').notNull(),
    spendMicros: integer('spend_micros').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subject, table.grain, table.startMinute] }),
    index('velocity_buckets_by_age').on(table.grain, table.startMinute),
  ],
)

/**
 * One row for each subject: its last two asks and, as JSON objects from hash to hour and level, whom it was seen with in a day.
 * `seen_day` changes once a day, so that the index for the purge costs one write a day and not one for each request.
 */
export const velocitySubjects = sqliteTable(
  'velocity_subjects',
  {
    subject: text('subject').primaryKey(),
    seenDay: integer('seen_day').notNull(),
    lastAskMs: integer('last_ask_ms').notNull(),
    previousAskMs: integer('previous_ask_ms'),
    phones: text('phones'),
    phonesLevel: integer('phones_level').notNull().default(0),
    ips: text('ips'),
    ipsLevel: integer('ips_level').notNull().default(0),
    countries: text('countries'),
    countriesLevel: integer('countries_level').notNull().default(0),
    accounts: text('accounts'),
    accountsLevel: integer('accounts_level').notNull().default(0),
  },
  (table) => [index('velocity_subjects_by_day').on(table.seenDay)],
)
