import type { Invocation } from './command.ts'

/** Prints what was applied, or that nothing was to do. */
export async function migrateCommand({ hands }: Invocation): Promise<number> {
  const applied = await hands.migrate()
  hands.out(
    applied.length === 0 ? 'The database is up to date.\n' : `Applied ${applied.join(', ')}.\n`,
  )
  return 0
}
