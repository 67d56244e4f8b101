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

export type LibsqlDatabase = Database & { readonly client: Client; close(): void }

/**
 * Opens an embedded file (`file:…`) or a remote libSQL. A file gets WAL and synchronous=FULL: an answer that was given
 * survives a power cut. It has one connection: pragmas belong to a connection, calls on it are synchronous, and a second
 * one would only wait for the first. So never use an interactive transaction on it.
 */
export async function openLibsql(url: string, authToken?: string): Promise<LibsqlDatabase> {
  const file = url.startsWith('file:')
  const client = createClient({
    url,
    ...(authToken === undefined ? {} : { authToken }),
    ...(file ? { concurrency: 1 } : {}),
  })
  if (file) {
    for (const pragma of [
      'journal_mode=WAL',
      'synchronous=FULL',
      'busy_timeout=5000',
      'foreign_keys=ON',
    ]) {
      await client.execute(`PRAGMA ${pragma}`)
    }
  }
  return {
    client,
    orm: drizzle(client) as unknown as Orm,
    driver: libsqlDriver(client),
    close: () => client.close(),
  }
}

function libsqlDriver(client: Client): SqlDriver {
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
