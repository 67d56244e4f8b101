import { type Client, createClient, type InStatement } from '@libsql/client'
import { drizzle } from 'drizzle-orm/libsql'
import {
  type Database,
  guarded,
  type Orm,
  type Row,
  type SqlDriver,
  type Statement,
} from './database.ts'
import { openLibsqlFile } from './libsql-file.ts'

export type LibsqlDatabase = Database & { readonly client: Client; close(): void }

/** An answer that was given survives a power cut, and a second process waits for its turn. */
const FILE_PRAGMAS = [
  'journal_mode=WAL',
  'synchronous=FULL',
  'busy_timeout=5000',
  'foreign_keys=ON',
]

/**
 * Opens an embedded file (`file:…`) or a remote libSQL. A file has two connections: the driver's own, and one for what
 * drizzle builds. Pragmas belong to a connection, so neither may open more: no interactive transactions.
 */
export async function openLibsql(url: string, authToken?: string): Promise<LibsqlDatabase> {
  return url.startsWith('file:') ? openFile(url) : openRemote(url, authToken)
}

async function openFile(url: string): Promise<LibsqlDatabase> {
  const driver = openLibsqlFile(pathOf(url), FILE_PRAGMAS)
  const client = createClient({ url, concurrency: 1 })
  for (const pragma of FILE_PRAGMAS) await client.execute(`PRAGMA ${pragma}`)
  return {
    client,
    orm: drizzle(client) as unknown as Orm,
    driver,
    close: () => {
      driver.close()
      client.close()
    },
  }
}

function openRemote(url: string, authToken: string | undefined): LibsqlDatabase {
  const client = createClient(authToken === undefined ? { url } : { url, authToken })
  return {
    client,
    orm: drizzle(client) as unknown as Orm,
    driver: clientDriver(client),
    close: () => client.close(),
  }
}

/** `file:name`, `file:/path` and `file:///path`. */
const pathOf = (url: string): string => decodeURIComponent(url.slice(5).replace(/^\/\/(?=\/)/, ''))

function clientDriver(client: Client): SqlDriver {
  return {
    all: async (statement) => rowsOf(await guarded(client.execute(toLibsql(statement)))),
    batch: async (statements) => {
      const results = await guarded(client.batch(statements.map(toLibsql), 'write'))
      return results.map(rowsOf)
    },
  }
}

const toLibsql = ({ sql, args }: Statement): InStatement => ({
  sql,
  args: args as (string | number | null)[],
})

const rowsOf = (result: { rows: readonly unknown[] }): readonly Row[] =>
  result.rows as readonly Row[]
