import { type SqlDriver, type Statement, StorageError } from './database.ts'

/** One file of `drizzle/`: its name says the order, its statements are separated by breakpoints. */
export type MigrationFile = { readonly name: string; readonly sql: string }

const BREAKPOINT = '--> statement-breakpoint'

/**
 * Brings a database up to date and answers the names that were applied now. Safe at every start and from several
 * processes at once: a migration and its name are written in one batch, and the second to try finds the name taken.
 * Throws StorageError when a migration itself fails; nothing of it stays.
 */
export async function migrate(
  driver: SqlDriver,
  files: readonly MigrationFile[],
): Promise<readonly string[]> {
  await driver.all(
    plain('CREATE TABLE IF NOT EXISTS applied_migrations (name text PRIMARY KEY NOT NULL)'),
  )
  const applied = await appliedNames(driver)
  const fresh: string[] = []
  for (const file of files) {
    if (!applied.has(file.name) && (await apply(driver, file))) fresh.push(file.name)
  }
  return fresh
}

async function apply(driver: SqlDriver, file: MigrationFile): Promise<boolean> {
  const claim: Statement = {
    sql: 'INSERT INTO applied_migrations (name) VALUES (?)',
    args: [file.name],
  }
  try {
    await driver.batch([claim, ...statementsOf(file.sql)])
    return true
  } catch (error) {
    const lost = error instanceof StorageError && (await appliedNames(driver)).has(file.name)
    if (!lost) throw error
    return false
  }
}

async function appliedNames(driver: SqlDriver): Promise<ReadonlySet<string>> {
  const rows = await driver.all(plain('SELECT name FROM applied_migrations'))
  return new Set(rows.map((row) => String(row.name)))
}

const statementsOf = (sql: string): readonly Statement[] =>
  sql
    .split(BREAKPOINT)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(plain)

const plain = (sql: string): Statement => ({ sql, args: [] })
