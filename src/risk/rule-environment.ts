import { type ASTNode, Environment } from '@marcbachmann/cel-js'
import type { CompiledCondition, Condition, ConditionFault } from './condition.ts'
import { GROUP_VIEWS } from './group-views.ts'
import { nearestTo } from './nearest.ts'
import { writeCondition } from './portable-condition.ts'
import { comparisonsOf } from './rule-comparisons.ts'
import { guardsOf } from './rule-parts.ts'

const CONDITION_LENGTH_MAX = 4000
const CONDITION_NODES_MAX = 500
const CONDITION_DEPTH_MAX = 40

const GROUPS: ReadonlyMap<string, readonly string[]> = new Map(
  GROUP_VIEWS.map((group) => [group.name, Object.keys(group.fields)]),
)

type Numeric = number | bigint
const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
}

/** Features are doubles, but `2` in a condition is an int, and CEL by itself refuses to calculate with one of each. */
function allowMixedNumbers(environment: Environment): void {
  const equal = (left: Numeric, right: Numeric) => Number(left) === Number(right)
  environment.registerOperator('double == int', equal)
  for (const [operator, calculate] of Object.entries(ARITHMETIC)) {
    const mixed = (left: Numeric, right: Numeric) => calculate(Number(left), Number(right))
    environment.registerOperator(`double ${operator} int: double`, mixed)
    environment.registerOperator(`int ${operator} double: double`, mixed)
  }
}

function makeEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    limits: { maxAstNodes: CONDITION_NODES_MAX, maxDepth: CONDITION_DEPTH_MAX },
  })
  allowMixedNumbers(environment)
  for (const { name, fields, View } of GROUP_VIEWS) {
    environment.registerType(`${name}_features`, { ctor: View, fields })
    environment.registerVariable(name, `${name}_features`)
  }
  return environment
}

const ENVIRONMENT = makeEnvironment()

/** Checks a CEL condition against the catalogue, all unknown features at once, and makes it callable. Never throws. */
export function compileCondition(text: string): CompiledCondition {
  if (text.length > CONDITION_LENGTH_MAX)
    return wrong(0, `a condition has at most ${CONDITION_LENGTH_MAX} characters`)
  try {
    const parsed = ENVIRONMENT.parse(text)
    const unknown = unknownFeatures(parsed.ast)
    if (unknown.length > 0) return { kind: 'wrong', faults: unknown }
    const checked = parsed.check()
    if (!checked.valid) return faultOf(checked.error)
    if (checked.type !== 'bool')
      return wrong(0, `expected a condition that is true or false, got ${checked.type}`)
    const { guards, tests, isWhole } = guardsOf(parsed.ast)
    const condition: Condition = (features) => {
      for (const guard of guards) if (!guard(features)) return false
      return isWhole || parsed(features.context()) === true
    }
    return { kind: 'ok', condition, tests, comparisons: comparisonsOf(parsed.ast) }
  } catch (error) {
    return faultOf(error)
  }
}

/** What `openCondition` opens, of a text that `compileCondition` has no fault to find with. Undefined: it needs CEL's interpreter. */
export function portableCondition(text: string): string | undefined {
  const parsed = ENVIRONMENT.parse(text)
  return parsed.check().valid ? writeCondition(parsed.ast) : undefined
}

const wrong = (offset: number, message: string): CompiledCondition => ({
  kind: 'wrong',
  faults: [{ offset, message }],
})

type CelError = {
  readonly code: string
  readonly summary: string
  readonly range?: { readonly start: number }
}
const isCelError = (error: unknown): error is CelError =>
  error instanceof Error && 'summary' in error && typeof error.summary === 'string'

function faultOf(error: unknown): CompiledCondition {
  if (!isCelError(error)) return wrong(0, 'the condition cannot be read')
  const offset = error.range?.start ?? 0
  const name = /^Unknown variable: (\w+)$/.exec(error.summary)?.[1]
  if (name !== undefined)
    return wrong(offset, `unknown feature group "${name}"${suggestion(name, [...GROUPS.keys()])}`)
  return wrong(offset, `not a valid CEL condition: ${error.summary}`)
}

function suggestion(word: string, candidates: readonly string[], prefix = ''): string {
  const nearest = nearestTo(word, candidates)
  return nearest === undefined ? '' : `; did you mean "${prefix}${nearest}"?`
}

/** CEL stops at its first mistake and lets `has(phone.typo)` pass, so the names are looked up by ourselves. */
function unknownFeatures(root: ASTNode): readonly ConditionFault[] {
  const faults: ConditionFault[] = []
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if (Array.isArray(next)) waiting.push(...next)
    if (!isNode(next)) continue
    const fault = next.op === '.' ? unknownField(next) : undefined
    if (fault !== undefined) faults.push(fault)
    waiting.push(next.args)
  }
  return faults.sort((left, right) => left.offset - right.offset)
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

function unknownField(node: ASTNode & { readonly op: '.' }): ConditionFault | undefined {
  const [owner, field] = node.args
  if (owner.op !== 'id') return undefined
  const fields = GROUPS.get(owner.args)
  if (fields === undefined || fields.includes(field)) return undefined
  const elsewhere = suggestion(field, fields, `${owner.args}.`)
  return { offset: owner.start, message: `unknown feature "${owner.args}.${field}"${elsewhere}` }
}
