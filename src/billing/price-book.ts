import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import { type Currency, currency, type Micros } from '../domain/money.ts'
import { Problem } from '../domain/problems.ts'
import type { BillOn, Market, Tier } from '../domain/rate.ts'
import { ANYWHERE, groupBy, listKey, type PriceRow, periodsOf } from './price-row.ts'

export const DEFAULT_CURRENCY = currency('USD')

/** What is asked for. `currency` is the account's. */
export type PriceQuery = {
  readonly accountId: AccountId | undefined
  readonly currency: Currency
  readonly channel: Channel
  readonly kind: MessageKind
  /** ISO 3166-1 alpha-2 or `001`; any other word gets the price of every other country. */
  readonly country: string
  readonly atMs: number
}

/** The price of one segment (sms), one call (voice) or one message, and how it is billed. */
export type Priced = {
  /** Of the first tier where there are several. */
  readonly price: Micros
  readonly market: Market
  readonly billOn: BillOn
  /** Lowest first; undefined where one price holds whatever the volume. */
  readonly tiers: readonly Tier[] | undefined
}

export interface PriceBook {
  /** The currencies that everybody has prices in; an account can only be held in one of them. */
  readonly currencies: ReadonlySet<Currency>
  /** As they stand in the files. */
  readonly rows: readonly PriceRow[]
  /** An account's own price before the list's, a country's before that of every other. Throws `unavailable` where there is none. */
  priceOf(query: PriceQuery): Priced
}

/** A book of rows without mistakes, see `checkPriceRows`. */
export function openPriceBook(rows: readonly PriceRow[]): PriceBook {
  const lists = new Map([...groupBy(rows, listKey)].map(([key, list]) => [key, toList(list)]))
  const general = rows.filter(({ account }) => account === undefined)
  const owners = new Set(rows.flatMap(({ account }) => (account === undefined ? [] : [account])))
  const seek = (query: PriceQuery, account: AccountId | undefined, channel: Channel) => {
    const list = lists.get(listKey({ account, currency: query.currency, channel }))
    return list && priceIn(list, query)
  }
  const seekBoth = (query: PriceQuery, channel: Channel): Priced | undefined => {
    const { accountId } = query
    const own = accountId !== undefined && owners.has(accountId)
    return (own ? seek(query, accountId, channel) : undefined) ?? seek(query, undefined, channel)
  }
  return {
    currencies: new Set(general.map((row) => row.currency)),
    rows,
    priceOf: (query) => {
      // A channel without prices costs as much as a text.
      const found = seekBoth(query, query.channel) ?? seekBoth(query, 'sms')
      if (found === undefined) throw new Problem('unavailable', { internal: new Unpriced() })
      return found
    },
  }
}

/** Names in the log that the list lost the currency of an account which had prices when it was opened. */
class Unpriced extends Error {
  override readonly name = 'Unpriced'
}

type Dated = { readonly startMs: number; readonly endMs: number; readonly priced: Priced }
/** By country, or by country and kind; what holds one after the other. */
type List = ReadonlyMap<string, readonly Dated[]>

const toList = (rows: readonly PriceRow[]): List =>
  new Map(
    [...groupBy(rows, ({ country, kind }) => placeKey(country, kind))].map(([key, series]) => [
      key,
      periodsOf(series).map(toDated),
    ]),
  )

const placeKey = (country: string, kind: MessageKind | undefined): string =>
  kind === undefined ? country : `${country} ${kind}`

function toDated(period: {
  readonly startMs: number
  readonly endMs: number
  readonly rows: readonly PriceRow[]
}): Dated {
  const { startMs, endMs } = period
  const rows = period.rows.toSorted((left, right) => left.tierFrom - right.tierFrom)
  const [first] = rows
  if (first === undefined) throw new RangeError('a period has rows')
  const { price, market, billOn } = first
  const tiers = rows.map((row) => ({ fromSegments: row.tierFrom, price: row.price }))
  return {
    startMs,
    endMs,
    priced: { price, market, billOn, tiers: tiers.length > 1 ? tiers : undefined },
  }
}

const priceIn = (list: List, { country, kind, atMs }: PriceQuery): Priced | undefined =>
  at(list.get(country), atMs) ??
  at(list.get(placeKey(country, kind)), atMs) ??
  at(list.get(ANYWHERE), atMs)

const at = (dated: readonly Dated[] | undefined, atMs: number): Priced | undefined =>
  dated?.find(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)?.priced
