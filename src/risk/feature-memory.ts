import { type Customer, isKnown } from './customers.ts'
import type { Feature, FeatureValue } from './feature-facts.ts'
import type { RangeSight, SightField } from './ranges/watch.ts'

/** What is remembered of the number and of the ranges it lies in. */
export type Memory = {
  readonly atMs: number
  readonly customer: Customer | undefined
  readonly sight: RangeSight | undefined
  /** Whether a range around the number is closed, or opened for probes only. */
  readonly closure: 'open' | 'blocked' | 'probing'
}

export type MemoryReader = (memory: Memory) => FeatureValue | undefined
type MemoryFeature = { readonly feature: Feature; readonly read: MemoryReader }

const DAY_MS = 86_400_000
const UNKNOWN = -1

const customerFeature = (
  field: string,
  feature: Pick<Feature, 'type' | 'unit' | 'doc' | 'unknown'>,
  read: MemoryReader,
): MemoryFeature => ({
  feature: { name: `customer.${field}`, model: field === 'known', ...feature },
  read,
})

const flag = { type: 'bool', unit: 'flag', unknown: false } as const
const amount = { type: 'double', unknown: UNKNOWN } as const

const CUSTOMER: readonly MemoryFeature[] = [
  customerFeature(
    'known',
    { ...flag, doc: 'The number verified at this account nearly a day ago or earlier.' },
    ({ customer, atMs }) => isKnown(customer, atMs),
  ),
  customerFeature(
    'days',
    { ...amount, unit: 'days', doc: 'Since the first code of this number that was believed.' },
    ({ customer, atMs }) =>
      customer === undefined ? undefined : (atMs - customer.sinceMs) / DAY_MS,
  ),
  customerFeature(
    'codes',
    { ...amount, unit: 'count', doc: 'Codes of this number that were believed, ever.' },
    ({ customer }) => customer?.codes ?? 0,
  ),
]

const SHARE = 'ratio'
const DEVIATIONS = 'deviations'
/** All about numbers that are not known yet. `rare`: countries with few of the account's conversions; `elsewhere`: all accounts. */
const SIGHT: Readonly<Record<SightField, readonly [unit: string, doc: string]>> = {
  suspicion: [SHARE, 'Part of the sends to the narrowest range here that nobody waits for'],
  surge: [DEVIATIONS, 'Requests above twice the ordinary number, the most of all ranges here'],
  excess: [
    DEVIATIONS,
    'Unanswered codes above the expected, the most of all suspected ranges here',
  ],
  outcomes: ['count', 'Outcomes of a day in the narrowest range'],
  country_suspicion: [SHARE, 'Part of the sends to this country that nobody waits for'],
  country_surge: [DEVIATIONS, 'Requests to this country above twice the ordinary number'],
  country_excess: [DEVIATIONS, 'Unanswered codes of this country above the expected'],
  country_trusted: ['count', 'Believed conversions of this country in two weeks, decayed'],
  country_share: [SHARE, 'Share of this country in the believed conversions of the account'],
  rare_suspicion: [SHARE, 'Part of the sends to all rare countries that nobody waits for'],
  rare_surge: [DEVIATIONS, 'Requests to all rare countries above twice the ordinary number'],
  rare_excess: [DEVIATIONS, 'Unanswered codes of all rare countries above the expected'],
  account_suspicion: [SHARE, 'Part of the account’s sends that nobody waits for'],
  account_surge: [DEVIATIONS, 'Requests of the account above twice the ordinary number'],
  account_excess: [DEVIATIONS, 'Unanswered codes of the account above its own past'],
  elsewhere_suspicion: [SHARE, 'Part of the sends of all accounts to this range, nobody waits for'],
  elsewhere_excess: [DEVIATIONS, 'Unanswered codes of all accounts in this range above expected'],
  elsewhere_surge: [DEVIATIONS, 'Requests of all accounts to this range above the ordinary'],
  drift: ['sends', 'Cost of unanswered codes above the expected, cumulated (CUSUM)'],
  regularity: [SHARE, 'How much the conversions of this range come by the clock'],
  typed_elsewhere: [SHARE, 'Share of this country’s codes typed from another network'],
  sequence: [SHARE, 'Share of this range’s requests for a number next to one just before'],
  futile: [
    SHARE,
    'Part of those who solve a challenge here that wants no code, 0 for known customers',
  ],
}
const RAW: readonly string[] = ['outcomes', 'country_trusted', 'drift', 'futile']

/** Challenges that strangers solve say nothing of a customer. */
const readSight = ({ sight, customer, atMs }: Memory, field: SightField): number | undefined =>
  field === 'futile' && isKnown(customer, atMs) ? 0 : sight?.[field]

const watched = ([field, [unit, doc]]: [string, readonly [string, string]]): MemoryFeature => ({
  feature: {
    name: `watch.${field}`,
    type: 'double',
    unit,
    doc: `${doc}.`,
    model: !RAW.includes(field),
    unknown: 0,
  },
  read: (memory) => readSight(memory, field as SightField),
})

const CLOSURE: readonly MemoryFeature[] = [
  {
    feature: {
      ...flag,
      name: 'range.blocked',
      model: false,
      doc: 'A range around the number is closed for now.',
    },
    read: ({ closure }) => closure === 'blocked',
  },
  {
    feature: {
      ...flag,
      name: 'range.probing',
      model: false,
      doc: 'A range around the number was closed and is being tried again.',
    },
    read: ({ closure }) => closure === 'probing',
  },
]

/** Features of what is remembered, in catalogue order. */
export const MEMORY_FEATURES: readonly MemoryFeature[] = [
  ...CUSTOMER,
  ...Object.entries(SIGHT).map(watched),
  ...CLOSURE,
]
