import { env } from 'cloudflare:workers'
import { openVault, type Vault } from '../../src/platform/vault.ts'
import { openD1 } from '../../src/storage/d1-database.ts'
import type { Database } from '../../src/storage/database.ts'
import { type MigrationFile, migrate } from '../../src/storage/migrate.ts'

const texts = import.meta.glob<string>('../../drizzle/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The project's migrations in their order. */
export const migrationFiles: readonly MigrationFile[] = Object.keys(texts)
  .sort()
  .map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), sql: texts[path] ?? '' }))

/** The Worker's own D1 database, emptied and migrated: every caller starts from nothing. */
export async function openFreshD1(): Promise<Database> {
  const database = openD1(env.DB)
  await dropTables(database)
  await migrate(database.driver, migrationFiles)
  return database
}

/** Rows are not deleted one by one, since the ledger's own triggers forbid that. */
async function dropTables({ driver }: Database): Promise<void> {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*'"
  const names = (await driver.all({ sql, args: [] })).map(({ name }) => String(name))
  const drops = names
    .filter((name) => !name.startsWith('sqlite_'))
    .map((name) => ({ sql: `DROP TABLE "${name}"`, args: [] }))
  await driver.batch([{ sql: 'PRAGMA defer_foreign_keys = on', args: [] }, ...drops])
}

/** A vault with a fixed key; nonces count up, so that a failing test fails the same way again. */
export function testVault(): Vault {
  let counter = 0
  return openVault([new Uint8Array(32).fill(7)], (length) => {
    counter += 1
    const bytes = new Uint8Array(length)
    new DataView(bytes.buffer).setUint32(0, counter)
    return bytes
  })
}
