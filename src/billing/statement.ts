import type { AccountId } from '../domain/ids.ts'
import { type Currency, type Micros, micros, negate, plus, ZERO } from '../domain/money.ts'
import { SEGMENT_UNIT, segmentsOfMicros } from '../domain/posting.ts'
import type {
  Booking,
  MonthBalances,
  Movement,
  PackageUse,
  RefusedLine,
  SentLine,
} from './statement-store.ts'

/** `2026-07`: its first instant and the first one after it, in UTC. Undefined for what is no month. */
export function monthSpan(
  month: string,
): { readonly fromMs: number; readonly toMs: number } | undefined {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(month)
  if (match === null) return undefined
  const [year, number] = [Number(match[1]), Number(match[2])]
  return { fromMs: Date.UTC(year, number - 1), toMs: Date.UTC(year, number) }
}

export type StatementLine = SentLine & {
  /** On which they were billed or given back, such as `2026-07-31`. */
  readonly day: string
}

/** Why the balance changed. `sends`: messages that were billed to it. */
export const CHANGES = [
  'top_ups',
  'sends',
  'packages',
  'rerating',
  'adjustments',
  'others',
] as const
export type Change = (typeof CHANGES)[number]

export type Statement = {
  readonly accountId: AccountId
  readonly accountName: string
  readonly month: string
  readonly currency: Currency
  /** False while the month is running. */
  readonly isComplete: boolean
  readonly balances: MonthBalances
  readonly changes: Readonly<Record<Change, Micros>>
  /** What is between the opening balance with all changes and the closing one: 0, or the books are broken. */
  readonly difference: Micros
  readonly lines: readonly StatementLine[]
  readonly segments: { readonly granted: number; readonly used: number; readonly lapsed: number }
  readonly packages: readonly PackageUse[]
  /** Top-ups, packages, re-rating and adjustments, each with its note; the first of them where there are very many. */
  readonly bookings: readonly Booking[]
  readonly refused: readonly RefusedLine[]
}

const CHANGE_OF: Readonly<Record<string, Change>> = {
  topup: 'top_ups',
  reserve: 'sends',
  close: 'sends',
  grant: 'packages',
  rerate: 'rerating',
  adjust: 'adjustments',
}

/** By how much each kind of posting changed what an account has, free and held together. */
export function changesOf(
  movements: readonly Movement[],
  currency: Currency,
): Statement['changes'] {
  const changes = Object.fromEntries(CHANGES.map((name) => [name, ZERO])) as Record<Change, Micros>
  for (const { posting, place, currency: of, amount } of movements) {
    if (of !== currency || (place !== 'prepaid' && place !== 'held')) continue
    const name = CHANGE_OF[posting] ?? 'others'
    changes[name] = plus(changes[name], amount)
  }
  return changes
}

export function differenceOf(
  { opening, closing }: MonthBalances,
  changes: Statement['changes'],
): Micros {
  const before = plus(opening.available, opening.held)
  const expected = CHANGES.reduce((sum, name) => plus(sum, changes[name]), before)
  return plus(plus(closing.available, closing.held), negate(expected))
}

/** Of packages; what was granted and used or lapsed in the month. */
export function segmentsMoved(movements: readonly Movement[]): Statement['segments'] {
  const of = (place: string): number =>
    movements
      .filter((one) => one.currency === SEGMENT_UNIT && one.place === place)
      .reduce((sum, { amount }) => sum + segmentsOfMicros(amount), 0)
  return { granted: Math.abs(of('granted')), used: of('used'), lapsed: of('lapsed') }
}

/** The same package on several days is one. */
export function packagesUsed(uses: readonly PackageUse[]): readonly PackageUse[] {
  const byId = new Map<string, PackageUse>()
  for (const use of uses) {
    const known = byId.get(use.id)?.segments ?? 0
    byId.set(use.id, { ...use, segments: known + use.segments })
  }
  return [...byId.values()]
}

export type LineTotal = Pick<
  SentLine,
  'sends' | 'unbilled' | 'delivered' | 'segments' | 'packageSegments' | 'price'
> & {
  /** In the currency of the account; costs in another one stand apart. */
  readonly cost: Micros
  readonly foreignCosts: ReadonlyMap<Currency, Micros>
}

/** Costs without a currency are taken to be in the account's. */
export function totalOf(lines: readonly SentLine[], currency: Currency): LineTotal {
  const foreignCosts = new Map<Currency, Micros>()
  let cost = ZERO
  for (const { cost: one, costCurrency = currency } of lines) {
    if (costCurrency === currency) cost = plus(cost, one)
    else foreignCosts.set(costCurrency, plus(foreignCosts.get(costCurrency) ?? ZERO, one))
  }
  const sum = (of: (line: SentLine) => number): number =>
    lines.reduce((total, line) => total + of(line), 0)
  return {
    sends: sum(({ sends }) => sends),
    unbilled: sum(({ unbilled }) => unbilled),
    delivered: sum(({ delivered }) => delivered),
    segments: sum(({ segments }) => segments),
    packageSegments: sum(({ packageSegments }) => packageSegments),
    price: micros(sum(({ price }) => price)),
    cost,
    foreignCosts,
  }
}

/** Of what was closed; undefined where nothing was. */
export const deliveredShare = ({ sends, unbilled, delivered }: LineTotal): number | undefined =>
  sends + unbilled === 0 ? undefined : delivered / (sends + unbilled)

/** What the balance paid less what it cost; undefined where some of that is in another currency. */
export const marginOf = ({ price, cost, foreignCosts }: LineTotal): Micros | undefined =>
  foreignCosts.size > 0 ? undefined : plus(price, negate(cost))
