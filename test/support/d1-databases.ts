import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getPlatformProxy } from 'wrangler'
import { type D1Like, openD1 } from '../../src/storage/d1-database.ts'
import type { Database } from '../../src/storage/database.ts'
import { migrate } from '../../src/storage/migrate.ts'
import { migrationFiles } from './databases.ts'

/** So many tests of one file can have a database of their own. */
const DATABASES = 64

export type D1Databases = {
  /** A migrated, empty database that nobody else has. */
  open(): Promise<Database>
  stop(): Promise<void>
}

/** Real D1 databases for tests on Node: workerd's own, in memory, reached through wrangler. */
export async function startD1(): Promise<D1Databases> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-d1-'))
  const configPath = join(folder, 'wrangler.json')
  const names = Array.from({ length: DATABASES }, (_, index) => `DB${index}`)
  const databases = names.map((binding) => ({
    binding,
    database_name: binding,
    database_id: binding,
  }))
  await writeFile(
    configPath,
    JSON.stringify({
      name: 'stores',
      compatibility_date: '2026-01-01',
      d1_databases: databases,
    }),
  )
  const proxy = await getPlatformProxy<Record<string, D1Like>>({ configPath, persist: false })
  const files = await migrationFiles()
  return {
    open: async () => {
      const d1 = proxy.env[names.pop() ?? '']
      if (d1 === undefined) throw new Error(`more than ${DATABASES} D1 databases in one test file`)
      const database = openD1(d1)
      await migrate(database.driver, files)
      return database
    },
    stop: async () => {
      await proxy.dispose()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
