import type {
  Claim,
  Opened,
  Opening,
  Page,
  Refusal,
  Resent,
  VerificationFilter,
  VerificationStore,
} from '../../codes/verification-store.ts'
import { assert } from '../../domain/assert.ts'
import type { AccountId, VerificationId } from '../../domain/ids.ts'
import { statusOf, type Verification, type VerificationKey } from '../../domain/verification.ts'
import type { MemoryBooks } from './memory-books.ts'

const CHALLENGE_KEPT_MS = 86_400_000
const RACE_RETRY_MS = 1000

type Sending = Omit<Opening, 'verification'>

/** Same behaviour as the SQL store, in plain maps: for replays and simulations. */
export class MemoryVerificationStore implements VerificationStore {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  async open(opening: Opening): Promise<Opened> {
    const { verification } = opening
    assert(!this.#books.verifications.has(verification.id), 'an id is used once')
    const refusal = this.#refusalOf(opening)
    if (refusal !== undefined) return refusal
    this.#books.addVerification(verification)
    this.#record(opening)
    return { kind: 'opened' }
  }

  async refuse(verification: Verification): Promise<void> {
    this.#books.addVerification({ ...verification, matured: true })
  }

  async resend(key: VerificationKey, opening: Sending): Promise<Resent> {
    const { send } = opening
    const found = this.#get(key)
    if (found === undefined) return { kind: 'missing' }
    const status = statusOf(found, send.createdAtMs)
    if (status !== 'pending') return { kind: 'closed', status }
    if (found.sends >= found.sendsMax) return { kind: 'sends_exhausted' }
    if (found.sends !== send.generation - 1) {
      const retryAtMs = send.createdAtMs + RACE_RETRY_MS
      return { kind: 'stopped', stop: 'phone_minute_cap', retryAtMs }
    }
    const refusal = this.#refusalOf(opening)
    if (refusal !== undefined) return refusal
    this.#record(opening)
    return { kind: 'resent', verification: this.#update(found, { sends: send.generation }) }
  }

  async claimAttempt(key: VerificationKey, nowMs: number): Promise<Claim> {
    const found = this.#get(key)
    if (found === undefined) return { kind: 'missing' }
    const status = statusOf(found, nowMs)
    if (status !== 'pending') return { kind: 'closed', verification: found, status }
    const verification = this.#update(found, { attempts: found.attempts + 1 })
    return { kind: 'open', verification, attempt: verification.attempts }
  }

  async approve(key: VerificationKey, nowMs: number): Promise<boolean> {
    const found = this.#get(key)
    if (found?.state !== 'open' || nowMs >= found.expiresAtMs) return false
    this.#update(found, { state: 'approved', closedAtMs: nowMs })
    return true
  }

  async cancel(key: VerificationKey, nowMs: number): Promise<boolean> {
    const found = this.#get(key)
    if (found === undefined || statusOf(found, nowMs) !== 'pending') return false
    this.#update(found, { state: 'canceled', closedAtMs: nowMs })
    return true
  }

  async find(key: VerificationKey): Promise<Verification | undefined> {
    return this.#get(key)
  }

  async list(
    accountId: AccountId,
    filter: VerificationFilter,
    page: Page,
  ): Promise<readonly Verification[]> {
    const { before, limit, nowMs } = page
    return [...this.#books.verifications.values()]
      .filter((one) => one.accountId === accountId && (before === undefined || one.id < before))
      .filter((one) => matches(one, filter, nowMs))
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit)
  }

  /** Looks at the oldest first and stops at the first that is too young. */
  async takeMatured(sentBeforeMs: number, limit: number): Promise<readonly Verification[]> {
    const taken: Verification[] = []
    for (const id of this.#books.unmatured) {
      const found = this.#books.verifications.get(id)
      if (found === undefined || found.createdAtMs >= sentBeforeMs || taken.length >= limit) break
      this.#books.unmatured.delete(id)
      taken.push(this.#update(found, { matured: true }))
    }
    return taken
  }

  async since(after: VerificationId, limit: number): Promise<readonly Verification[]> {
    return [...this.#books.verifications.values()]
      .filter(({ id }) => id > after)
      .sort((left, right) => (left.id < right.id ? -1 : 1))
      .slice(0, limit)
  }

  #get(key: VerificationKey): Verification | undefined {
    const found = this.#books.verifications.get(key.id)
    return found?.accountId === key.accountId ? found : undefined
  }

  #update(found: Verification, change: Partial<Verification>): Verification {
    const changed = { ...found, ...change }
    this.#books.verifications.set(found.id, changed)
    return changed
  }

  #refusalOf(sending: Sending): Refusal | undefined {
    const { send, limits, reservation, challengeNonce } = sending
    if (challengeNonce !== undefined && this.#books.challenges.has(challengeNonce)) {
      return { kind: 'challenge_spent' }
    }
    const overBudget = () => (limits.budgets ? this.#books.budgets.refusalOf(send) : undefined)
    const stopped = this.#books.limits.refusalOf(send, limits) ?? overBudget()
    if (stopped !== undefined) return stopped
    const short = reservation !== undefined && this.#books.ledger.verdictOn(reservation) === 'short'
    return short ? { kind: 'short' } : undefined
  }

  #record({ send, limits, reservation, challengeNonce }: Sending): void {
    if (challengeNonce !== undefined) {
      this.#books.challenges.set(challengeNonce, send.createdAtMs + CHALLENGE_KEPT_MS)
    }
    if (reservation !== undefined) this.#books.ledger.postNow(reservation)
    this.#books.limits.record(send, limits)
    if (limits.budgets) this.#books.budgets.count(send)
    this.#books.addSend(send)
  }
}

function matches(one: Verification, filter: VerificationFilter, nowMs: number): boolean {
  const { phone, status, outcome, serviceId, fromMs, toMs } = filter
  const wanted = [
    phone === undefined || one.phone === phone,
    status === undefined || statusOf(one, nowMs) === status,
    outcome === undefined || one.decision.outcome === outcome,
    serviceId === undefined || one.serviceId === serviceId,
    fromMs === undefined || one.createdAtMs >= fromMs,
    toMs === undefined || one.createdAtMs < toMs,
  ]
  return !wanted.includes(false)
}
