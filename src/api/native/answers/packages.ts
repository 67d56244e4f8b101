import type * as z from 'zod'
import type { PackageBalance } from '../../../billing/package-store.ts'
import type { packageAnswer } from '../schemas/packages.ts'
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
