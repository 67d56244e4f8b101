import type { Balance, LedgerEntry, LedgerStore } from '../../billing/ledger-store.ts'
import type { Package, PackageLeft } from '../../billing/packages.ts'
import { balanced } from '../../billing/postings.ts'
import { spellOutClosing, spellOutReservation } from '../../billing/spell-out.ts'
import { assert } from '../../domain/assert.ts'
import type { AccountId, EntryId, PackageId, PostingId, SendId } from '../../domain/ids.ts'
import { type Currency, currency, type Micros, plus, ZERO } from '../../domain/money.ts'
import {
  type AnyPosting,
  type LedgerAccount,
  type Posting,
  SEGMENT_UNIT,
  segmentsOfMicros,
} from '../../domain/posting.ts'

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

/** What the ledger is told by, and tells, the books that it is part of. */
export type LedgerSurroundings = {
  readonly packages: ReadonlyMap<PackageId, Package>
  /** A send was settled by this posting. */
  readonly onSettled: (posting: Posting) => void
  /** What was held for a send went back by this one. */
  readonly onReleased: (posting: Posting) => void
  /** A month was re-rated by this one. */
  readonly onRerated: (posting: Posting) => void
}

/** Double-entry books in plain maps: for replays and simulations, gone with the process. */
export class MemoryLedgerStore implements LedgerStore {
  readonly #balances = new Map<LedgerAccount, Map<Currency, Micros>>()
  readonly #totals = new Map<Currency, Micros>()
  readonly #keys = new RecentKeys(KEYS_KEPT)
  readonly #reserved = new Map<SendId, Posting>()
  readonly #surroundings: LedgerSurroundings
  #entries: Kept[] = []
  #posted = 0

  constructor(surroundings: LedgerSurroundings) {
    this.#surroundings = surroundings
  }

  async post(posting: AnyPosting): Promise<Posted> {
    return this.postNow(posting)
  }

  /** `post` for those who need it inside a step of their own. */
  postNow(any: AnyPosting): Posted {
    const verdict = this.verdictOn(any)
    if (verdict !== 'posted') return verdict
    const posting = this.#spelledOut(any)
    if (posting === undefined) return 'duplicate'
    this.#note(any, posting)
    this.#keys.add(keyOf(posting))
    this.#posted += 1
    const number = this.#posted
    posting.entries.forEach(({ account, amount, currency = posting.currency }, index) => {
      this.#move(account, currency, amount)
      this.#entries.push({ posting, number, index })
    })
    if (this.#entries.length > 2 * ENTRIES_KEPT) this.#entries = this.#entries.slice(-ENTRIES_KEPT)
    return 'posted'
  }

  /** What `postNow` would answer, without doing it. */
  verdictOn(any: AnyPosting): Posted {
    if (this.#keys.has(keyOf(any))) return 'duplicate'
    const posting = this.#spelledOut(any)
    if (posting === undefined) return 'duplicate'
    const short = balanced(posting).entries.some(
      ({ account, amount, currency = posting.currency }) =>
        account.startsWith('prepaid:') && this.#balanceOf(account, currency) + amount < 0,
    )
    return short ? 'short' : 'posted'
  }

  /** What is left in a package, or reserved of it. */
  segments(place: 'package' | 'reserved', id: PackageId): number {
    return segmentsOfMicros(this.#balanceOf(`${place}:${id}`, SEGMENT_UNIT))
  }

  /** Whether something is still held or reserved for a send. */
  holds(id: SendId): boolean {
    return this.#reserved.has(id)
  }

  /** Undefined: closes what was never reserved. */
  #spelledOut(any: AnyPosting): Posting | undefined {
    if ('entries' in any) return any
    if (any.kind === 'reserve') return spellOutReservation(any, this.#packagesOf(any.accountId))
    const reserved = this.#reserved.get(any.sendId)
    const { packages } = this.#surroundings
    const hasExpired = (id: PackageId) => (packages.get(id)?.expiresAtMs ?? 0) <= any.atMs
    return reserved && spellOutClosing(any, reserved, hasExpired)
  }

  #packagesOf(accountId: AccountId): readonly PackageLeft[] {
    return [...this.#surroundings.packages.values()]
      .filter((one) => one.accountId === accountId)
      .map((one) => ({ package: one, left: this.segments('package', one.id) }))
  }

  /** A reservation is kept until it is closed. */
  #note(any: AnyPosting, posting: Posting): void {
    if ('entries' in any) {
      if (any.key.startsWith('rerate:')) this.#surroundings.onRerated(any)
      return
    }
    if (any.kind === 'reserve') {
      this.#reserved.set(any.sendId, posting)
      return
    }
    this.#reserved.delete(any.sendId)
    if (any.kind === 'settle') this.#surroundings.onSettled(posting)
    else this.#surroundings.onReleased(posting)
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

const keyOf = (posting: AnyPosting): string => `${posting.accountId} ${posting.key}`

function toEntry({ posting, number, index }: Kept): LedgerEntry {
  const { entries, key: postingKey, currency: code, atMs, verificationId, sendId, note } = posting
  const entry = entries[index]
  assert(entry !== undefined, 'a kept entry is one of its posting')
  return {
    id: `LE${idTail(atMs, number, index)}` as EntryId,
    postingId: `LP${idTail(atMs, number, 0)}` as PostingId,
    postingKey,
    account: entry.account,
    amount: entry.amount,
    currency: entry.currency ?? code,
    atMs,
    verificationId,
    sendId,
    note,
  }
}

/** Time first, then the order of posting: entries sort by age. */
const idTail = (atMs: number, posted: number, index: number): string =>
  atMs.toString(16).padStart(12, '0') +
  posted.toString(16).padStart(18, '0') +
  index.toString(16).padStart(2, '0')
