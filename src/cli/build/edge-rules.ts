import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WORKER_KINDS } from '../../channels/kinds.ts'
import { compileRules } from '../../config/compile-rules.ts'
import { formatMistake, type Mistake } from '../../config/mistake.ts'
import { readTexts } from '../../config/rules-files.ts'

export type EdgeRules = {
  readonly folder: string
  /** Gets `rules.json` and `conditions.js`; left alone while the folder has mistakes. */
  readonly out: string
  readonly err: (text: string) => void
}

/** The Worker's way to compile conditions: the interpreter of CEL weighs 23 KiB gzipped, and few conditions need it. */
const PARSED =
  "export { openCondition as compileCondition } from '../../src/risk/portable-condition.ts'\n"
const INTERPRETED = "export { compileCondition } from '../../src/risk/rule-environment.ts'\n"

/** Compiles a rules folder for the Worker. Resolves with false after every mistake was told as `rules/file:line:column: what`. */
export async function writeEdgeRules({ folder, out, err }: EdgeRules): Promise<boolean> {
  const texts = await readTexts(folder)
  const { mistakes, unset, interpreted, compiled } = compileRules(texts, WORKER_KINDS)
  const tell = (mistake: Mistake) =>
    err(`${formatMistake({ ...mistake, file: join(folder, mistake.file) })}\n`)
  mistakes.forEach(tell)
  if (mistakes.length > 0) return false
  if (unset.length > 0) err('The Worker will not start without these variables:\n')
  unset.forEach(tell)
  await mkdir(out, { recursive: true })
  await writeFile(join(out, 'rules.json'), JSON.stringify(compiled))
  await writeFile(join(out, 'conditions.js'), interpreted ? INTERPRETED : PARSED)
  return true
}
