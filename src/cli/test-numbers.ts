import { existsSync, readFileSync } from 'node:fs'
import type { ReplayEvent } from '../flows/replay.ts'
import { UsageError } from './command.ts'

const LINE = /^(\S+)[\s,]+(\+[1-9]\d{4,14})$/
const COMMENT = /^#|^$/

/** Whose requests for which numbers are monitors' own, as `tenant +number`. */
export type NamedNumbers = ReadonlySet<string>

/**
 * Reads a file of test numbers: a line each with the tenant and the number in E.164, a space or a comma between them; `#` starts a comment
 * line. Throws `UsageError` with the line that is something else.
 */
export function readTestNumbers(path: string): NamedNumbers {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path} to read`)
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  const named = lines.flatMap((text, index) => {
    const line = text.trim()
    if (COMMENT.test(line)) return []
    const [, tenant, number] = LINE.exec(line) ?? []
    if (tenant !== undefined && number !== undefined) return [`${tenant} ${number}`]
    throw new UsageError(
      `${path}:${index + 1}: expected a tenant and a number in E.164, such as 'shop +447400123456'`,
    )
  })
  return new Set(named)
}

/** The event as it was, or as one for a test number where the file names it. */
export function withTestNumber(event: ReplayEvent, named: NamedNumbers): ReplayEvent {
  if (named.size === 0 || event.type !== 'issue') return event
  if (!named.has(`${event.tenant} ${event.to}`)) return event
  return { ...event, isTest: true }
}
