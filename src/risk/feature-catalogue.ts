import { SUBJECT_KINDS, type SubjectKind } from '../domain/subjects.ts'
import type { Baseline } from './baseline.ts'
import { type Count, type CountReader, countsOf } from './feature-counts.ts'
import { FACTS, type FactReader, type Feature } from './feature-facts.ts'
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

const countFeatures = (kind: SubjectKind): readonly Feature[] =>
  countsOf(kind).map(({ field, unit, doc, scale, unknown }) => ({
    name: `${kind}.${field}`,
    type: 'double',
    unit,
    doc: `${doc}: ${SUBJECT_WORDS[kind]}.`,
    model: isForModel(kind, { scale }),
    unknown,
  }))

/**
 * Everything that rules and the model may know of a request, in a fixed order: facts, what is remembered, then the counts of each subject.
 * A model refuses to load on another catalogue than it was trained on.
 */
export const FEATURES: readonly Feature[] = [
  ...FACTS.map(({ read: _, ...feature }) => feature),
  ...MEMORY_FEATURES.map(({ feature }) => feature),
  ...SUBJECT_KINDS.flatMap(countFeatures),
]

/** How the facts, which come first, are read. */
export const FACT_READERS: readonly FactReader[] = FACTS.map(({ read }) => read)

/** How what is remembered is read; it follows the facts. */
export const MEMORY_READERS: readonly MemoryReader[] = MEMORY_FEATURES.map(({ read }) => read)

/** How the counts are read, subject by subject; they come last. */
export const COUNT_READERS: readonly {
  readonly kind: SubjectKind
  readonly readers: readonly CountReader[]
}[] = SUBJECT_KINDS.map((kind) => ({ kind, readers: countsOf(kind).map(({ read }) => read) }))

/** Places in FEATURES of the model's inputs, in the order of the vector. */
export const MODEL_PLACES: readonly number[] = FEATURES.flatMap(({ model }, place) =>
  model ? [place] : [],
)

const MODEL_INPUTS = FEATURES.filter(({ model }) => model)

/** Names of the model's inputs, in the order of the vector. */
export const MODEL_FEATURES: readonly string[] = MODEL_INPUTS.map(({ name }) => name)

const CATALOGUE_ID_BYTES = 6

/** Changes with every name, place, type or unit among the model's inputs, and with nothing else. */
export const CATALOGUE_ID: string = shortHash(
  MODEL_INPUTS.map(({ name, type, unit }) => `${name} ${type} ${unit}`).join('\n'),
  CATALOGUE_ID_BYTES,
)

/** Changes with the names of all features, those that only rules read included: which names a stored record has. */
export const RECORD_ID: string = shortHash(
  FEATURES.map(({ name }) => name).join('\n'),
  CATALOGUE_ID_BYTES,
)
