import type { AccountId, PackageId } from '../domain/ids.ts'
import type { Package } from './packages.ts'

export type PackageBalance = {
  readonly package: Package
  /** Segments that can still be taken while it is valid. */
  readonly left: number
  /** Set aside for sends whose outcome is not known. */
  readonly reserved: number
}

export interface PackageStore {
  /** The package, its segments and its price in one write. `duplicate`: this account granted one under this reference before. */
  grant(one: Package): Promise<'granted' | 'duplicate' | 'short'>
  /** Newest first. */
  list(
    accountId: AccountId,
    page: { readonly limit: number; readonly before: PackageId | undefined },
  ): Promise<readonly PackageBalance[]>
  /** Takes what is left out of packages that have expired, at most `limit` of them; resolves with how many had something left. */
  lapse(nowMs: number, limit: number): Promise<number>
}
