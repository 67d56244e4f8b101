import type { HoldStore } from '../../billing/hold-store.ts'
import type { KeptSend, MemoryBooks } from './memory-books.ts'

/** Same behaviour as the SQL store, over the shared books. */
export class MemoryHoldStore implements HoldStore {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  async releaseUnheard(madeBeforeMs: number, atMs: number, limit: number): Promise<number> {
    const unheard = this.#madeBefore(madeBeforeMs)
      .filter(({ rate, status }) => rate.billOn === 'delivered' && status === 'sent')
      .filter(({ id }) => this.#books.ledger.holds(id))
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

  /** Sends stand in the order in which they were made. */
  #madeBefore(atMs: number): readonly KeptSend[] {
    const old: KeptSend[] = []
    for (const send of this.#books.sends.values()) {
      if (send.createdAtMs >= atMs) break
      old.push(send)
    }
    return old
  }
}
