import type { HoldStore } from '../../billing/hold-store.ts'
import type { MemoryBooks } from './memory-books.ts'

/** Same behaviour as the SQL store, over the shared books. */
export class MemoryHoldStore implements HoldStore {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  async releaseUnheard(madeBeforeMs: number, atMs: number, limit: number): Promise<number> {
    const unheard = [...this.#books.sends.values()]
      .filter(({ rate, status }) => rate.billOn === 'delivered' && status === 'sent')
      .filter(({ id, createdAtMs }) => createdAtMs < madeBeforeMs && this.#books.ledger.holds(id))
      .slice(0, limit)
    for (const { id, accountId, verificationId } of unheard) {
      this.#books.ledger.postNow({
        kind: 'release',
        key: `close:${id}`,
        accountId,
        atMs,
        verificationId,
        sendId: id,
      })
    }
    return unheard.length
  }
}
