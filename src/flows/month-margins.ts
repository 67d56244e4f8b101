import { type MarginRow, MarginTable, type MarginWord } from '../billing/margins.ts'
import { monthSpan } from '../billing/statement.ts'
import type { AccountOfBooks, StatementStore } from '../billing/statement-store.ts'
import { Problem } from '../domain/problems.ts'
import { breathe } from '../platform/breathe.ts'
import { daysOf } from './month-statement.ts'

const ACCOUNTS_AT_ONCE = 100

export type MonthMargins = {
  readonly rows: readonly MarginRow[]
  /** False while the month is running. */
  readonly isComplete: boolean
}

export type MarginsHouse = {
  readonly platform: { readonly nowMs: () => number }
  readonly statements: Pick<StatementStore, 'accounts' | 'sent' | 'earned'>
}

/**
 * What was earned in a month by all accounts together and what it cost, by the same postings as their statements: a message counts when
 * it was billed or given back. Throws `not_found` for a month that has not begun.
 */
export async function monthMargins(
  { platform, statements }: MarginsHouse,
  { month, by }: { readonly month: string; readonly by: readonly MarginWord[] },
): Promise<MonthMargins> {
  const nowMs = platform.nowMs()
  const span = monthSpan(month)
  if (span === undefined || span.fromMs > nowMs) throw new Problem('not_found')
  const table = new MarginTable(by)
  for await (const { id: accountId, currency } of accountsOf(statements)) {
    for (const one of daysOf({ accountId, ...span }, nowMs)) {
      const place = { day: new Date(one.fromMs).toISOString().slice(0, 10), accountId, currency }
      for (const line of await statements.sent(one)) table.addSent(place, line)
      for (const line of await statements.earned(one)) table.addEarned(place, line)
    }
    await breathe()
  }
  return { rows: table.rows(), isComplete: nowMs >= span.toMs }
}

async function* accountsOf(statements: MarginsHouse['statements']): AsyncGenerator<AccountOfBooks> {
  let after: AccountOfBooks['id'] | undefined
  for (;;) {
    const page = await statements.accounts({ after, limit: ACCOUNTS_AT_ONCE })
    yield* page
    after = page.at(-1)?.id
    if (page.length < ACCOUNTS_AT_ONCE) return
  }
}
