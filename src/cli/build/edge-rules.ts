import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { WORKER_KINDS } from '../../channels/kinds.ts'
import { compileRules } from '../../config/compile-rules.ts'
import { formatMistake, type Mistake } from '../../config/mistake.ts'
import { readTexts } from '../../config/rules-files.ts'

export type EdgeRules = {
  readonly folder: string
  /** The file to write; left alone while the folder has mistakes. */
  readonly target: string
  readonly err: (text: string) => void
}

/** Compiles a rules folder for the Worker. Resolves with false after every mistake was told as `rules/file:line:column: what`. */
export async function writeEdgeRules({ folder, target, err }: EdgeRules): Promise<boolean> {
  const { mistakes, unset, compiled } = compileRules(await readTexts(folder), WORKER_KINDS)
  const tell = (mistake: Mistake) =>
    err(`${formatMistake({ ...mistake, file: join(folder, mistake.file) })}\n`)
  mistakes.forEach(tell)
  if (mistakes.length > 0) return false
  if (unset.length > 0) err('The Worker will not start without these variables:\n')
  unset.forEach(tell)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, JSON.stringify(compiled))
  return true
}
