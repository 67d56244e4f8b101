import { meterOfRerating } from '../../billing/months.ts'
import type {
  AccountOfBooks,
  Booking,
  EarnedLine,
  Keeping,
  MonthBalances,
  Movement,
  PackageUse,
  RefusedLine,
  SentLine,
  StatementKey,
  StatementSpan,
  StatementStore,
} from '../../billing/statement-store.ts'
import type { Channel } from '../../domain/channel.ts'
import { type AccountId, firstIdAt, type PackageId, type SendId } from '../../domain/ids.ts'
import type { MessageKind } from '../../domain/message-kind.ts'
import { type Currency, type Micros, ZERO } from '../../domain/money.ts'
import type { Row, SqlDriver } from '../database.ts'
import {
  ACCOUNTS,
  BEGIN_KEEPING,
  BOOKINGS,
  EARNED,
  FORGET_KEPT,
  KEEP,
  KEPT,
  MOVEMENTS,
  PACKAGES,
  REFUSED,
  SENT,
} from './statement-queries.ts'
import { statement } from './statements.ts'

/** Over libSQL files, Turso and D1. */
export class SqlStatementStore implements StatementStore {
  readonly #driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.#driver = driver
  }

  async sent(span: StatementSpan): Promise<readonly SentLine[]> {
    const asked = statement(SENT, ...entriesOf(span), span.fromMs, span.toMs)
    return (await this.#driver.all(asked)).map(toSentLine)
  }

  async movements(
    span: StatementSpan,
    { name, currency }: { readonly name: string; readonly currency: Currency },
  ): Promise<{ readonly movements: readonly Movement[]; readonly balances: MonthBalances }> {
    const rows = await this.#driver.all(statement(MOVEMENTS, ...entriesOf(span), name, currency))
    const movements = rows.filter(({ posting }) => posting !== null).map(toMovement)
    return { movements, balances: toBalances(rows.filter(({ posting }) => posting === null)) }
  }

  async packages(span: StatementSpan): Promise<readonly PackageUse[]> {
    const rows = await this.#driver.all(statement(PACKAGES, ...entriesOf(span)))
    return rows.map((row) => ({
      id: row.id as PackageId,
      reference: row.reference as string,
      segments: row.segments as number,
    }))
  }

  async earned(span: StatementSpan): Promise<readonly EarnedLine[]> {
    const rows = await this.#driver.all(statement(EARNED, ...entriesOf(span)))
    return rows.map((row) => ({
      posting: row.posting as string,
      meter: meterOfRerating((row.rerating as string | null) ?? ''),
      currency: row.currency as Currency,
      amount: row.amount as Micros,
    }))
  }

  async accounts({ after, limit }: Parameters<StatementStore['accounts']>[0]) {
    const rows = await this.#driver.all(statement(ACCOUNTS, after ?? '', limit))
    return rows.map(
      (row): AccountOfBooks => ({ id: row.id as AccountId, currency: row.currency as Currency }),
    )
  }

  async bookings(span: StatementSpan, limit: number): Promise<readonly Booking[]> {
    const rows = await this.#driver.all(statement(BOOKINGS, ...entriesOf(span), limit))
    return rows.map((row) => ({
      atMs: row.at_ms as number,
      posting: row.posting_key as string,
      amount: row.amount_micros as Micros,
      note: (row.note as string | null) ?? undefined,
      sendId: (row.send_id as SendId | null) ?? undefined,
    }))
  }

  async refused({ accountId, fromMs, toMs }: StatementSpan): Promise<readonly RefusedLine[]> {
    const rows = await this.#driver.all(statement(REFUSED, accountId, fromMs, toMs))
    return rows.map((row) => ({
      day: row.day as string,
      country: row.country as string,
      blocked: row.blocked as number,
      challenged: row.challenged as number,
      saved: row.saved as Micros,
    }))
  }

  async kept({ accountId, month }: StatementKey, shape: number): Promise<unknown> {
    const [row] = await this.#driver.all(statement(KEPT, accountId, month, shape))
    return row && JSON.parse(row.statement as string)
  }

  async beginKeeping(
    { accountId, month }: StatementKey,
    shape: number,
    nowMs: number,
  ): Promise<Keeping | undefined> {
    const [, rows] = await this.#driver.batch([
      statement(FORGET_KEPT, accountId, month, shape, nowMs - KEEPING_MS),
      statement(BEGIN_KEEPING, accountId, month, shape, nowMs),
    ])
    return rows?.[0] && { id: rows[0].id as number }
  }

  async keep({ id }: Keeping, whole: unknown): Promise<void> {
    const text = JSON.stringify(whole)
    if (text.length <= KEPT_MAX) await this.#driver.all(statement(KEEP, id, text))
  }
}

/** Who took longer to add a month up has died over it. */
const KEEPING_MS = 600_000
/** D1 takes no text of more than two million bytes. */
const KEPT_MAX = 1_000_000

const entriesOf = ({ accountId, fromMs, toMs }: StatementSpan) =>
  [accountId, firstIdAt('LE', fromMs), firstIdAt('LE', toMs)] as const

const toSentLine = (row: Row): SentLine => ({
  country: row.country as string,
  kind: row.kind as MessageKind,
  channel: row.channel as Channel,
  provider: (row.provider_id as string | null) ?? undefined,
  sends: row.sends as number,
  unbilled: row.unbilled as number,
  delivered: row.delivered as number,
  segments: row.segments as number,
  packageSegments: row.package_segments as number,
  price: row.price as Micros,
  cost: row.cost as Micros,
  costCurrency: (row.cost_currency as Currency | null) ?? undefined,
})

const toMovement = (row: Row): Movement => ({
  posting: row.posting as string,
  place: row.place as string,
  currency: row.currency as Currency,
  amount: row.amount as Micros,
})

function toBalances(rows: readonly Row[]): MonthBalances {
  const of = (place: string, moment: 'opening' | 'amount'): Micros =>
    (rows.find((row) => row.place === place)?.[moment] as Micros | undefined) ?? ZERO
  const at = (moment: 'opening' | 'amount') => ({
    available: of('prepaid', moment),
    held: of('held', moment),
  })
  return { opening: at('opening'), closing: at('amount') }
}
