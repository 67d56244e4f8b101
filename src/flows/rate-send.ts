import { meterOf, monthOf, priceAt } from '../billing/months.ts'
import type { Priced, PriceQuery } from '../billing/price-book.ts'
import type { Channel } from '../domain/channel.ts'
import type { AccountId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import { type Currency, type Micros, times } from '../domain/money.ts'
import { fieldProblem } from '../domain/problems.ts'
import type { Rate } from '../domain/rate.ts'
import type { House } from './house.ts'

export type ToRate = {
  readonly accountId: AccountId
  readonly channel: Channel
  readonly kind: MessageKind
  readonly country: string
  /** Of a text; a call or another message is one. */
  readonly segments: number
  readonly atMs: number
}

export type Rated = {
  /** Of all segments. */
  readonly price: Micros
  readonly currency: Currency
  readonly rate: Rate
}

/**
 * The price of now, an account's own before the list's, at the tier that the month has reached so far. Throws `unavailable` where the
 * account's currency has no prices.
 */
export async function rateSend(
  house: Pick<House, 'tenancy' | 'policy' | 'months'>,
  { accountId, channel, kind, country, segments, atMs }: ToRate,
): Promise<Rated> {
  const account = await house.tenancy.account(accountId)
  if (account === undefined) throw fieldProblem('/service', 'its account is gone')
  const { currency } = account
  const query = { accountId, currency, channel, kind, country, atMs }
  const priced = house.policy().prices.priceOf(query)
  const { market, billOn, tiers } = priced
  const unitPrice = await unitPriceOf(house, query, priced)
  const rate = { market, kind, country, segments, unitPrice, billOn, tiers }
  return { price: times(unitPrice, segments), currency, rate }
}

async function unitPriceOf(
  house: Pick<House, 'months'>,
  query: PriceQuery & Pick<ToRate, 'accountId'>,
  { price, tiers }: Priced,
): Promise<Micros> {
  if (tiers === undefined) return price
  const { accountId, currency, channel, country, kind, atMs } = query
  const month = monthOf(atMs)
  const key = { accountId, currency, month, meter: meterOf(channel, country, kind) }
  return priceAt(tiers, await house.months.recentVolume(key, atMs))
}
