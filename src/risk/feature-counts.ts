import type { SubjectKind } from '../domain/subjects.ts'
import {
  answeredRatio,
  type Baseline,
  mistypedExcess,
  pastSends,
  shareLift,
  surplusShare,
  unverifiedExcess,
  unverifiedShare,
  usualHour,
} from './baseline.ts'
import type { Tally } from './velocity.ts'

export type CountReader = (tally: Tally, usual: Baseline) => number
export type Count = {
  readonly unit: string
  readonly doc: string
  /** raw: means more for a large account than for a small one; relative: means the same for both; ledger: never for the model. */
  readonly scale: 'raw' | 'relative' | 'ledger'
  readonly unknown: number
  readonly read: CountReader
}

const UNKNOWN = -1
const count = (doc: string, read: CountReader): Count => ({
  unit: 'count',
  doc,
  scale: 'raw',
  unknown: UNKNOWN,
  read,
})
const relative = (unit: string, doc: string, read: CountReader): Count => ({
  unit,
  doc,
  scale: 'relative',
  unknown: UNKNOWN,
  read,
})
const ledger = (unit: string, doc: string, read: CountReader): Count => ({
  unit,
  doc,
  scale: 'ledger',
  unknown: UNKNOWN,
  read,
})
const neutralAt = (unknown: number, entry: Count): Count => ({ ...entry, unknown })

const COUNTS = {
  asks_10m: count('Requests in 10 minutes, this one included', (t) => t.asks_10m),
  asks_1h: count('Requests in an hour, this one included', (t) => t.asks_1h),
  asks_24h: count('Requests in a day, this one included', (t) => t.asks_24h),
  sends_1h: ledger('count', 'Sends in an hour', (t) => t.sends_1h),
  sends_24h: ledger('count', 'Sends in a day', (t) => t.sends_24h),
  past_sends: count('Sends of the six days before the last one', pastSends),
  verified_1h: ledger('count', 'Sends of an hour whose code came back', (t) => t.verified_1h),
  verified_24h: count('Sends of a day whose code came back', (t) => t.verified_24h),
  verified_7d: count('Sends of a week whose code came back', (t) => t.verified_7d),
  unverified_1h: ledger(
    'count',
    'Sends of an hour nobody answered in time',
    (t) => t.unverified_1h,
  ),
  unverified_24h: count('Sends of a day nobody answered in time', (t) => t.unverified_24h),
  spend_1h: ledger('micros', 'Money spent in an hour', (t) => t.spend_1h),
  spend_24h: ledger('micros', 'Money spent in a day', (t) => t.spend_24h),
  challenges_failed_1h: count('Challenges not passed in an hour', (t) => t.challenges_failed_1h),
  reports_7d: ledger('count', 'Fraud reports in a week', (t) => t.reports_7d),
  mistyped_24h: count('Codes of a day that were wrong at the first try', (t) => t.mistyped_24h),
  mistyped_excess_24h: relative(
    'deviations',
    'Codes of a day wrong at the first try above the usual number',
    (t, b) => mistypedExcess(t.mistyped_24h, t.verified_24h, b.usualMistyped),
  ),
  phones_24h: count('Different numbers in a day', (t) => t.phones_24h),
  ips_24h: count('Different addresses in a day', (t) => t.ips_24h),
  countries_24h: count('Different countries of numbers in a day', (t) => t.countries_24h),
  accounts_24h: count('Different accounts in a day', (t) => t.accounts_24h),
  gap_ms: relative('ms', 'Time since the request before, -1 for none in a week', (t) => t.gap_ms),
  unverified_share_24h: ledger(
    'ratio',
    'Unverified share of the matured sends of a day, shrunk to the usual share',
    (t, b) => unverifiedShare(t.unverified_24h, t.verified_24h, b.usualUnverified),
  ),
  surplus_1h: relative(
    'ratio',
    'Part of the sends of an hour that nobody waited for, judged by the usual unverified share',
    (t, b) => surplusShare(t.unverified_1h, t.verified_1h, b.usualUnverified),
  ),
  surplus_24h: relative(
    'ratio',
    'Part of the sends of a day that nobody waited for, judged by the usual unverified share',
    (t, b) => surplusShare(t.unverified_24h, t.verified_24h, b.usualUnverified),
  ),
  excess_1h: relative('deviations', 'Unverified sends of an hour above the usual number', (t, b) =>
    unverifiedExcess(t.unverified_1h, t.verified_1h, b.usualUnverified),
  ),
  excess_24h: relative('deviations', 'Unverified sends of a day above the usual number', (t, b) =>
    unverifiedExcess(t.unverified_24h, t.verified_24h, b.usualUnverified),
  ),
  answered_1h: neutralAt(
    1,
    relative(
      'ratio',
      'Codes typed in this hour against the usual part, 1 as ever; sends still waiting count as unanswered',
      (t, b) => answeredRatio(t.verified_1h, t.sends_1h, b.usualUnverified),
    ),
  ),
  asks_1h_over_usual: relative(
    'ratio',
    'Requests of this hour against the sends of an ordinary hour, one added to both',
    (t) => (t.asks_1h + 1) / (usualHour(t) + 1),
  ),
  sends_1h_over_usual: ledger(
    'ratio',
    'Sends of this hour against those of an ordinary hour, one added to both',
    (t) => (t.sends_1h + 1) / (usualHour(t) + 1),
  ),
  share_of_account_1h: relative(
    'ratio',
    'Share of the account’s requests of this hour',
    (t, b) => t.asks_1h / Math.max(1, b.account?.asks_1h ?? 1),
  ),
  share_of_country_1h: relative(
    'ratio',
    'Share of the country’s requests of this hour',
    (t, b) => t.asks_1h / Math.max(1, b.country?.asks_1h ?? 1),
  ),
  share_lift_1h: neutralAt(
    1,
    relative(
      'ratio',
      'Share of the account’s requests of this hour against the share of the past, 1 without a past',
      (t, b) => (b.account === undefined ? 1 : shareLift(t, b.account)),
    ),
  ),
  phones_per_ask_24h: relative(
    'ratio',
    'Different numbers per request of a day',
    (t) => t.phones_24h / Math.max(1, t.asks_24h),
  ),
  usual_unverified_share: relative(
    'ratio',
    'Unverified share of the six days before the last one, shrunk to 0.3 while there are few',
    (_, b) => b.usualUnverified,
  ),
} satisfies Record<string, Count>
type CountName = keyof typeof COUNTS

const words = (...lines: string[]): readonly CountName[] =>
  lines.flatMap((line) => line.split(' ')) as CountName[]

const PHONE = words(
  'asks_10m asks_1h asks_24h sends_24h verified_24h verified_7d unverified_24h',
  'challenges_failed_1h reports_7d ips_24h gap_ms',
)
const SOURCE = words(
  'asks_10m asks_1h asks_24h verified_24h unverified_1h unverified_24h challenges_failed_1h reports_7d',
  'mistyped_24h mistyped_excess_24h phones_24h countries_24h unverified_share_24h surplus_24h excess_24h answered_1h',
  'asks_1h_over_usual',
)
const DESTINATION = words(
  'asks_10m asks_1h asks_24h sends_1h sends_24h past_sends verified_1h verified_24h unverified_1h unverified_24h',
  'reports_7d phones_24h ips_24h unverified_share_24h surplus_1h surplus_24h excess_1h excess_24h answered_1h',
  'asks_1h_over_usual sends_1h_over_usual share_of_account_1h share_lift_1h phones_per_ask_24h',
)
const RANGE: readonly CountName[] = [...DESTINATION, 'share_of_country_1h', 'gap_ms']
const COUNTRY: readonly CountName[] = [...DESTINATION, 'mistyped_24h', 'mistyped_excess_24h']
const ACCOUNT = words(
  'asks_10m asks_1h asks_24h sends_1h sends_24h past_sends verified_24h unverified_24h spend_1h spend_24h',
  'challenges_failed_1h reports_7d phones_24h ips_24h countries_24h unverified_share_24h surplus_1h surplus_24h',
  'excess_1h excess_24h answered_1h asks_1h_over_usual mistyped_24h mistyped_excess_24h usual_unverified_share',
)

const NAMES_OF: Readonly<Record<SubjectKind, readonly CountName[]>> = {
  phone: PHONE,
  phone_any: words('asks_1h asks_24h verified_24h unverified_24h reports_7d ips_24h accounts_24h'),
  ip: [...SOURCE, 'gap_ms'],
  net: [...SOURCE, 'ips_24h'],
  device: [...SOURCE, 'ips_24h', 'gap_ms'],
  client: [...SOURCE, 'ips_24h'],
  range2: RANGE,
  range3: RANGE,
  range4: RANGE,
  carrier: [...DESTINATION, 'share_of_country_1h'],
  country: COUNTRY,
  asn: [...SOURCE, 'ips_24h'],
  account: ACCOUNT,
}

/** What rules read and the model in force was trained without. */
const RULES_ONLY: ReadonlySet<string> = new Set(['country.mistyped_excess_24h'])

/** What is counted for one kind of subject, in catalogue order. */
export const countsOf = (kind: SubjectKind): readonly (Count & { readonly field: string })[] =>
  NAMES_OF[kind].map((field) => {
    const entry: Count = COUNTS[field]
    return RULES_ONLY.has(`${kind}.${field}`)
      ? { field, ...entry, scale: 'ledger' }
      : { field, ...entry }
  })
