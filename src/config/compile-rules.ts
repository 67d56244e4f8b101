import { isDeepStrictEqual } from 'node:util'
import { isUnsetVariable } from '../channels/environment.ts'
import type { RegisteredKind } from '../channels/registered-kind.ts'
import { portableCondition } from '../risk/rule-environment.ts'
import type { CompiledRules } from './compiled-rules.ts'
import type { Mistake } from './mistake.ts'
import type { PlacedData, RulesFiles } from './placed-data.ts'
import { isIgnored, POLICIES, parseRulesFolder } from './rules-folder.ts'
import { readRulesFiles } from './yaml-file.ts'

export type Compilation = {
  /** Nothing may be built while there are any. */
  readonly mistakes: readonly Mistake[]
  /** Variables that routes.yaml names and only the place where it will run knows; asked for again there. */
  readonly unset: readonly Mistake[]
  /** A condition needs the interpreter of CEL, so all of them are left as text; else `openCondition` reads them. */
  readonly interpreted: boolean
  readonly compiled: CompiledRules
}

/** Checks the texts of a rules folder as a start would, and turns them into what `openCompiledRules` opens. Never throws. */
export function compileRules(
  texts: ReadonlyMap<string, string>,
  kinds: readonly RegisteredKind[],
): Compilation {
  const files = new Map([...readRulesFiles(texts)].filter(([path]) => !isIgnored(path)))
  const parsed = parseRulesFolder(files, { environment: {}, kinds })
  const found = parsed.kind === 'wrong' ? parsed.mistakes : []
  const data = [...files.values()].filter((content) => typeof content !== 'string')
  const mistakes = [
    ...found.filter(({ message }) => !isUnsetVariable(message)),
    ...data.flatMap(unlikeJson),
  ]
  const ported = mistakes.length > 0 ? undefined : portedPolicies(files)
  return {
    mistakes,
    interpreted: ported === undefined,
    unset: found.filter(({ message }) => isUnsetVariable(message)),
    compiled: Object.fromEntries(
      [...files].map(([path, content]) => [path, compileFile(path, ported?.get(path) ?? content)]),
    ),
  }
}

function compileFile(path: string, content: PlacedData | string): CompiledRules[string] {
  if (typeof content !== 'string') return { value: content.value, digest: content.digest() }
  return path.endsWith('.txt') ? withoutComments(content) : content
}

/** Policies with every condition as `openCondition` reads it; undefined when one cannot be. Only for a folder without mistakes. */
function portedPolicies(files: RulesFiles): RulesFiles | undefined {
  const ported = new Map<string, PlacedData>()
  for (const [path, content] of files) {
    if (typeof content === 'string' || !POLICIES.includes(path)) continue
    const { rules, ...rest } = content.value as { readonly rules: readonly { when: string }[] }
    const portable = rules.map((rule) => ({ ...rule, when: portableCondition(rule.when) }))
    if (portable.some(({ when }) => when === undefined)) return undefined
    ported.set(path, { ...content, value: { ...rest, rules: portable } })
  }
  return ported
}

/** Lists of networks are mostly names of their owners, for people. */
const withoutComments = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .join('\n')

/** YAML can say more than JSON, such as .inf; a value must not change on its way. */
function unlikeJson({ value, mistakeAt }: PlacedData): readonly Mistake[] {
  const isSame = isDeepStrictEqual(value, JSON.parse(JSON.stringify(value) ?? 'null'))
  return value === undefined || isSame ? [] : [mistakeAt([], 'holds a value that JSON cannot say')]
}
