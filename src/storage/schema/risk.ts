import {
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
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

/** How many ordinary requests of each account had a score of each bin, day by day; see `risk/own-scores.ts`. Kept two weeks. */
export const ownScores = sqliteTable(
  'own_scores',
  {
    accountId: text('account_id').$type<AccountId>().notNull(),
    modelVersion: text('model_version').notNull(),
    /** Whole days since 1970. */
    day: integer('day').notNull(),
    bin: integer('bin').notNull(),
    requests: integer('requests').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.modelVersion, table.day, table.bin] }),
    index('own_scores_by_day').on(table.day),
  ],
)

/** Numbers that verified, by the keyed hash that the counters use; `seen_day` is that of the last code. */
export const customers = sqliteTable(
  'customers',
  {
    subject: text('subject').primaryKey(),
    sinceMs: integer('since_ms').notNull(),
    seenDay: integer('seen_day').notNull(),
    codes: integer('codes').notNull(),
  },
  (table) => [index('customers_by_day').on(table.seenDay)],
)

/**
 * Cells of the watch of ranges, see `risk/ranges/cell.ts`: `cell` is kind and key, counts are those of `at_ms` and decay from
 * there. `price_mean` is of an account's cell, 0 elsewhere; `last_numbers` are keyed hashes, of the cells of ten thousand
 * numbers only. `is_wide` says how long a cell is kept that nobody asks for.
 */
export const rangeCells = sqliteTable(
  'range_cells',
  {
    cell: text('cell').primaryKey(),
    isWide: integer('is_wide').notNull(),
    seenDay: integer('seen_day').notNull(),
    firstMs: integer('first_ms').notNull(),
    atMs: integer('at_ms').notNull(),
    priceMean: real('price_mean').notNull(),
    lastNumbers: text('last_numbers'),
    asksHour: real('asks_hour').notNull(),
    asksDay: real('asks_day').notNull(),
    asksPast: real('asks_past').notNull(),
    unanswered: real('unanswered').notNull(),
    expected: real('expected').notNull(),
    variance: real('variance').notNull(),
    outcomes: real('outcomes').notNull(),
    unansweredPast: real('unanswered_past').notNull(),
    outcomesPast: real('outcomes_past').notNull(),
    drift: real('drift').notNull(),
    typed: real('typed').notNull(),
    typedElsewhere: real('typed_elsewhere').notNull(),
    delaySum: real('delay_sum').notNull(),
    delaySquares: real('delay_squares').notNull(),
    neighbours: real('neighbours').notNull(),
    passes: real('passes').notNull(),
    passesUnanswered: real('passes_unanswered').notNull(),
  },
  (table) => [index('range_cells_by_day').on(table.isWide, table.seenDay)],
)

/** What the rules were, by the version that decisions name: `rules` is JSON, see `RuleOutline` in `risk/rule-votes.ts`. */
export const ruleSets = sqliteTable('rule_sets', {
  version: text('version').primaryKey(),
  rules: text('rules').notNull(),
  firstSeenMs: integer('first_seen_ms').notNull(),
})
