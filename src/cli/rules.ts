import { type Invocation, UsageError } from './command.ts'
import { checkRulesFolder } from './rules-check.ts'

/** `tollgate rules check [DIR]` */
export async function rulesCommand({ hands, positionals }: Invocation): Promise<number> {
  const [verb, folder] = positionals
  if (verb !== 'check') throw new UsageError(`there is no 'rules ${verb}', only 'rules check'`)
  return checkRulesFolder(folder ?? hands.environment.TOLLGATE_RULES_DIR ?? 'rules', hands)
}
