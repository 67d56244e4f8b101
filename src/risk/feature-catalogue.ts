import { SUBJECT_KINDS, type SubjectKind } from '../domain/subjects.ts'
import type { Baseline } from './baseline.ts'
import { type Count, type CountReader, countsOf } from './feature-counts.ts'
import { FACTS, type FactReader, type Feature, type FeatureValue } from './feature-facts.ts'
import { MEMORY_FEATURES, type Memory, type MemoryReader } from './feature-memory.ts'
import { shortHash } from './short-hash.ts'
import type { Signals } from './signals.ts'
import type { Velocity } from './velocity.ts'

/** Everything that the features of one request are computed from. */
export type Sight = {
  readonly signals: Signals
  readonly memory: Memory
  readonly countersMissing: boolean
  readonly velocity: Velocity
  readonly trafficBaseline: Baseline
  readonly accountBaseline: Baseline
}
/** undefined: not known. */
export type FeatureReader = (sight: Sight) => FeatureValue | undefined

const SUBJECT_WORDS: Readonly<Record<SubjectKind, string>> = {
  phone: 'this number',
  phone_any: 'this number at all accounts together',
  ip: 'this address (v4, or v6 /64)',
  net: 'this network (v4 /24 or v6 /48)',
  device: 'this device',
  client: 'clients that look like this one',
  range2: 'the hundred numbers around this one',
  range3: 'the thousand numbers around this one',
  range4: 'the ten thousand numbers around this one',
  carrier: 'the carrier of this number',
  country: 'the country of this number',
  asn: 'the autonomous system of the network',
  account: 'the whole account',
}

/** Kinds whose raw counts grow with the tenant: the model sees only what is relative, so that it fits tenants of any size. */
const LARGE_KINDS: ReadonlySet<SubjectKind> = new Set([
  'client',
  'carrier',
  'country',
  'asn',
  'account',
])

const isForModel = (kind: SubjectKind, { scale }: Pick<Count, 'scale'>): boolean =>
  scale === 'relative' || (scale === 'raw' && !LARGE_KINDS.has(kind))

type Entry = { readonly feature: Feature; readonly read: FeatureReader }

const readFact =
  (read: FactReader): FeatureReader =>
  (sight) =>
    read(sight.signals, sight.countersMissing)

function readCount(kind: SubjectKind, read: CountReader): FeatureReader {
  if (kind === 'account')
    return ({ velocity, accountBaseline }) =>
      velocity.account === undefined ? undefined : read(velocity.account, accountBaseline)
  return ({ velocity, trafficBaseline }) => {
    const tally = velocity[kind]
    return tally === undefined ? undefined : read(tally, trafficBaseline)
  }
}

function countEntries(kind: SubjectKind): readonly Entry[] {
  return countsOf(kind).map(({ field, unit, doc, scale, unknown, read }) => ({
    feature: {
      name: `${kind}.${field}`,
      type: 'double',
      unit,
      doc: `${doc}: ${SUBJECT_WORDS[kind]}.`,
      model: isForModel(kind, { scale }),
      unknown,
    },
    read: readCount(kind, read),
  }))
}

const readMemory =
  (read: MemoryReader): FeatureReader =>
  (sight) =>
    read(sight.memory)

const ENTRIES: readonly Entry[] = [
  ...FACTS.map(({ read, ...feature }) => ({ feature, read: readFact(read) })),
  ...MEMORY_FEATURES.map(({ feature, read }) => ({ feature, read: readMemory(read) })),
  ...SUBJECT_KINDS.flatMap(countEntries),
]

/**
 * Everything that rules and the model may know of a request, in a fixed order: facts, what is remembered, then the counts of each subject.
 * A model refuses to load on another catalogue than it was trained on.
 */
export const FEATURES: readonly Feature[] = ENTRIES.map((entry) => entry.feature)

/** How each feature is read, in the order of FEATURES. */
export const FEATURE_READERS: readonly FeatureReader[] = ENTRIES.map((entry) => entry.read)

const MODEL_ENTRIES = ENTRIES.filter((entry) => entry.feature.model)

/** Names of the model's inputs, in the order of the vector. */
export const MODEL_FEATURES: readonly string[] = MODEL_ENTRIES.map((entry) => entry.feature.name)

/** How the facts among the model's inputs are read; they come first in the vector. */
export const MODEL_FACTS: readonly FactReader[] = FACTS.filter((fact) => fact.model).map(
  (fact) => fact.read,
)

/** How what is remembered is read for the model; it follows the facts in the vector. */
export const MODEL_MEMORY: readonly MemoryReader[] = MEMORY_FEATURES.filter(
  ({ feature }) => feature.model,
).map(({ read }) => read)

/** How the counts among the model's inputs are read, subject by subject, in the order of the vector. */
export const MODEL_COUNTS: readonly {
  readonly kind: SubjectKind
  readonly readers: readonly CountReader[]
}[] = SUBJECT_KINDS.map((kind) => ({
  kind,
  readers: countsOf(kind)
    .filter((count) => isForModel(kind, count))
    .map((count) => count.read),
}))

const CATALOGUE_ID_BYTES = 6

/** Changes with every name, place, type or unit among the model's inputs, and with nothing else. */
export const CATALOGUE_ID: string = shortHash(
  MODEL_ENTRIES.map(({ feature }) => `${feature.name} ${feature.type} ${feature.unit}`).join('\n'),
  CATALOGUE_ID_BYTES,
)

/** Changes with the names of all features, those that only rules read included: which names a stored record has. */
export const RECORD_ID: string = shortHash(
  FEATURES.map(({ name }) => name).join('\n'),
  CATALOGUE_ID_BYTES,
)
