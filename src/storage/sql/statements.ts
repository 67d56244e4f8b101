import type { Row, SqlValue, Statement } from '../database.ts'

/** An INSERT of one row, built once; the answer takes the row by its column names. */
export function insertInto(table: string, columns: readonly string[]): (row: Row) => Statement {
  const places = columns.map(() => '?').join(', ')
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`
  return (row) => ({ sql, args: columns.map((column) => row[column] ?? null) })
}

export const statement = (sql: string, ...args: readonly SqlValue[]): Statement => ({ sql, args })

/** For `IN (SELECT value FROM json_each(?))`: a list of any length in one parameter. */
export const jsonList = (values: readonly string[]): string => JSON.stringify(values)

/** Sorts behind every id: where a list starts that goes newest first. */
export const AFTER_ALL_IDS = '~'

export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
export const hourStart = (atMs: number): number => atMs - (atMs % HOUR_MS)
export const dayStart = (atMs: number): number => atMs - (atMs % DAY_MS)
