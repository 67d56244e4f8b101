import { fillPlaceholders, type SQL } from 'drizzle-orm'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'

export type SqlValue = string | number | null | Uint8Array
export type Statement = { readonly sql: string; readonly args: readonly SqlValue[] }
/** Columns by their SQL names. */
export type Row = Readonly<Record<string, SqlValue>>

/** What libSQL files, Turso and D1 have in common: single statements and atomic batches. */
export interface SqlDriver {
  all(statement: Statement): Promise<readonly Row[]>
  /** One transaction: all statements or none. Rows of each, in order. */
  batch(statements: readonly Statement[]): Promise<readonly (readonly Row[])[]>
}

/** Builds queries and reads rows; used for everything that is not on a login flow's path. */
export type Orm = BaseSQLiteDatabase<'async', unknown, Record<string, never>>

export type Database = { readonly orm: Orm; readonly driver: SqlDriver }

/** A driver's failure without its SQL and parameters, which would carry numbers and digests into logs. */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  /** `CHECK` constraint name, or `table.column` of a `UNIQUE` one. */
  readonly constraint: string | undefined

  constructor(cause: unknown) {
    const text = deepestMessage(cause)
    const constraint = /(?:CHECK|UNIQUE) constraint failed: ([\w.]+)/.exec(text)?.[1]
    super(constraint === undefined ? 'the database failed' : `constraint ${constraint}`)
    this.constraint = constraint
  }
}

/** Runs one storage step; whatever the driver throws comes out as a StorageError. */
export async function guarded<T>(step: PromiseLike<T>): Promise<T> {
  try {
    return await step
  } catch (error) {
    throw error instanceof StorageError ? error : new StorageError(error)
  }
}

type Buildable = { toSQL(): { sql: string; params: unknown[] } }

/** Builds a query with `sql.placeholder`s once; the answer fills them in, for the paths where building costs. */
export function prepared(
  query: Buildable,
): (values: Readonly<Record<string, unknown>>) => Statement {
  const { sql, params } = query.toSQL()
  return (values) => ({ sql, args: fillPlaceholders(params, values) as SqlValue[] })
}

/** One-off form of `prepared`. */
export function statementOf(
  query: Buildable | SQL,
  values: Readonly<Record<string, unknown>> = {},
): Statement {
  return prepared(query as Buildable)(values)
}

/** Drizzle hides the driver's error in `cause`, and prints parameters in its own message. */
function deepestMessage(error: unknown): string {
  let text = ''
  for (
    let depth = 0, at: unknown = error;
    depth < 5 && at instanceof Error;
    depth++, at = at.cause
  ) {
    text = at.message
  }
  return text
}
