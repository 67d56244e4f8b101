import type { FeatureRecord } from '../domain/decision.ts'
import { FEATURES, RECORD_ID } from './feature-catalogue.ts'
import type { FeatureValue } from './feature-facts.ts'
import { type FeatureValues, valueAt } from './feature-values.ts'

type Group = { readonly name: string; readonly from: number; readonly to: number }

/** Features of one group stand together in the catalogue. */
const GROUPS: readonly Group[] = groupsOf(FEATURES.map(({ name }) => name))

/** What is worth keeping of a request's features: about a tenth of them all. */
export function recordOf(read: FeatureValues): FeatureRecord {
  const known: Record<string, FeatureValue> = {}
  const unknown: string[] = []
  for (const group of GROUPS) readGroup(group, read, { known, unknown })
  return { catalogue: RECORD_ID, known, unknown }
}

type Sink = { readonly known: Record<string, FeatureValue>; readonly unknown: string[] }

function readGroup(
  { name: group, from, to }: Group,
  read: FeatureValues,
  { known, unknown }: Sink,
): void {
  const missing: string[] = []
  for (let at = from; at < to; at++) {
    const name = FEATURES[at]?.name ?? ''
    const value = valueAt(read, at)
    if (value === undefined) missing.push(name)
    else if (value !== 0 && value !== false) known[name] = shortened(value)
  }
  if (missing.length === to - from) unknown.push(`${group}.*`)
  else unknown.push(...missing)
}

/** Every feature that was known, with the zeros put back; of another catalogue than today's only what was written down. */
export function wholeRecord(record: FeatureRecord): Readonly<Record<string, FeatureValue>> {
  if (record.catalogue !== RECORD_ID) return record.known
  const unknown = new Set(record.unknown)
  const whole: Record<string, FeatureValue> = {}
  for (const { name, type } of FEATURES) {
    if (unknown.has(name) || unknown.has(`${groupOf(name)}.*`)) continue
    whole[name] = record.known[name] ?? (type === 'bool' ? false : 0)
  }
  return whole
}

const DECIMALS = 10_000
/** Four decimals: a record is for reading, and ratios would fill it with digits. */
const shortened = (value: FeatureValue): FeatureValue =>
  typeof value === 'number' ? Math.round(value * DECIMALS) / DECIMALS : value

function groupOf(name: string): string {
  return name.slice(0, name.indexOf('.'))
}

function groupsOf(names: readonly string[]): readonly Group[] {
  const groups: Group[] = []
  names.forEach((name, at) => {
    const group = groupOf(name)
    const last = groups.at(-1)
    if (last?.name === group) groups[groups.length - 1] = { ...last, to: at + 1 }
    else groups.push({ name: group, from: at, to: at + 1 })
  })
  return groups
}
