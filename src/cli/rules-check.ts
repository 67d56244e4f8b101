import { resolve } from 'node:path'
import type { Environment } from '../channels/environment.ts'
import { NODE_KINDS } from '../channels/kinds-node.ts'
import { formatMistake } from '../config/mistake.ts'
import { readTexts } from '../config/rules-files.ts'
import { parseRulesFolder } from '../config/rules-folder.ts'
import { readRulesFiles } from '../config/yaml-file.ts'

/** What the check needs of its surroundings. */
export type RulesCheckHands = {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** For `${NAME}` in routes.yaml. */
  readonly environment: Environment
}

const EXIT_WRONG = 1
const EXIT_UNREADABLE = 2

/**
 * Reads a rules folder as the server would and tells every mistake, one line each, as `folder/file:line:column: what is wrong`.
 * Resolves with 0 when all is right, 1 when there are mistakes, 2 when the folder cannot be read.
 */
export async function checkRulesFolder(folder: string, hands: RulesCheckHands): Promise<number> {
  const texts = await textsOf(folder)
  if (texts === undefined) {
    hands.err(`There is no readable folder at ${resolve(folder)}.\n`)
    return EXIT_UNREADABLE
  }
  const { environment } = hands
  const parsed = parseRulesFolder(readRulesFiles(texts), { environment, kinds: NODE_KINDS })
  if (parsed.kind === 'ok') {
    const { ruleSet } = parsed.value
    hands.out(`${folder}: version ${ruleSet.version}, ${ruleSet.rules.length} rules, no mistakes\n`)
    return 0
  }
  const place = folder.replace(/\/+$/, '')
  for (const mistake of parsed.mistakes)
    hands.err(`${formatMistake({ ...mistake, file: `${place}/${mistake.file}` })}\n`)
  const { length } = parsed.mistakes
  hands.err(`${length} ${length === 1 ? 'mistake' : 'mistakes'}\n`)
  return EXIT_WRONG
}

async function textsOf(folder: string): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    return await readTexts(folder)
  } catch {
    return undefined
  }
}
