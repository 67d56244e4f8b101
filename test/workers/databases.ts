import { reset } from 'cloudflare:test'
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
  await reset()
  const database = openD1(env.DB)
  await migrate(database.driver, migrationFiles)
  return database
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
