import type { Balance, LedgerEntry, LedgerStore } from '../../billing/ledger-store.ts'
import { assert } from '../../domain/assert.ts'
import type { AccountId, EntryId, PostingId } from '../../domain/ids.ts'
import { type Currency, currency, type Micros, plus, ZERO } from '../../domain/money.ts'
import type { LedgerAccount, Posting } from '../../domain/posting.ts'

const NO_CURRENCY = currency('XXX')

/** Balances are exact for ever; of the entries only so many are kept to be listed, and so many keys against repeats. */
const ENTRIES_KEPT = 50_000
const KEYS_KEPT = 500_000

export type Posted = 'posted' | 'duplicate' | 'short'

/** Double-entry books in plain maps: for replays and simulations, gone with the process. */
export class MemoryLedgerStore implements LedgerStore {
  readonly #balances = new Map<LedgerAccount, Map<Currency, Micros>>()
  readonly #totals = new Map<Currency, Micros>()
  readonly #keys = new Set<string>()
  #entries: LedgerEntry[] = []
  #posted = 0

  async post(posting: Posting): Promise<Posted> {
    return this.postNow(posting)
  }

  /** `post` for those who need it inside a step of their own. */
  postNow(posting: Posting): Posted {
    const verdict = this.verdictOn(posting)
    if (verdict !== 'posted') return verdict
    remember(this.#keys, keyOf(posting), KEYS_KEPT)
    this.#posted += 1
    const postingId = `LP${idTail(posting.atMs, this.#posted, 0)}` as PostingId
    posting.entries.forEach((entry, index) => {
      this.#move(entry.account, posting.currency, entry.amount)
      const id = `LE${idTail(posting.atMs, this.#posted, index)}` as EntryId
      const { key: postingKey, currency: code, atMs, verificationId, sendId } = posting
      const { account, amount } = entry
      this.#entries.push({
        id,
        postingId,
        postingKey,
        account,
        amount,
        currency: code,
        atMs,
        verificationId,
        sendId,
      })
    })
    if (this.#entries.length > 2 * ENTRIES_KEPT) this.#entries = this.#entries.slice(-ENTRIES_KEPT)
    return 'posted'
  }

  /** What `postNow` would answer, without doing it. */
  verdictOn(posting: Posting): Posted {
    const sum = posting.entries.reduce((total, entry) => total + entry.amount, 0)
    assert(sum === 0, `the entries of ${posting.key} sum to zero`)
    if (this.#keys.has(keyOf(posting))) return 'duplicate'
    const short = posting.entries.some(
      ({ account, amount }) =>
        account.startsWith('prepaid:') && this.#balanceOf(account, posting.currency) + amount < 0,
    )
    return short ? 'short' : 'posted'
  }

  async balance(accountId: AccountId): Promise<Balance> {
    const known = [`prepaid:${accountId}`, `held:${accountId}`, `revenue:${accountId}`] as const
    const first = known
      .map((account) => this.#balances.get(account))
      .find((map) => map !== undefined)
    const code = first?.keys().next().value ?? NO_CURRENCY
    const [available, held, spent] = known.map((account) => this.#balanceOf(account, code))
    return {
      currency: code,
      available: available ?? ZERO,
      held: held ?? ZERO,
      spent: spent ?? ZERO,
    }
  }

  async entries(
    accountId: AccountId,
    page: { limit: number; before: EntryId | undefined },
  ): Promise<readonly LedgerEntry[]> {
    const { before, limit } = page
    return this.#entries
      .filter(({ account, id }) => account.endsWith(`:${accountId}`) && (!before || id < before))
      .sort((left, right) => (left.id < right.id ? 1 : -1))
      .slice(0, limit)
  }

  async trialBalance(): Promise<ReadonlyMap<Currency, Micros>> {
    return new Map(this.#totals)
  }

  #balanceOf(account: LedgerAccount, code: Currency): Micros {
    return this.#balances.get(account)?.get(code) ?? ZERO
  }

  #move(account: LedgerAccount, code: Currency, amount: Micros): void {
    const balances = this.#balances.get(account) ?? new Map<Currency, Micros>()
    balances.set(code, plus(balances.get(code) ?? ZERO, amount))
    this.#balances.set(account, balances)
    this.#totals.set(code, plus(this.#totals.get(code) ?? ZERO, amount))
  }
}

const keyOf = (posting: Posting): string => `${posting.accountId} ${posting.key}`

/** Time first, then the order of posting: entries sort by age. */
const idTail = (atMs: number, posted: number, index: number): string =>
  atMs.toString(16).padStart(12, '0') +
  posted.toString(16).padStart(18, '0') +
  index.toString(16).padStart(2, '0')

/** Adds to a set that forgets its oldest members beyond `kept`. */
function remember(set: Set<string>, member: string, kept: number): void {
  set.add(member)
  if (set.size <= kept) return
  const [oldest] = set
  if (oldest !== undefined) set.delete(oldest)
}
