import type * as z from 'zod'
import type { PackageBalance } from '../../../billing/package-store.ts'
import type { PriceRow } from '../../../billing/price-row.ts'
import type { packageAnswer } from '../schemas/packages.ts'
import type { pricesAnswer } from '../schemas/prices.ts'
import { instantOf } from '../schemas/texts.ts'

export function toPackageAnswer({
  package: one,
  left,
  reserved,
}: PackageBalance): z.input<typeof packageAnswer> {
  const { kind, countries } = one
  return {
    id: one.id,
    market: one.market,
    ...(kind === undefined ? {} : { kind }),
    ...(countries === undefined ? {} : { countries: [...countries] }),
    segments: one.segments,
    left,
    reserved,
    valid_from: instantOf(one.validFromMs),
    expires_at: instantOf(one.expiresAtMs),
    granted_at: instantOf(one.grantedAtMs),
    reference: one.reference,
    price_micros: one.price,
    currency: one.currency,
  }
}

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
