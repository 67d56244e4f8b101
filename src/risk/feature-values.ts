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

/** So many rows share one buffer: each buffer of its own is a call of the system's allocator and work for the garbage collector. */
const ROWS_PER_BUFFER = 32

/** Hands out rows of zeros. No two share a number, so they may be kept; a buffer is freed with the last of its rows. */
function rowsOf(length: number): () => Float64Array {
  let buffer = new ArrayBuffer(0)
  let at = 0
  return () => {
    if (at === buffer.byteLength) {
      buffer = new ArrayBuffer(ROWS_PER_BUFFER * length * Float64Array.BYTES_PER_ELEMENT)
      at = 0
    }
    const row = new Float64Array(buffer, at, length)
    at += row.byteLength
    return row
  }
}

const newValues = rowsOf(FEATURES.length)
const newVector = rowsOf(MODEL_PLACES.length)
const INPUT_PLACES = Int32Array.from(MODEL_PLACES)

const WORD_PLACES: readonly number[] = FEATURES.flatMap(({ type }, place) =>
  type === 'string' ? [place] : [],
)
const UNKNOWN_INPUT = -1

/** Where a word feature is in `words`, by its place in FEATURES. */
export const wordAt = (place: number): number => WORD_PLACES.indexOf(place)

/** Reads every feature once: rules, model and record then only look them up. */
export function readValues(sight: Sight): FeatureValues {
  const values = newValues()
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
  const vector = newVector()
  for (let at = 0; at < vector.length; at++) {
    const value = values[INPUT_PLACES[at] as number] as number
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
