import { type Document, isMap, isNode, isScalar, parseDocument } from 'yaml'
import { mistakesOf, type Mistake as PathMistake, UNKNOWN_FIELD } from '../domain/mistake.ts'
import { linePositions } from './line-positions.ts'
import { type Mistake, type Parsed, sortMistakes } from './mistake.ts'
import { sourceOffset } from './scalar-source.ts'

type Path = readonly (string | number)[]

/** A YAML file as plain data that remembers where everything stood. */
export type YamlFile = {
  readonly value: unknown
  /** What YAML itself objects to. `value` is undefined then, unless only keys are repeated. */
  readonly mistakes: readonly Mistake[]
  /** A mistake at the value under `path`, or at the nearest thing around it that is there. */
  readonly mistakeAt: (path: Path, message: string) => Mistake
  /** A mistake at the key that `path` ends with. */
  readonly mistakeAtKey: (path: Path, message: string) => Mistake
  /** A mistake inside the text under `path`, `offset` UTF-16 units from its start as the reader sees it. */
  readonly mistakeInside: (path: Path, offset: number, message: string) => Mistake
}

const MISTAKES_MAX = 200
const ALIASES_MAX = 100

/** Never throws. Repeated keys, unknown tags and aliases that grow without end are mistakes. */
export function readYaml(file: string, text: string): YamlFile {
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
    value: plain.value,
    mistakes,
    mistakeAt: (path, message) => at(valueOffset(document, path), message),
    mistakeAtKey: (path, message) => at(keyOffset(document, path), message),
    mistakeInside: (path, offset, message) =>
      at(insideOffset(document, text, { path, offset }), message),
  }
}

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
  return checkYaml(file, text, (value) => {
    const parsed = schema.safeParse(value)
    return parsed.success
      ? { kind: 'good', value: parsed.data }
      : { kind: 'bad', mistakes: mistakesOf(parsed.error.issues) }
  })
}

export type Checked<T> =
  | { readonly kind: 'good'; readonly value: T }
  | { readonly kind: 'bad'; readonly mistakes: readonly PathMistake[] }

/** Reads a file whose data is judged by `check`, and puts its mistakes where they stand in the file. */
export function checkYaml<T>(
  file: string,
  text: string,
  check: (value: unknown) => Checked<T>,
): Parsed<T> {
  const yaml = readYaml(file, text)
  if (yaml.value === undefined && yaml.mistakes.length > 0) return wrong(yaml.mistakes)
  const checked = check(yaml.value)
  const found = checked.kind === 'bad' ? placeMistakes(yaml, checked.mistakes) : []
  const mistakes = [...yaml.mistakes, ...found]
  if (checked.kind === 'good' && mistakes.length === 0) return { kind: 'ok', value: checked.value }
  return wrong(mistakes)
}

const wrong = (mistakes: readonly Mistake[]) =>
  ({ kind: 'wrong', mistakes: sortMistakes(mistakes).slice(0, MISTAKES_MAX) }) as const

/** Mistakes in data as mistakes in its file, each with the words for the place. */
export const placeMistakes = (
  yaml: YamlFile,
  mistakes: readonly PathMistake[],
): readonly Mistake[] =>
  mistakes.slice(0, MISTAKES_MAX).map(({ path, message }) => {
    const place = pathText(path)
    const text = place === '' ? plainer(message) : `${place}: ${plainer(message)}`
    return message === UNKNOWN_FIELD ? yaml.mistakeAtKey(path, text) : yaml.mistakeAt(path, text)
  })

/** `rules[3].when` */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`
    return text === '' ? step : `${text}.${step}`
  }, '')

/** The schema library speaks of what it received; a person reads better what is missing. */
const plainer = (message: string): string =>
  message
    .replace(/^Invalid input: (expected .*), received undefined$/, 'missing; $1')
    .replace(/^Invalid (input|option): /, '')

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
