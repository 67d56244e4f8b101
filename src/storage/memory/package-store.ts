import type { PackageBalance, PackageStore } from '../../billing/package-store.ts'
import { grantPosting, type Package } from '../../billing/packages.ts'
import type { AccountId, PackageId } from '../../domain/ids.ts'
import { negate } from '../../domain/money.ts'
import { microsOfSegments, SEGMENT_UNIT } from '../../domain/posting.ts'
import type { MemoryBooks } from './memory-books.ts'

/** Same behaviour as the SQL store, over the shared books. */
export class MemoryPackageStore implements PackageStore {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  async grant(one: Package): Promise<'granted' | 'duplicate' | 'short'> {
    const { packages, ledger } = this.#books
    const isKnown = [...packages.values()].some(
      ({ accountId, reference }) => accountId === one.accountId && reference === one.reference,
    )
    if (isKnown) return 'duplicate'
    const posted = ledger.postNow(grantPosting(one))
    if (posted !== 'posted') return posted
    packages.set(one.id, one)
    return 'granted'
  }

  async list(
    accountId: AccountId,
    page: { readonly limit: number; readonly before: PackageId | undefined },
  ): Promise<readonly PackageBalance[]> {
    const { packages, ledger } = this.#books
    return [...packages.values()]
      .filter((one) => one.accountId === accountId)
      .filter(({ id }) => page.before === undefined || id < page.before)
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, page.limit)
      .map((one) => ({
        package: one,
        left: ledger.segments('package', one.id),
        reserved: ledger.segments('reserved', one.id),
      }))
  }

  async lapse(nowMs: number, limit: number): Promise<number> {
    const { packages, ledger } = this.#books
    const due = [...packages.values()]
      .filter(({ expiresAtMs, id }) => expiresAtMs <= nowMs && ledger.segments('package', id) > 0)
      .slice(0, limit)
    for (const { id, accountId } of due) {
      const amount = microsOfSegments(ledger.segments('package', id))
      ledger.postNow({
        key: `lapse:${id}`,
        accountId,
        currency: SEGMENT_UNIT,
        atMs: nowMs,
        verificationId: undefined,
        sendId: undefined,
        entries: [
          { account: `package:${id}`, amount: negate(amount) },
          { account: `lapsed:${accountId}`, amount },
        ],
      })
    }
    return due.length
  }
}
