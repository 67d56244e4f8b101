import type { FeatureRecord } from '../domain/decision.ts'
import { FEATURES, MODEL_FEATURES, RECORD_ID } from './feature-catalogue.ts'
import type { Feature, FeatureValue } from './feature-facts.ts'
import { wholeRecord } from './feature-record.ts'
import type { Features } from './features.ts'
import { GROUP_VIEWS } from './group-views.ts'

/** What rules and model read, put together again from what was stored. */
export type RecordedFeatures = Pick<Features, 'context' | 'vector'>

/** Features that are to be other than they were; undefined: not known. */
export type Change = { readonly feature: string; readonly to: FeatureValue | undefined }

const FEATURE_OF: ReadonlyMap<string, Feature> = new Map(FEATURES.map((each) => [each.name, each]))
const VECTOR_PLACE: ReadonlyMap<string, number> = new Map(
  MODEL_FEATURES.map((name, at) => [name, at]),
)
const UNKNOWN_NUMBER = -1

/** What is known of one feature; undefined for a name that the catalogue does not have. */
export const featureNamed = (name: string): Feature | undefined => FEATURE_OF.get(name)

/** Whether a record has the names of this build's features, without which nothing can be computed from it again. */
export const isCurrentRecord = (record: FeatureRecord): boolean => record.catalogue === RECORD_ID

/**
 * The features of a stored decision, equal to those it was made of except for the fifth decimal, which records do not keep.
 * Undefined where another catalogue wrote the record.
 */
export function recordedFeatures(record: FeatureRecord): RecordedFeatures | undefined {
  if (!isCurrentRecord(record)) return undefined
  const known = wholeRecord(record)
  const context: Record<string, object> = {}
  for (const group of GROUP_VIEWS) context[group.name] = viewOf(group, known)
  return { context, vector: Float64Array.from(MODEL_FEATURES, (name) => inputOf(known[name])) }
}

/** The same features but for one. Everything that does not change is shared. */
export function changedFeatures(
  features: RecordedFeatures,
  { feature, to }: Change,
): RecordedFeatures {
  const [groupName = '', field = ''] = feature.split('.')
  const value = to ?? FEATURE_OF.get(feature)?.unknown
  const changed: object = Object.create(features.context[groupName] ?? null, {
    [field]: { value, enumerable: true },
  })
  const context = { ...features.context, [groupName]: changed }
  const place = VECTOR_PLACE.get(feature)
  if (place === undefined) return { context, vector: features.vector }
  const vector = features.vector.slice()
  vector[place] = inputOf(to)
  return { context, vector }
}

/** An object of the group's own class, since conditions check the types of what they read. */
function viewOf(
  { name, fields, View }: (typeof GROUP_VIEWS)[number],
  known: Readonly<Record<string, FeatureValue>>,
): object {
  const members: PropertyDescriptorMap = {}
  for (const field of Object.keys(fields)) {
    const feature = `${name}.${field}`
    const value = known[feature] ?? FEATURE_OF.get(feature)?.unknown
    members[field] = { value, enumerable: true }
  }
  return Object.create(View.prototype, members)
}

const inputOf = (value: FeatureValue | undefined): number =>
  value === undefined ? UNKNOWN_NUMBER : Number(value)
