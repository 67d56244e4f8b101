import { drizzle } from 'drizzle-orm/d1'
import {
  type Database,
  guarded,
  type Orm,
  type Row,
  type SqlDriver,
  type Statement,
} from './database.ts'

/** The part of Cloudflare's D1Database that we use. */
export interface D1Like {
  prepare(sql: string): D1StatementLike
  batch(statements: D1StatementLike[]): Promise<{ results: unknown[] }[]>
}
interface D1StatementLike {
  bind(...args: unknown[]): D1StatementLike
  all(): Promise<{ results: unknown[] }>
}

export function openD1(d1: D1Like): Database {
  return { orm: drizzle(d1 as never) as unknown as Orm, driver: d1Driver(d1) }
}

function d1Driver(d1: D1Like): SqlDriver {
  const bound = ({ sql, args }: Statement) => d1.prepare(sql).bind(...args)
  return {
    all: async (statement) => (await guarded(bound(statement).all())).results as Row[],
    batch: async (statements) => {
      const results = await guarded(d1.batch(statements.map(bound)))
      return results.map(({ results: rows }) => rows as Row[])
    },
  }
}
