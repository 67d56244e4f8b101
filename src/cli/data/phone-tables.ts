import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as z from 'zod'
import { requireFrom, type SourcePackage } from './sources.ts'

/** Numbers are compared as if all had the 15 digits that E.164 allows at most. */
const DIGITS = 15

export type Prefix = { readonly digits: string; readonly name: number }
type Span = Prefix & { readonly start: number; readonly end: number }
export type PrefixSteps = {
  readonly starts: number[]
  readonly names: number[]
  readonly lengths: number[]
}

/** Sections `carrier`, `carrier_name`, `carrier_digits` and `names`. */
export function carrierTables(source: SourcePackage): Record<string, ArrayBufferView> {
  const indexOfName = new Map<string, number>([['', 0]])
  const prefixes: Prefix[] = []
  for (const [digits, text] of carrierPrefixes(source)) {
    const name = indexOfName.get(text) ?? indexOfName.size
    indexOfName.set(text, name)
    prefixes.push({ digits, name })
  }
  const steps = prefixSteps(prefixes)
  return {
    carrier: Float64Array.from(steps.starts),
    carrier_name: Uint16Array.from(steps.names),
    carrier_digits: Uint8Array.from(steps.lengths),
    names: new TextEncoder().encode(JSON.stringify([...indexOfName.keys()])),
  }
}

/** One BSON document a country code, `{ nationalPrefix: carrier }`, all in the folder of English names. */
function* carrierPrefixes(source: SourcePackage): Generator<readonly [string, string]> {
  const bson = z
    .object({ deserialize: z.custom<(bytes: Uint8Array) => unknown>() })
    .parse(requireFrom(source, 'bson'))
  const folder = join(source.dir, 'resources', 'carrier', 'en')
  const documentSchema = z.record(z.string().regex(/^\d+$/), z.string())
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.bson'))) {
    const document = documentSchema.parse(bson.deserialize(readFileSync(join(folder, file))))
    const callingCode = basename(file, '.bson')
    for (const [national, carrier] of Object.entries(document)) {
      if (carrier !== '') yield [callingCode + national, carrier]
    }
  }
}

/** Nested prefixes as steps that do not overlap: the longest prefix holds wherever it reaches. */
export function prefixSteps(prefixes: readonly Prefix[]): PrefixSteps {
  const steps: PrefixSteps = { starts: [], names: [], lengths: [] }
  const open: Span[] = []
  const closeUntil = (at: number): void => {
    for (let last = open.at(-1); last !== undefined && last.end <= at; last = open.at(-1)) {
      open.pop()
      addStep(steps, last.end, open.at(-1))
    }
  }
  for (const span of spansOf(prefixes)) {
    closeUntil(span.start)
    open.push(span)
    addStep(steps, span.start, span)
  }
  closeUntil(Number.POSITIVE_INFINITY)
  return steps
}

/** Wider ones before those that they hold. */
const spansOf = (prefixes: readonly Prefix[]): readonly Span[] =>
  prefixes
    .map((prefix) => {
      const width = 10 ** (DIGITS - prefix.digits.length)
      const start = Number(prefix.digits) * width
      return { ...prefix, start, end: start + width }
    })
    .sort((a, b) => a.start - b.start || b.end - a.end)

function addStep(steps: PrefixSteps, start: number, span: Span | undefined): void {
  const name = span?.name ?? 0
  const length = span?.digits.length ?? 0
  if (steps.starts.at(-1) === start) {
    steps.starts.pop()
    steps.names.pop()
    steps.lengths.pop()
  }
  if (steps.names.at(-1) === name && steps.lengths.at(-1) === length) return
  steps.starts.push(start)
  steps.names.push(name)
  steps.lengths.push(length)
}

/** Section `disposable`, from `{ number without plus: day last seen }`. */
export function disposableTables(source: SourcePackage): Record<string, ArrayBufferView> {
  const text = readFileSync(join(source.dir, 'number-list.json'), 'utf8')
  const numbers = Object.keys(z.record(z.string(), z.string()).parse(JSON.parse(text)))
  const readable = numbers.filter((number) => /^[1-9]\d{6,14}$/.test(number))
  return { disposable: Float64Array.from(new Set(readable), Number).sort() }
}
