import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml'
import { mistakesOf } from '../domain/mistake.ts'
import { compileCondition } from '../risk/rule-environment.ts'
import { shortHash } from '../risk/short-hash.ts'
import { linePositions } from './line-positions.ts'
import type { Mistake, Parsed } from './mistake.ts'
import {
  checkPlaced,
  MISTAKES_MAX,
  type Path,
  type PlacedData,
  type RulesFiles,
} from './placed-data.ts'
import { sourceOffset } from './scalar-source.ts'

const ALIASES_MAX = 100
const DIGEST_BYTES = 4

/** Never throws. Repeated keys, unknown tags and aliases that grow without end are mistakes. */
export function readYaml(file: string, text: string): PlacedData {
  const positionOf = linePositions(text)
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: true,
    stringKeys: true,
    logLevel: 'error',
  })
  const at = (offset: number, message: string): Mistake => ({
    file,
    ...positionOf(offset),
    message,
  })
  const problems = [...document.errors, ...document.warnings]
  const mistakes = problems.slice(0, MISTAKES_MAX).map((each) => at(each.pos[0], each.message))
  const isReadable = problems.every((problem) => problem.code === 'DUPLICATE_KEY')
  const plain = isReadable ? toPlain(document) : { value: undefined }
  if (plain.fault !== undefined) mistakes.push(at(0, plain.fault))
  return {
    file,
    value: plain.value,
    digest: () => shortHash(text, DIGEST_BYTES),
    compileCondition,
    mistakes,
    mistakeAt: (path, message) => at(valueOffset(document, path), message),
    mistakeAtKey: (path, message) => at(keyOffset(document, path), message),
    mistakeInside: (path, offset, message) =>
      at(insideOffset(document, text, { path, offset }), message),
  }
}

/** The texts of a rules folder with its YAML read. Never throws: what is wrong stays in the files. */
export const readRulesFiles = (texts: ReadonlyMap<string, string>): RulesFiles =>
  new Map(
    [...texts].map(([path, text]) => [path, path.endsWith('.yaml') ? readYaml(path, text) : text]),
  )

/** A schema, as far as it is used here (zod's have this shape). */
type Schema<T> = {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: Parameters<typeof mistakesOf>[0] } }
}

/** Reads a file that must have the shape of `schema`; all mistakes at once, from top to bottom. */
export function parseYaml<T>(file: string, text: string, schema: Schema<T>): Parsed<T> {
  return checkPlaced(readYaml(file, text), (value) => {
    const parsed = schema.safeParse(value)
    return parsed.success
      ? { kind: 'good', value: parsed.data }
      : { kind: 'bad', mistakes: mistakesOf(parsed.error.issues) }
  })
}

function toPlain(document: Document.Parsed): { value: unknown; fault?: string } {
  try {
    return { value: document.toJS({ maxAliasCount: ALIASES_MAX }) }
  } catch (error) {
    return { value: undefined, fault: error instanceof Error ? error.message : 'unreadable' }
  }
}

function nodeAt(document: Document.Parsed, path: Path): unknown {
  return path.length === 0 ? document.contents : document.getIn(path, true)
}

function valueOffset(document: Document.Parsed, path: Path): number {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = nodeAt(document, path.slice(0, depth))
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function keyOffset(document: Document.Parsed, path: Path): number {
  const parent = nodeAt(document, path.slice(0, -1))
  const wanted = String(path.at(-1))
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === wanted)
    : undefined
  const offset = isScalar(pair?.key) ? pair.key.range?.[0] : undefined
  return offset ?? valueOffset(document, path)
}

function insideOffset(
  document: Document.Parsed,
  text: string,
  { path, offset }: { readonly path: Path; readonly offset: number },
): number {
  const node = nodeAt(document, path)
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range)
    return valueOffset(document, path)
  const [start, end] = node.range
  return start + sourceOffset(text.slice(start, end), node.value, offset)
}
