import { mistakesOf } from '../domain/mistake.ts'
import { nearestTo } from '../risk/nearest.ts'
import { SCORE_PARDONED } from '../risk/pardon.ts'
import { compilePolicy, type Policy, policySchema, type RuleSet } from '../risk/rules.ts'
import { type Mistake, type Parsed, sortMistakes } from './mistake.ts'
import { type PlacedData, placeMistakes } from './placed-data.ts'

/** Judges policy.yaml: YAML, shape, ids and every condition, with all mistakes at once. Never throws. */
export function parsePolicyFile(yaml: PlacedData): Parsed<RuleSet> {
  if (yaml.value === undefined && yaml.mistakes.length > 0) return wrong(yaml.mistakes)
  const repeated = repeatedIds(yaml)
  const parsed = policySchema.safeParse(yaml.value)
  if (!parsed.success) {
    const shape = placeMistakes(yaml, mistakesOf(parsed.error.issues))
    return wrong([...yaml.mistakes, ...shape, ...repeated, ...looseConditions(yaml)])
  }
  const compiled = compilePolicy(parsed.data, yaml.compileCondition, versionOf(parsed.data, yaml))
  const faults = compiled.kind === 'wrong' ? compiled.faults : []
  const mistakes = [
    ...yaml.mistakes,
    ...repeated,
    ...strangePardons(yaml, parsed.data),
    ...faults.map((fault) =>
      yaml.mistakeInside(['rules', fault.rule, 'when'], fault.offset, fault.message),
    ),
  ]
  if (compiled.kind === 'wrong' || mistakes.length > 0) return wrong(mistakes)
  return { kind: 'ok', value: compiled.ruleSet }
}

const wrong = (mistakes: readonly Mistake[]) =>
  ({ kind: 'wrong', mistakes: sortMistakes(mistakes) }) as const

/** The author's name for the policy, and what tells two texts of that name apart. */
const versionOf = (policy: Policy, { digest }: PlacedData): string =>
  `${policy.version}+${digest()}`

type LooseRule = { readonly id?: unknown; readonly when?: unknown }

/** Rules as far as a misshapen file has any, so that one wrong field does not hide the other mistakes. */
function looseRules(yaml: PlacedData): readonly LooseRule[] {
  const root = yaml.value
  if (typeof root !== 'object' || root === null || !('rules' in root)) return []
  if (!Array.isArray(root.rules)) return []
  return root.rules.map((rule: unknown) => (typeof rule === 'object' && rule !== null ? rule : {}))
}

function repeatedIds(yaml: PlacedData): readonly Mistake[] {
  const first = new Map<unknown, number>()
  return looseRules(yaml).flatMap(({ id }, index) => {
    if (typeof id !== 'string') return []
    const earlier = first.get(id)
    if (earlier === undefined) first.set(id, index)
    const message = `rules[${index}].id: "${id}" is the id of rules[${earlier}] already`
    return earlier === undefined ? [] : [yaml.mistakeAt(['rules', index, 'id'], message)]
  })
}

function looseConditions(yaml: PlacedData): readonly Mistake[] {
  return looseRules(yaml).flatMap(({ when }, index) => {
    if (typeof when !== 'string' || when === '') return []
    const compiled = yaml.compileCondition(when)
    if (compiled.kind === 'ok') return []
    return compiled.faults.map(({ offset, message }) =>
      yaml.mistakeInside(['rules', index, 'when'], offset, message),
    )
  })
}

/** A pardon that names no rule that challenges would never do anything. */
function strangePardons(yaml: PlacedData, { rules }: Policy): readonly Mistake[] {
  const challenging = rules.filter(({ action }) => action === 'challenge').map(({ id }) => id)
  return rules.flatMap(({ pardons = [] }, index) =>
    pardons.flatMap((id, at) => {
      if (id === SCORE_PARDONED || challenging.includes(id)) return []
      const near = nearestTo(id, challenging)
      const hint = near === undefined ? '' : `; did you mean "${near}"?`
      const message = `rules[${index}].pardons[${at}]: no rule that challenges has the id "${id}"${hint}`
      return [yaml.mistakeAt(['rules', index, 'pardons', at], message)]
    }),
  )
}
