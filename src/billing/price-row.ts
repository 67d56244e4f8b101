import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import type { Currency, Micros } from '../domain/money.ts'
import type { BillOn, Market } from '../domain/rate.ts'

/** Every other country. */
export const ANYWHERE = '*'

/** One price of one list: what files of either format come down to, and what an export writes. */
export type PriceRow = {
  /** Whose own price it is; undefined: on the list for everybody. */
  readonly account: AccountId | undefined
  readonly currency: Currency
  readonly channel: Channel
  readonly market: Market
  /** ISO 3166-1 alpha-2, `001`, or `*` for every other. */
  readonly country: string
  /** Domestic prices have one, international ones none. */
  readonly kind: MessageKind | undefined
  /** First day and the day after the last, as `2026-07-01` (UTC); undefined: since ever, without end. */
  readonly from: string | undefined
  readonly until: string | undefined
  /** Segments in a month from which on the whole month has this price. */
  readonly tierFrom: number
  /** Of one segment, one call or one message. */
  readonly price: Micros
  readonly billOn: BillOn
}

export const startMs = ({ from }: Pick<PriceRow, 'from'>): number =>
  from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from)
export const endMs = ({ until }: Pick<PriceRow, 'until'>): number =>
  until === undefined ? Number.POSITIVE_INFINITY : Date.parse(until)

/** Prices that hold at the same time, from one tier to the next. */
export type Period<T> = {
  readonly startMs: number
  readonly endMs: number
  readonly rows: readonly T[]
}

/** Groups rows by their dates, in the order of time. */
export function periodsOf<T extends Pick<PriceRow, 'from' | 'until'>>(
  rows: readonly T[],
): readonly Period<T>[] {
  const groups = groupBy(rows, ({ from, until }) => `${from ?? ''} ${until ?? ''}`)
  return [...groups.values()]
    .map((group) => {
      const [first] = group
      return { startMs: startMs(first), endMs: endMs(first), rows: group }
    })
    .sort((left, right) => left.startMs - right.startMs)
}

/** Rows that never hold for the same send: they differ in more than dates and tiers. */
export const seriesKey = (row: PriceRow): string =>
  [listKey(row), row.market, row.country, row.kind ?? ''].join(' ')

/** Rows of one list and channel. */
export const listKey = ({
  account,
  currency,
  channel,
}: Pick<PriceRow, 'account' | 'currency' | 'channel'>): string =>
  [account ?? '', currency, channel].join(' ')

export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

/** `2026-01-01 to 2026-07-01`, for messages. */
export const datesOf = ({ from, until }: Pick<PriceRow, 'from' | 'until'>): string =>
  `${from ?? 'ever'} to ${until ?? 'ever'}`
