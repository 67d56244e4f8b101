import type { ASTNode } from '@marcbachmann/cel-js'

/** A feature that a condition looks at, with the constants that it is held against; none for a flag. */
export type Comparison = {
  /** Its catalogue name, `group.field`. */
  readonly feature: string
  readonly constants: readonly (number | string)[]
}

const COMPARING: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!=', 'in'])

/** Every feature of a type-checked condition, wherever it stands in it. Names the places where its outcome can turn. */
export function comparisonsOf(root: ASTNode): readonly Comparison[] {
  const found: Comparison[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) waiting.push(...next)
    if (!isNode(next)) continue
    const compared = comparisonOf(next)
    if (compared !== undefined) found.push(compared)
    else waiting.push(next.args)
  }
  return found.reverse()
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function comparisonOf(node: ASTNode): Comparison | undefined {
  const flag = featureName(node)
  if (flag !== undefined) return { feature: flag, constants: [] }
  if (!COMPARING.has(node.op) || !Array.isArray(node.args)) return undefined
  const [left, right] = node.args as [ASTNode, ASTNode]
  const feature = featureName(left) ?? featureName(right)
  if (feature === undefined) return undefined
  const constants = [...constantsOf(left), ...constantsOf(right)]
  return constants.length === 0 ? undefined : { feature, constants }
}

function featureName(node: ASTNode): string | undefined {
  if (node.op !== '.' || node.args[0].op !== 'id') return undefined
  return `${node.args[0].args}.${node.args[1]}`
}

function constantsOf(node: ASTNode): readonly (number | string)[] {
  if (node.op === 'list') return node.args.flatMap(constantsOf)
  if (node.op !== 'value') return []
  const { args } = node
  if (typeof args === 'bigint') return [Number(args)]
  return typeof args === 'number' || typeof args === 'string' ? [args] : []
}
