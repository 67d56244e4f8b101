import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openVault, type Vault } from '../../src/platform/vault.ts'
import type { Database } from '../../src/storage/database.ts'
import { openLibsql } from '../../src/storage/libsql-database.ts'
import { type MigrationFile, migrate } from '../../src/storage/migrate.ts'

export type TestDatabase = Database & { readonly path: string; close(): Promise<void> }

const MIGRATIONS = new URL('../../drizzle/', import.meta.url)

/** The project's migrations in their order. */
export async function migrationFiles(): Promise<readonly MigrationFile[]> {
  const names = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(new URL(name, MIGRATIONS), 'utf8') })),
  )
}

/** A migrated libSQL file of its own in a temporary folder; `close` removes it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-'))
  const path = join(folder, 'test.db')
  const database = await openLibsql(`file:${path}`)
  await migrate(database.driver, await migrationFiles())
  return {
    orm: database.orm,
    driver: database.driver,
    path,
    close: async () => {
      database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
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
