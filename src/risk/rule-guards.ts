import type { ASTNode } from '@marcbachmann/cel-js'
import type { Features } from './features.ts'

/** A part of a condition without which the whole cannot be true. */
export type Guard = (context: Features['context']) => boolean

/** `isWhole`: the condition is nothing but its guards, so it holds when all of them do. */
export type Guards = { readonly guards: readonly Guard[]; readonly isWhole: boolean }

/**
 * The parts joined by `&&` at the top of a type-checked condition that merely compare one feature with a literal, or are a
 * feature. In CEL one false part makes the whole false whatever the others do, so most rules are ruled out by these alone, at a
 * fraction of the cost of the interpreter.
 */
export function guardsOf(root: ASTNode): Guards {
  const parts = conjunctsOf(root)
  const guards = parts.flatMap((part) => guardOf(part) ?? [])
  return { guards, isWhole: guards.length === parts.length }
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
  if (node.op === '!_') {
    const name = featureOf(node.args)
    return name && ((context) => valueIn(context, name) === false)
  }
  const name = featureOf(node)
  return name ? (context) => valueIn(context, name) === true : comparisonGuard(node)
}

type FeatureName = { readonly group: string; readonly field: string }

function featureOf(node: ASTNode): FeatureName | undefined {
  if (node.op !== '.' || node.args[0].op !== 'id') return undefined
  return { group: node.args[0].args, field: node.args[1] }
}

const valueIn = (context: Features['context'], { group, field }: FeatureName): unknown =>
  (context[group] as Readonly<Record<string, unknown>>)[field]

function comparisonGuard(node: ASTNode): Guard | undefined {
  const make = COMPARISONS[node.op]
  if (make === undefined || !Array.isArray(node.args)) return undefined
  const [left, right] = node.args as [ASTNode, ASTNode]
  const name = featureOf(left)
  const literal = literalOf(right)
  return name === undefined || literal === undefined ? undefined : make(name, literal as number)
}

/** A literal of another type than the feature's never gets here: the condition would not have passed its type check. */
const COMPARISONS: Readonly<Record<string, (name: FeatureName, literal: number) => Guard>> = {
  '>=': (name, literal) => (context) => (valueIn(context, name) as number) >= literal,
  '>': (name, literal) => (context) => (valueIn(context, name) as number) > literal,
  '<=': (name, literal) => (context) => (valueIn(context, name) as number) <= literal,
  '<': (name, literal) => (context) => (valueIn(context, name) as number) < literal,
  '==': (name, literal) => (context) => valueIn(context, name) === literal,
}

function literalOf(node: ASTNode): number | string | undefined {
  if (node.op !== 'value') return undefined
  const { args } = node
  if (typeof args === 'bigint') return Number(args)
  return typeof args === 'number' || typeof args === 'string' ? args : undefined
}
