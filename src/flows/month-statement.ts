import {
  changesOf,
  differenceOf,
  monthSpan,
  packagesUsed,
  type Statement,
  type StatementLine,
  segmentsMoved,
} from '../billing/statement.ts'
import type {
  Booking,
  MonthBalances,
  Movement,
  PackageUse,
  StatementSpan,
  StatementStore,
} from '../billing/statement-store.ts'
import type { AccountId } from '../domain/ids.ts'
import { type Currency, ZERO } from '../domain/money.ts'
import { Problem } from '../domain/problems.ts'
import { breathe } from '../platform/breathe.ts'
import type { Account } from '../tenancy/tenancy.ts'
import type { House } from './house.ts'

const DAY_MS = 86_400_000
const BOOKINGS_MAX = 1_000

export type StatementHouse = {
  readonly platform: Pick<House['platform'], 'nowMs'>
  readonly tenancy: Pick<House['tenancy'], 'account'>
  readonly statements: StatementStore
}

/** To be counted up when `Statement` changes, so that what an earlier release kept is added up anew. */
const STATEMENT_SHAPE = 1
/** What was begun in a month is posted by then. */
const KEPT_AFTER_MS = 3_600_000

/**
 * What an account's month came to, by the postings of that month: a message counts when it was billed or given back. A month that is over
 * is added up once, and again only when a late receipt or posting changed something in it. Throws `not_found` for an account that is none and a month that has not begun.
 */
export async function monthStatement(
  house: StatementHouse,
  { accountId, month }: { readonly accountId: AccountId; readonly month: string },
): Promise<Statement> {
  const nowMs = house.platform.nowMs()
  const span = monthSpan(month)
  const account = await house.tenancy.account(accountId)
  if (span === undefined || account === undefined || span.fromMs > nowMs)
    throw new Problem('not_found')
  if (nowMs < span.toMs + KEPT_AFTER_MS) return addUp(house, { account, month, span, nowMs })
  const { statements } = house
  const kept = await statements.kept({ accountId, month }, STATEMENT_SHAPE)
  if (kept !== undefined) return { ...(kept as Statement), accountName: account.name }
  const keeping = await statements.beginKeeping({ accountId, month }, STATEMENT_SHAPE, nowMs)
  const made = await addUp(house, { account, month, span, nowMs })
  if (keeping !== undefined) await statements.keep(keeping, made)
  return made
}

type Asked = {
  readonly account: Pick<Account, 'id' | 'name' | 'currency'>
  readonly month: string
  readonly span: { readonly fromMs: number; readonly toMs: number }
  readonly nowMs: number
}

/** Reads a day at a time, so that no query is long. */
async function addUp(
  house: StatementHouse,
  { account, month, span, nowMs }: Asked,
): Promise<Statement> {
  const { id: accountId, currency, name } = account
  const days = daysOf({ accountId, ...span }, nowMs)
  const read = await readDays(house.statements, days, { name: month, currency })
  const { balances, movements, lines, packages, bookings } = read
  const changes = changesOf(movements, currency)
  return {
    accountId,
    accountName: name,
    month,
    currency,
    isComplete: nowMs >= span.toMs,
    balances,
    changes,
    difference: differenceOf(balances, changes),
    lines,
    segments: segmentsMoved(movements),
    packages: packagesUsed(packages),
    bookings,
    refused: await house.statements.refused({ accountId, ...span }),
  }
}

/** Up to the one that is running, with what may be posted in it yet. */
export function daysOf({ accountId, fromMs, toMs }: StatementSpan, nowMs: number): StatementSpan[] {
  const days: StatementSpan[] = []
  for (let at = fromMs; at < toMs && at <= nowMs; at += DAY_MS) {
    days.push({ accountId, fromMs: at, toMs: at + DAY_MS })
  }
  return days
}

const NOTHING = { available: ZERO, held: ZERO }

async function readDays(
  store: StatementStore,
  days: readonly StatementSpan[],
  month: { readonly name: string; readonly currency: Currency },
) {
  const movements: Movement[] = []
  const lines: StatementLine[] = []
  const packages: PackageUse[] = []
  const bookings: Booking[] = []
  let balances: MonthBalances = { opening: NOTHING, closing: NOTHING }
  for (const span of days) {
    const day = new Date(span.fromMs).toISOString().slice(0, 10)
    const moved = await store.movements(span, month)
    balances = moved.balances
    movements.push(...moved.movements)
    const has = (test: (one: Movement) => boolean): boolean => moved.movements.some(test)
    if (has(({ place }) => place === 'used')) packages.push(...(await store.packages(span)))
    if (has(({ posting }) => posting !== 'reserve' && posting !== 'close'))
      bookings.push(...(await store.bookings(span, BOOKINGS_MAX - bookings.length)))
    lines.push(...(await store.sent(span)).map((line) => ({ ...line, day })))
    await breathe()
  }
  return { balances, movements, lines, packages, bookings }
}
