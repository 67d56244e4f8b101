import {
  COUNT_READERS,
  FACT_READERS,
  FEATURES,
  MEMORY_READERS,
  MODEL_PLACES,
  type Sight,
} from './feature-catalogue.ts'
import type { FeatureValue } from './feature-facts.ts'

/** Every feature of one request by its place in FEATURES. */
export type FeatureValues = {
  /** Numbers, and flags as 0 and 1; NaN where not known, and for words. */
  readonly values: Float64Array
  /** By `wordAt`; undefined where not known. */
  readonly words: readonly (string | undefined)[]
}

const WORD_PLACES: readonly number[] = FEATURES.flatMap(({ type }, place) =>
  type === 'string' ? [place] : [],
)
const UNKNOWN_INPUT = -1

/** Where a word feature is in `words`, by its place in FEATURES. */
export const wordAt = (place: number): number => WORD_PLACES.indexOf(place)

/** Reads every feature once: rules, model and record then only look them up. */
export function readValues(sight: Sight): FeatureValues {
  const values = new Float64Array(FEATURES.length)
  const words: (string | undefined)[] = []
  putFacts(values, words, sight)
  putMemory(values, sight)
  putCounts(values, sight)
  return { values, words }
}

function putFacts(
  values: Float64Array,
  words: (string | undefined)[],
  { signals, countersMissing }: Sight,
): void {
  for (let place = 0; place < FACT_READERS.length; place++) {
    const value = FACT_READERS[place]?.(signals, countersMissing)
    const isWord = FEATURES[place]?.type === 'string'
    values[place] = isWord ? Number.NaN : toNumber(value)
    if (isWord) words.push(value as string | undefined)
  }
}

function putMemory(values: Float64Array, { memory }: Sight): void {
  for (let at = 0; at < MEMORY_READERS.length; at++) {
    values[FACT_READERS.length + at] = toNumber(MEMORY_READERS[at]?.(memory))
  }
}

function putCounts(values: Float64Array, sight: Sight): void {
  let place = FACT_READERS.length + MEMORY_READERS.length
  for (const { kind, readers } of COUNT_READERS) {
    const tally = sight.velocity[kind]
    const baseline = kind === 'account' ? sight.accountBaseline : sight.trafficBaseline
    for (const read of readers) {
      values[place] = tally === undefined ? Number.NaN : read(tally, baseline)
      place++
    }
  }
}

/** What the model sees: -1 for what is not known. */
export function vectorOf({ values }: FeatureValues): Float64Array {
  const vector = new Float64Array(MODEL_PLACES.length)
  for (let at = 0; at < vector.length; at++) {
    const value = values[MODEL_PLACES[at] as number] as number
    vector[at] = Number.isNaN(value) ? UNKNOWN_INPUT : value
  }
  return vector
}

/** One value in the type of its feature; undefined where not known. */
export function valueAt({ values, words }: FeatureValues, place: number): FeatureValue | undefined {
  const type = FEATURES[place]?.type
  if (type === 'string') return words[wordAt(place)]
  const value = values[place] as number
  if (Number.isNaN(value)) return undefined
  return type === 'bool' ? value === 1 : value
}

/** Values put together from a reader of names. */
export function valuesFrom(known: (name: string) => FeatureValue | undefined): FeatureValues {
  return {
    values: Float64Array.from(FEATURES, ({ name, type }) =>
      type === 'string' ? Number.NaN : toNumber(known(name)),
    ),
    words: WORD_PLACES.map((place) => known(FEATURES[place]?.name ?? '') as string | undefined),
  }
}

const toNumber = (value: FeatureValue | undefined): number =>
  value === undefined ? Number.NaN : Number(value)
