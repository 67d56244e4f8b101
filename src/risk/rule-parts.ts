import type { ASTNode } from '@marcbachmann/cel-js'
import { FEATURES } from './feature-catalogue.ts'
import type { FeatureType } from './feature-facts.ts'
import { type FeatureValues, wordAt } from './feature-values.ts'
import { TEST_OPS, type Test } from './rule-sieve.ts'

/** A part of a condition as a plain function of the features. */
export type Guard = (read: FeatureValues) => boolean
type Part =
  | {
      readonly type: 'bool'
      readonly read: Guard
      /** The same, where it is nothing but a test. */
      readonly test?: Test
    }
  | {
      readonly type: 'double'
      readonly read: (read: FeatureValues) => number
      /** Where it is nothing but a feature. */
      readonly feature?: { readonly place: number; readonly standIn: number }
      /** Where it is nothing but a literal. */
      readonly value?: number
    }
  /** A whole literal: CEL calculates with two of them in another way than with doubles. */
  | { readonly type: 'int'; readonly value: number; readonly read: () => number }
  | { readonly type: 'string'; readonly read: (read: FeatureValues) => string }

export type Guards = {
  readonly guards: readonly Guard[]
  /** Those of the guards that are tests. */
  readonly tests: readonly Test[]
  /** The condition is nothing but its guards, so it holds when all of them do. */
  readonly isWhole: boolean
}

/**
 * The parts joined by `&&` at the top of a type-checked condition that can be run without the interpreter, at a small fraction
 * of its cost: comparisons, logic and arithmetic over features. Reading a feature never fails, so the order of parts does not
 * matter, and in CEL one false part makes the whole false whatever the others do.
 */
export function guardsOf(root: ASTNode): Guards {
  const conjuncts = conjunctsOf(root)
  const parts = conjuncts.map(partOf).filter((part) => part?.type === 'bool')
  return {
    guards: parts.map(({ read }) => read),
    tests: parts.flatMap(({ test }) => test ?? []),
    isWhole: parts.length === conjuncts.length,
  }
}

function conjunctsOf(root: ASTNode): readonly ASTNode[] {
  const parts: ASTNode[] = []
  const waiting: ASTNode[] = [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.op === '&&') waiting.push(node.args[1], node.args[0])
    else parts.push(node)
  }
  return parts
}

function guardOf(node: ASTNode): Guard | undefined {
  const part = partOf(node)
  return part?.type === 'bool' ? part.read : undefined
}

/** undefined: only the interpreter knows what this comes to. */
function partOf(node: ASTNode): Part | undefined {
  if (node.op === 'value') return literal(node.args)
  if (node.op === '.') return feature(node)
  if (node.op === '!_') return negation(partOf(node.args))
  if (node.op === '?:') return choice(node.args)
  if (node.op === 'in') return membership(node.args)
  return binary(node)
}

function literal(value: unknown): Part | undefined {
  if (typeof value === 'bigint') return int(Number(value))
  if (typeof value === 'number') return { type: 'double', value, read: () => value }
  if (typeof value === 'string') return { type: 'string', read: () => value }
  return typeof value === 'boolean' ? { type: 'bool', read: () => value } : undefined
}

const int = (value: number): Part | undefined =>
  Number.isSafeInteger(value) ? { type: 'int', value, read: () => value } : undefined

const PLACES: ReadonlyMap<string, number> = new Map(FEATURES.map(({ name }, at) => [name, at]))

function feature(node: ASTNode & { readonly op: '.' }): Part | undefined {
  const [owner, field] = node.args
  const place = owner.op === 'id' ? PLACES.get(`${owner.args}.${field}`) : undefined
  const described = place === undefined ? undefined : FEATURES[place]
  if (place === undefined || described === undefined) return undefined
  return READING[described.type](place, described.unknown)
}

/** What is not known stands at its catalogue default. */
const READING: Readonly<Record<FeatureType, (place: number, unknown: unknown) => Part>> = {
  bool: (place, unknown) => ({
    type: 'bool',
    test: { place, op: '==', literal: 1, isSo: unknown === true },
    read:
      unknown === true ? ({ values }) => values[place] !== 0 : ({ values }) => values[place] === 1,
  }),
  double: (place, unknown) => {
    const standIn = Number(unknown)
    return {
      type: 'double',
      feature: { place, standIn },
      read: ({ values }) => {
        const value = values[place] as number
        return Number.isNaN(value) ? standIn : value
      },
    }
  },
  string: (place, unknown) => {
    const at = wordAt(place)
    return { type: 'string', read: ({ words }) => words[at] ?? String(unknown) }
  },
}

function negation(of: Part | undefined): Part | undefined {
  if (of?.type !== 'bool') return undefined
  const read: Guard = (features) => !of.read(features)
  const { test } = of
  const isFlag = test?.op === '==' && test.literal === 1 && isFlagAt(test.place)
  return isFlag
    ? { type: 'bool', read, test: { ...test, literal: 0, isSo: !test.isSo } }
    : { type: 'bool', read }
}

const isFlagAt = (place: number): boolean => FEATURES[place]?.type === 'bool'

function choice([condition, yes, no]: readonly ASTNode[]): Part | undefined {
  const asks = condition && guardOf(condition)
  const [one, other] = [yes && partOf(yes), no && partOf(no)]
  if (asks === undefined || one?.type !== 'double' || other?.type !== 'double') return undefined
  return { type: 'double', read: (read) => (asks(read) ? one.read(read) : other.read(read)) }
}

function membership([needle, list]: readonly ASTNode[]): Part | undefined {
  const asked = needle && partOf(needle)
  if (asked?.type !== 'string' || list?.op !== 'list') return undefined
  const words = list.args.flatMap((each: ASTNode) =>
    each.op === 'value' && typeof each.args === 'string' ? [each.args] : [],
  )
  if (words.length !== list.args.length) return undefined
  return { type: 'bool', read: (read) => words.includes(asked.read(read)) }
}

function binary(node: ASTNode): Part | undefined {
  if (!Array.isArray(node.args)) return undefined
  const [left, right] = (node.args as readonly ASTNode[]).map((arg) => arg && partOf(arg))
  if (left === undefined || right === undefined) return undefined
  if (left.type === 'bool' && right.type === 'bool') return logic(node.op, left.read, right.read)
  if (left.type === 'string' && right.type === 'string') {
    const equal: Guard = (read) => left.read(read) === right.read(read)
    return equality(node.op, equal)
  }
  const isNumeric =
    isNumber(left) && isNumber(right) && !(left.type === 'int' && right.type === 'int')
  return isNumeric
    ? (comparison(node.op, left, right) ?? sum(node.op, left.read, right.read))
    : undefined
}

type Numeric = Extract<Part, { readonly type: 'double' | 'int' }>
const isNumber = (part: Part): part is Numeric => part.type === 'double' || part.type === 'int'

function logic(op: string, left: Guard, right: Guard): Part | undefined {
  if (op === '&&') return { type: 'bool', read: (read) => left(read) && right(read) }
  if (op === '||') return { type: 'bool', read: (read) => left(read) || right(read) }
  return equality(op, (read) => left(read) === right(read))
}

function equality(op: string, equal: Guard): Part | undefined {
  if (op === '==') return { type: 'bool', read: equal }
  return op === '!=' ? negation({ type: 'bool', read: equal }) : undefined
}

type Reader = Numeric['read']
type Comparing = (left: Reader, right: Reader) => Guard
const COMPARING: Readonly<Record<string, Comparing>> = {
  '>=': (left, right) => (read) => left(read) >= right(read),
  '>': (left, right) => (read) => left(read) > right(read),
  '<=': (left, right) => (read) => left(read) <= right(read),
  '<': (left, right) => (read) => left(read) < right(read),
  '==': (left, right) => (read) => left(read) === right(read),
  '!=': (left, right) => (read) => left(read) !== right(read),
}

function comparison(op: string, left: Numeric, right: Numeric): Part | undefined {
  const make = COMPARING[op]
  if (make === undefined) return undefined
  const read = make(left.read, right.read)
  const test = testOf(op, left, right)
  return test === undefined ? { type: 'bool', read } : { type: 'bool', read, test }
}

/** Nearly all comparisons are of a feature with a literal. */
function testOf(op: string, left: Numeric, right: Numeric): Test | undefined {
  const known = TEST_OPS.find((each) => each === op)
  if (known === undefined || left.type !== 'double' || left.feature === undefined) return undefined
  const { value: literal } = right
  if (literal === undefined) return undefined
  const { place, standIn } = left.feature
  const isSo = COMPARING[op]?.(
    () => standIn,
    () => literal,
  )(NOTHING_READ)
  return { place, op: known, literal, isSo: isSo === true }
}

const NOTHING_READ: FeatureValues = { values: new Float64Array(0), words: [] }

const CALCULATING: Readonly<
  Record<string, (left: Reader, right: Reader) => (read: FeatureValues) => number>
> = {
  '+': (left, right) => (read) => left(read) + right(read),
  '-': (left, right) => (read) => left(read) - right(read),
  '*': (left, right) => (read) => left(read) * right(read),
  '/': (left, right) => (read) => left(read) / right(read),
}

function sum(op: string, left: Reader, right: Reader): Part | undefined {
  const make = CALCULATING[op]
  return make && { type: 'double', read: make(left, right) }
}
