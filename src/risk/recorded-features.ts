import { assert } from '../domain/assert.ts'
import type { FeatureRecord } from '../domain/decision.ts'
import { FEATURES, RECORD_ID } from './feature-catalogue.ts'
import type { Feature, FeatureValue } from './feature-facts.ts'
import { wholeRecord } from './feature-record.ts'
import { valuesFrom, wordAt } from './feature-values.ts'
import { featuresOf, type SeenFeatures } from './features.ts'

/** What rules and model read, put together again from what was stored. */
export type RecordedFeatures = SeenFeatures

/** Features that are to be other than they were; undefined: not known. */
export type Change = { readonly feature: string; readonly to: FeatureValue | undefined }

const FEATURE_OF: ReadonlyMap<string, Feature> = new Map(FEATURES.map((each) => [each.name, each]))
const PLACE_OF: ReadonlyMap<string, number> = new Map(FEATURES.map(({ name }, at) => [name, at]))

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
  return featuresOf(valuesFrom((name) => known[name]))
}

/** The same features but for one. */
export function changedFeatures(
  features: RecordedFeatures,
  { feature, to }: Change,
): RecordedFeatures {
  const place = PLACE_OF.get(feature)
  assert(place !== undefined, 'a change names a feature of the catalogue')
  const values = features.values.slice()
  const words = [...features.words]
  if (FEATURE_OF.get(feature)?.type === 'string') words[wordAt(place)] = to as string | undefined
  else values[place] = to === undefined ? Number.NaN : Number(to)
  return featuresOf({ values, words })
}
