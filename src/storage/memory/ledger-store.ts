import type { Balance, LedgerEntry, LedgerStore } from '../../billing/ledger-store.ts'
import { assert } from '../../domain/assert.ts'
import type { AccountId, EntryId, PostingId } from '../../domain/ids.ts'
import { type Currency, currency, type Micros, plus, ZERO } from '../../domain/money.ts'
import type { LedgerAccount, Posting } from '../../domain/posting.ts'

const NO_CURRENCY = currency('XXX')

/** Balances are exact for ever; of the entries only so many are kept to be listed, and so many keys against repeats. */
const ENTRIES_KEPT = 20_000
const KEYS_KEPT = 100_000

/** An entry before it has its ids, which only a list needs. */
type Kept = { readonly posting: Posting; readonly number: number; readonly index: number }

export type Posted = 'posted' | 'duplicate' | 'short'

/** Forgets in two generations: never what was among the last `kept`, and without a search for the oldest. */
class RecentKeys {
  readonly #kept: number
  #young = new Set<string>()
  #old = new Set<string>()

  constructor(kept: number) {
    this.#kept = kept
  }

  has(key: string): boolean {
    return this.#young.has(key) || this.#old.has(key)
  }

  add(key: string): void {
    if (this.#young.size >= this.#kept) {
      this.#old = this.#young
      this.#young = new Set()
    }
    this.#young.add(key)
  }
}

/** Double-entry books in plain maps: for replays and simulations, gone with the process. */
export class MemoryLedgerStore implements LedgerStore {
  readonly #balances = new Map<LedgerAccount, Map<Currency, Micros>>()
  readonly #totals = new Map<Currency, Micros>()
  readonly #keys = new RecentKeys(KEYS_KEPT)
  #entries: Kept[] = []
  #posted = 0

  async post(posting: Posting): Promise<Posted> {
    return this.postNow(posting)
  }

  /** `post` for those who need it inside a step of their own. */
  postNow(posting: Posting): Posted {
    const verdict = this.verdictOn(posting)
    if (verdict !== 'posted') return verdict
    this.#keys.add(keyOf(posting))
    this.#posted += 1
    const number = this.#posted
    posting.entries.forEach(({ account, amount }, index) => {
      this.#move(account, posting.currency, amount)
      this.#entries.push({ posting, number, index })
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
      .filter(({ posting }) => posting.accountId === accountId)
      .map(toEntry)
      .filter(({ id }) => before === undefined || id < before)
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

function toEntry({ posting, number, index }: Kept): LedgerEntry {
  const { entries, key: postingKey, currency: code, atMs, verificationId, sendId } = posting
  const entry = entries[index]
  assert(entry !== undefined, 'a kept entry is one of its posting')
  return {
    id: `LE${idTail(atMs, number, index)}` as EntryId,
    postingId: `LP${idTail(atMs, number, 0)}` as PostingId,
    postingKey,
    ...entry,
    currency: code,
    atMs,
    verificationId,
    sendId,
  }
}

/** Time first, then the order of posting: entries sort by age. */
const idTail = (atMs: number, posted: number, index: number): string =>
  atMs.toString(16).padStart(12, '0') +
  posted.toString(16).padStart(18, '0') +
  index.toString(16).padStart(2, '0')
