import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterPage,
  DeadLetterStore,
} from '../../channels/dead-letter-store.ts'
import type { AccountId, SendId } from '../../domain/ids.ts'
import { type KeptSend, type MemoryBooks, toFound } from './memory-books.ts'

/** Same behaviour as the SQL store, in plain maps. */
export class MemoryDeadLetterStore implements DeadLetterStore {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  async list(
    accountId: AccountId,
    filter: DeadLetterFilter,
    { limit, before }: DeadLetterPage,
  ): Promise<readonly DeadLetter[]> {
    return [...this.#books.sends.values()]
      .filter((send) => send.accountId === accountId && (before === undefined || send.id < before))
      .flatMap((send) => this.#dead(send) ?? [])
      .filter((letter) => matches(letter, filter))
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit)
  }

  async find(accountId: AccountId, id: SendId): Promise<DeadLetter | undefined> {
    const send = this.#books.sends.get(id)
    return send?.accountId === accountId ? this.#dead(send) : undefined
  }

  #dead(send: KeptSend): DeadLetter | undefined {
    const { unsent: reason, tried, endedAtMs, fallsAtMs, takenBy } = send
    if (fallsAtMs !== undefined || takenBy !== undefined) return
    const verification = this.#books.verifications.get(send.verificationId)
    if (reason === undefined || endedAtMs === undefined || verification === undefined) return
    const { state, attempts, attemptsMax, expiresAtMs, sends, sendsMax } = verification
    const standing = { state, attempts, attemptsMax, expiresAtMs, sends, sendsMax }
    return { ...toFound(send), reason, tried, endedAtMs, verification: standing }
  }
}

function matches(letter: DeadLetter, filter: DeadLetterFilter): boolean {
  const { phone, serviceId, reason, fromMs, toMs } = filter
  const wanted = [
    phone === undefined || letter.phone === phone,
    serviceId === undefined || letter.serviceId === serviceId,
    reason === undefined || letter.reason === reason,
    fromMs === undefined || letter.endedAtMs >= fromMs,
    toMs === undefined || letter.endedAtMs < toMs,
  ]
  return !wanted.includes(false)
}
