import type { CompileCondition } from '../risk/condition.ts'
import type { Mistake } from './mistake.ts'
import type { PlacedData, RulesFiles } from './placed-data.ts'

/** A rules folder as JSON, its YAML read while building: a Worker need not carry a reader of YAML. By path under the folder. */
export type CompiledRules = Readonly<Record<string, CompiledData | string>>
export type CompiledData = Pick<PlacedData, 'value'> & { readonly digest: string }

/**
 * `compileCondition` is the one that the compiler of the folder chose. Lines were told while building; what can still be wrong when
 * a Worker starts is told by its field.
 */
export const openCompiledRules = (
  compiled: CompiledRules,
  compileCondition: CompileCondition,
): RulesFiles =>
  new Map(
    Object.entries(compiled).map(([file, content]) => [
      file,
      typeof content === 'string' ? content : placed(file, content, compileCondition),
    ]),
  )

function placed(
  file: string,
  { value, digest }: CompiledData,
  compileCondition: CompileCondition,
): PlacedData {
  const at = (message: string): Mistake => ({ file, line: 1, column: 1, message })
  return {
    file,
    value,
    digest: () => digest,
    compileCondition,
    mistakes: [],
    mistakeAt: (_path, message) => at(message),
    mistakeAtKey: (_path, message) => at(message),
    mistakeInside: (_path, _offset, message) => at(message),
  }
}
