import type { Package } from '../billing/packages.ts'
import { newId } from '../domain/ids.ts'
import { fieldProblem, Problem } from '../domain/problems.ts'
import type { House } from './house.ts'
import { referenceTaken } from './reference-taken.ts'

export type PackageGrant = Omit<Package, 'id' | 'grantedAtMs' | 'currency' | 'validFromMs'> & {
  /** Undefined: from now on. */
  readonly validFromMs: number | undefined
}

/**
 * Gives an account prepaid segments, for money from its balance where they have a price. Throws `invalid_request` for a package that
 * has ended before it begins, `conflict` for a reference that was granted before and `balance_exhausted`.
 */
export async function grantPackage(
  house: Pick<House, 'platform' | 'tenancy' | 'packages'>,
  grant: PackageGrant,
): Promise<Package> {
  const grantedAtMs = house.platform.nowMs()
  const validFromMs = grant.validFromMs ?? grantedAtMs
  if (grant.expiresAtMs <= Math.max(validFromMs, grantedAtMs))
    throw fieldProblem('/expires_at', 'must lie after now and after valid_from')
  const account = await house.tenancy.account(grant.accountId)
  if (account === undefined) throw new Problem('not_found')
  const { currency } = account
  const made = { ...grant, id: newId('PK', house.platform), grantedAtMs, validFromMs, currency }
  const granted = await house.packages.grant(made)
  if (granted === 'short') throw new Problem('balance_exhausted')
  if (granted === 'duplicate') throw referenceTaken()
  return made
}
