import type { ASTNode } from '@marcbachmann/cel-js'
import type { CompiledCondition } from './condition.ts'
import { comparisonsOf } from './rule-comparisons.ts'
import { guardsOf } from './rule-parts.ts'

/**
 * A type-checked condition as JSON, for where no parser of CEL is at hand. Undefined where running it takes the interpreter.
 */
export function writeCondition(root: ASTNode): string | undefined {
  if (!guardsOf(root).isWhole) return undefined
  return JSON.stringify(root, (_key, value: unknown) => {
    if (typeof value === 'bigint') return { int: String(value) }
    return isNode(value) ? { op: value.op, args: value.args } : value
  })
}

/** Makes what `writeCondition` wrote callable: the same functions that the text is compiled to. Never throws. */
export function openCondition(text: string): CompiledCondition {
  const root = treeIn(text)
  const { guards, tests, isWhole } = root ? guardsOf(root) : NOTHING
  if (root === undefined || !isWhole)
    return { kind: 'wrong', faults: [{ offset: 0, message: 'not a condition of this build' }] }
  return {
    kind: 'ok',
    condition: (features) => {
      for (const guard of guards) if (!guard(features)) return false
      return true
    },
    tests,
    comparisons: comparisonsOf(root),
  }
}

const NOTHING = { guards: [], tests: [], isWhole: false } as const

function treeIn(text: string): ASTNode | undefined {
  try {
    const root: unknown = JSON.parse(text, (_key, value: unknown) =>
      isInt(value) ? BigInt(value.int) : value,
    )
    return isNode(root) ? root : undefined
  } catch {
    return undefined
  }
}

const isInt = (value: unknown): value is { readonly int: string } =>
  typeof value === 'object' && value !== null && 'int' in value

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value
