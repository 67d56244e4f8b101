import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hands } from './cli/command.ts'
import { openData } from './config/data-files.ts'
import { type Environment, readEnvironment } from './config/environment.ts'
import { masterKeyOf } from './config/master-key-file.ts'
import { readTexts } from './config/rules-files.ts'
import { readModelFile } from './node-models.ts'
import type { Platform } from './platform/platform.ts'
import { realPlatform } from './platform/real.ts'
import { openVault, type Vault } from './platform/vault.ts'
import type { Model } from './risk/model/model.ts'
import type { LibsqlDatabase } from './storage/libsql-database.ts'

/** Something an operator must mend before the service can start; its message is all they need to read. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export type NodeGround = {
  readonly environment: Environment
  readonly platform: Platform
  readonly vault: Vault
  readonly db: LibsqlDatabase
  readonly dataDir: string
  /** Resolves when everything that was deferred is done. */
  readonly settle: () => Promise<void>
}

/** Environment, data directory, master key and database, in this order. Its driver is loaded here, since a replay needs none. */
export async function openGround(hands: Hands): Promise<NodeGround> {
  const environment = environmentOf(hands)
  const dataDir = environment.TOLLGATE_DATA_DIR
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const { defer, settle } = trackedTasks()
  const platform = realPlatform(defer, (line) => hands.err(`${line}\n`))
  const own = environment.TOLLGATE_MASTER_KEY ?? (await masterKeyOf(dataDir, platform.randomBytes))
  const vault = openVault([own, ...environment.TOLLGATE_OLD_MASTER_KEYS], platform.randomBytes)
  const url = environment.TOLLGATE_DATABASE_URL ?? `file:${join(dataDir, 'tollgate.db')}`
  const { openLibsql } = await import('./storage/libsql-database.ts')
  const db = await openLibsql(url, environment.TOLLGATE_DATABASE_TOKEN)
  return { environment, platform, vault, db, dataDir, settle }
}

export function environmentOf(hands: Pick<Hands, 'environment'>): Environment {
  const read = readEnvironment(hands.environment)
  if (read.kind === 'ok') return read.environment
  throw new StartError(
    ['The environment is wrong:', ...read.mistakes.map((each) => `  ${each}`)].join('\n'),
  )
}

/** Applies the files of drizzle/ that the database has not seen; answers their names. */
export async function migrateGround(hands: Hands, db: LibsqlDatabase): Promise<readonly string[]> {
  const texts = await readTexts(fileURLToPath(new URL('drizzle', hands.home)))
  const files = [...texts]
    .filter(([path]) => /^\d+_\w+\.sql$/.test(path))
    .map(([path, sql]) => ({ name: path, sql }))
  const { migrate } = await import('./storage/migrate.ts')
  return migrate(db.driver, files)
}

export async function migrateOnNode(hands: Hands): Promise<readonly string[]> {
  const { db } = await openGround(hands)
  try {
    return await migrateGround(hands, db)
  } finally {
    db.close()
  }
}

/** Where the data files are: beside a bundle, or where `npm run data` builds them. */
export function openNodeData(home: URL) {
  const bundled = new URL('data/', home)
  const dir = existsSync(bundled) ? bundled : new URL('dist/data/', home)
  return openData(fileURLToPath(dir))
}

/** The model of a named file, which must be there, or the program's own, if it has one. */
export async function openModel(home: URL, named?: string): Promise<Model | undefined> {
  const model = await readModelFile(named ?? fileURLToPath(new URL('models/forest.json', home)))
  if (model === undefined && named !== undefined)
    throw new StartError(`There is no model at ${named}.`)
  return model
}

/** Promises that go on behind an answer, so that a stop can wait for them. */
function trackedTasks() {
  const pending = new Set<Promise<unknown>>()
  return {
    defer: (task: Promise<unknown>) => {
      const tracked = task.catch(() => undefined).finally(() => pending.delete(tracked))
      pending.add(tracked)
    },
    settle: async () => {
      while (pending.size > 0) await Promise.allSettled(pending)
    },
  }
}
