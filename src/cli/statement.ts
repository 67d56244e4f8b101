import { writeFile } from 'node:fs/promises'
import { monthSpan, type Statement } from '../billing/statement.ts'
import { statementWire } from '../billing/statement-wire.ts'
import { parseId } from '../domain/ids.ts'
import { Problem } from '../domain/problems.ts'
import { monthStatement } from '../flows/month-statement.ts'
import { type Invocation, textOption, UsageError } from './command.ts'
import { statementCsv } from './statement/csv.ts'
import { statementPage } from './statement/page.ts'

const EXIT_BROKEN = 1

const FORMATS: Readonly<Record<string, (statement: Statement) => string>> = {
  json: (statement) =>
    `${JSON.stringify(statementWire(statement, { withCosts: true }), undefined, 2)}\n`,
  csv: statementCsv,
  html: statementPage,
}

/** `tollgate statement`: 1 where the statement does not agree with the ledger, which must never be. */
export async function statementCommand(invocation: Invocation): Promise<number> {
  const { hands, positionals } = invocation
  const [account = '', month = ''] = positionals
  const accountId = parseId('AC', account)
  if (accountId === undefined)
    throw new UsageError(`an account is AC and 32 hex digits, not '${account}'`)
  if (monthSpan(month) === undefined)
    throw new UsageError(`a month is written such as 2026-07, not '${month}'`)
  const name = textOption(invocation, 'format') ?? 'json'
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined
  if (format === undefined) throw new UsageError(`--format takes json, csv or html, not '${name}'`)
  const books = await hands.openBooks()
  try {
    const house = { ...books, platform: { nowMs: books.nowMs } }
    const statement = await monthStatement(house, { accountId, month })
    const out = textOption(invocation, 'out')
    if (out === undefined) hands.out(format(statement))
    else await writeFile(out, format(statement))
    if (statement.difference === 0) return 0
    hands.err(`the ledger and the statement differ by ${statement.difference} micros\n`)
    return EXIT_BROKEN
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    throw new UsageError(`there is no account ${account} with a month ${month}`)
  } finally {
    await books.close()
  }
}
