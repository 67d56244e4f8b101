import { type Mistake as PathMistake, UNKNOWN_FIELD } from '../domain/mistake.ts'
import type { CompileCondition } from '../risk/condition.ts'
import { type Mistake, type Parsed, sortMistakes } from './mistake.ts'

export type Path = readonly (string | number)[]

/** A file of the operator's as plain data that can tell where everything stood. */
export type PlacedData = {
  /** As mistakes name it. */
  readonly file: string
  readonly value: unknown
  /** What tells two texts apart: a short hash of the file as it was written, comments included. */
  readonly digest: () => string
  /** How the conditions in it are written: as text, or parsed while building. */
  readonly compileCondition: CompileCondition
  /** What the format itself objects to. `value` is undefined then, unless only keys are repeated. */
  readonly mistakes: readonly Mistake[]
  /** A mistake at the value under `path`, or at the nearest thing around it that is there. */
  readonly mistakeAt: (path: Path, message: string) => Mistake
  /** A mistake at the key that `path` ends with. */
  readonly mistakeAtKey: (path: Path, message: string) => Mistake
  /** A mistake inside the text under `path`, `offset` UTF-16 units from its start as the reader sees it. */
  readonly mistakeInside: (path: Path, offset: number, message: string) => Mistake
}

/** A rules folder by path under it, with `/` between the parts: YAML is read as data, all else is text. */
export type RulesFiles = ReadonlyMap<string, PlacedData | string>

export const MISTAKES_MAX = 200

export type Checked<T> =
  | { readonly kind: 'good'; readonly value: T }
  | { readonly kind: 'bad'; readonly mistakes: readonly PathMistake[] }

/** Has a file's data judged by `check`, and puts its mistakes where they stand in the file. */
export function checkPlaced<T>(data: PlacedData, check: (value: unknown) => Checked<T>): Parsed<T> {
  if (data.value === undefined && data.mistakes.length > 0) return wrong(data.mistakes)
  const checked = check(data.value)
  const found = checked.kind === 'bad' ? placeMistakes(data, checked.mistakes) : []
  const mistakes = [...data.mistakes, ...found]
  if (checked.kind === 'good' && mistakes.length === 0) return { kind: 'ok', value: checked.value }
  return wrong(mistakes)
}

const wrong = (mistakes: readonly Mistake[]) =>
  ({ kind: 'wrong', mistakes: sortMistakes(mistakes).slice(0, MISTAKES_MAX) }) as const

/** Mistakes in data as mistakes in its file, each with the words for the place. */
export const placeMistakes = (
  data: PlacedData,
  mistakes: readonly PathMistake[],
): readonly Mistake[] =>
  mistakes.slice(0, MISTAKES_MAX).map(({ path, message }) => {
    const place = pathText(path)
    const text = place === '' ? plainer(message) : `${place}: ${plainer(message)}`
    return message === UNKNOWN_FIELD ? data.mistakeAtKey(path, text) : data.mistakeAt(path, text)
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
