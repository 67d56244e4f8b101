import type * as z from 'zod'
import type { PriceRow } from '../../../billing/price-row.ts'
import type { pricesAnswer } from '../schemas/prices.ts'

export function toPriceAnswer(row: PriceRow): z.input<typeof pricesAnswer>['prices'][number] {
  const { kind, from, until } = row
  return {
    channel: row.channel,
    market: row.market,
    country: row.country,
    ...(kind === undefined ? {} : { kind }),
    price_micros: row.price,
    bill_on: row.billOn,
    tier_from: row.tierFrom,
    own: row.account !== undefined,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }
}
