import type { Channel } from '../domain/channel.ts'
import type { AccountId, PackageId, SendId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import type { Currency, Micros } from '../domain/money.ts'
import type { Meter } from './months.ts'

export type StatementSpan = {
  readonly accountId: AccountId
  readonly fromMs: number
  readonly toMs: number
}

/** Messages that were closed within a span, of one destination, kind, channel, provider and cost currency. */
export type SentLine = {
  readonly country: string
  readonly kind: MessageKind
  readonly channel: Channel
  /** Undefined where none took them. */
  readonly provider: string | undefined
  /** Billed to the balance or to packages. */
  readonly sends: number
  /** Given back, because they failed or were not delivered. */
  readonly unbilled: number
  readonly delivered: number
  /** Billed; `packageSegments` of them by packages. */
  readonly segments: number
  readonly packageSegments: number
  /** What the balance paid. */
  readonly price: Micros
  readonly cost: Micros
  /** Undefined for costs that name none. */
  readonly costCurrency: Currency | undefined
}

/** What postings of one kind moved through one place of the ledger, such as `topup` and `prepaid`. */
export type Movement = {
  readonly posting: string
  readonly place: string
  readonly currency: Currency
  readonly amount: Micros
}

/** Free and held at the beginning and the end of a month. */
export type Balances = { readonly available: Micros; readonly held: Micros }
export type MonthBalances = { readonly opening: Balances; readonly closing: Balances }

export type PackageUse = {
  readonly id: PackageId
  readonly reference: string
  readonly segments: number
}

/** What was earned by other postings than the closing of messages; below nothing where it was given back. */
export type EarnedLine = {
  /** Such as `rerate`. */
  readonly posting: string
  /** Which messages of a month were re-rated. */
  readonly meter: Meter | undefined
  readonly currency: Currency
  readonly amount: Micros
}

export type AccountOfBooks = { readonly id: AccountId; readonly currency: Currency }

/** A posting that no message stands behind. */
export type Booking = {
  readonly atMs: number
  readonly posting: string
  readonly amount: Micros
  readonly note: string | undefined
  readonly sendId: SendId | undefined
}

/** A month of one account. */
export type StatementKey = { readonly accountId: AccountId; readonly month: string }

/** The right to keep a statement that is being added up; worth nothing as soon as something in its month changes. */
export type Keeping = { readonly id: number }

export type RefusedLine = {
  /** Such as `2026-07-31`. */
  readonly day: string
  readonly country: string
  readonly blocked: number
  readonly challenged: number
  /** What those of them would have cost that were not sent. */
  readonly saved: Micros
}

/** What a statement is made of. All but `refused` look only at the ledger's entries of their span, so a caller keeps it short. */
export interface StatementStore {
  sent(span: StatementSpan): Promise<readonly SentLine[]>
  /** Movements of the span, and the balances of its month at the very same moment. */
  movements(
    span: StatementSpan,
    month: { readonly name: string; readonly currency: Currency },
  ): Promise<{ readonly movements: readonly Movement[]; readonly balances: MonthBalances }>
  packages(span: StatementSpan): Promise<readonly PackageUse[]>
  /** Everything that moved the account's revenue but the closing of messages. */
  earned(span: StatementSpan): Promise<readonly EarnedLine[]>
  /** In the order of their ids, those after `after`. */
  accounts(page: {
    readonly after: AccountId | undefined
    readonly limit: number
  }): Promise<readonly AccountOfBooks[]>
  /** Oldest first. */
  bookings(span: StatementSpan, limit: number): Promise<readonly Booking[]>
  /** From hourly aggregates; the span may be a month. */
  refused(span: StatementSpan): Promise<readonly RefusedLine[]>
  /** As it was kept, if nothing in its month has changed since, and by a release whose statements have this shape. */
  kept(key: StatementKey, shape: number): Promise<unknown>
  /** Before a month is added up that is over. Undefined while somebody else does it. */
  beginKeeping(key: StatementKey, shape: number, nowMs: number): Promise<Keeping | undefined>
  /** Does nothing where something changed since it was begun. */
  keep(keeping: Keeping, statement: unknown): Promise<void>
}
