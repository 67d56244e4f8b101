import type { LedgerEntry } from '../../../src/billing/ledger-store.ts'
import { assert } from '../../../src/domain/assert.ts'
import type { AccountId, EntryId, SendId } from '../../../src/domain/ids.ts'
import type { Send, SendStatus } from '../../../src/domain/send.ts'
import { statusOf } from '../../../src/domain/verification.ts'
import type { Stores } from './ground.ts'
import type { Fate, Truth } from './truth.ts'

const PAGE = 10_000

/** What the ledger says of one send. */
type Account = { reserved: number; settled: number; released: number; closes: number }

const NOTHING: Account = { reserved: 0, settled: 0, released: 0, closes: 0 }

export type AuditEnd = { readonly outcomes: Outcomes; readonly complaints: readonly string[] }
export type Outcomes = { delivered: number; failed: number; expired: number }

type AuditorParts = {
  readonly stores: Stores
  readonly truth: Truth
  readonly accountId: AccountId
  /** Paid in at the beginning, in micros. */
  readonly deposit: number
}

/** Believes nobody: adds the ledger up by itself and compares with what really happened. While it runs it throws at the first wrong. */
export class Auditor {
  readonly #parts: AuditorParts
  readonly #accounts = new Map<SendId, Account>()
  #seenUpTo: EntryId | undefined
  #spent = 0

  constructor(parts: AuditorParts) {
    this.#parts = parts
  }

  /** Cheap, after every step. */
  async checkBalance(): Promise<void> {
    const { ledger } = this.#parts.stores
    for (const [currency, total] of await ledger.trialBalance()) {
      claim(total === 0, `the ledger sums to ${total} micros of ${currency}`)
    }
    const { available, held, spent } = await ledger.balance(this.#parts.accountId)
    claim(available >= 0 && held >= 0 && spent >= 0, 'a balance is below zero')
    claim(available + held + spent === this.#parts.deposit, 'money came or went')
    const { sentAgain } = this.#parts.truth
    claim(sentAgain.length === 0, `${sentAgain[0]} was sent again after it was accepted`)
  }

  /** Reads what the ledger took since the last time: each posting balanced, each send reserved once and closed once. */
  async readEntries(): Promise<void> {
    const fresh = await this.#freshEntries()
    const postings = new Map<string, number>()
    for (const entry of fresh) {
      const sum = `${entry.postingId} ${entry.currency}`
      postings.set(sum, (postings.get(sum) ?? 0) + entry.amount)
      this.#book(entry)
    }
    for (const [posting, sum] of postings) claim(sum === 0, `${posting} sums to ${sum}`)
  }

  async #freshEntries(): Promise<readonly LedgerEntry[]> {
    const { stores, accountId } = this.#parts
    const fresh: LedgerEntry[] = []
    let before: EntryId | undefined
    for (;;) {
      const page = await stores.ledger.entries(accountId, { limit: PAGE, before })
      const unseen = page.filter(({ id }) => this.#seenUpTo === undefined || id > this.#seenUpTo)
      fresh.push(...unseen)
      before = page.at(-1)?.id
      if (unseen.length < page.length || page.length < PAGE) break
    }
    this.#seenUpTo = fresh[0]?.id ?? this.#seenUpTo
    return fresh
  }

  #book({ sendId, account, amount }: LedgerEntry): void {
    if (sendId === undefined) return
    claim(this.#parts.truth.fates.has(sendId), `the ledger knows ${sendId}, and nobody else does`)
    const books = this.#accounts.get(sendId) ?? { ...NOTHING }
    this.#accounts.set(sendId, books)
    const [place] = account.split(':')
    if (place === 'prepaid' && amount < 0) books.reserved -= amount
    if (place === 'prepaid' && amount > 0) books.released += amount
    if (place === 'revenue') books.settled += amount
    if (place === 'held' && amount < 0) books.closes += 1
    claim(books.closes <= 1, `${sendId} was closed twice`)
    if (place === 'revenue') this.#spent += amount
  }

  /** When all has settled: nothing is under way, nothing is held, and each send's money went where its fate says. */
  async checkEnd(nowMs: number): Promise<AuditEnd> {
    await this.checkBalance()
    await this.readEntries()
    const { stores, truth, accountId } = this.#parts
    const complaints: string[] = []
    for (const fate of truth.fates.values()) complaints.push(...(await this.#wrongWith(fate)))
    const { held, spent } = await stores.ledger.balance(accountId)
    if (held !== 0) complaints.push(`${held} micros are still held`)
    if (spent !== this.#spent) complaints.push(`${spent} was spent, by the entries ${this.#spent}`)
    complaints.push(...(await this.#wrongBudgets(nowMs)))
    const outcomes = await this.#outcomes(nowMs)
    return { outcomes, complaints: [...complaints, ...outcomes.pending] }
  }

  /** What was given back counts no more, and nothing was counted twice, whenever the process died. */
  async #wrongBudgets(nowMs: number): Promise<readonly string[]> {
    const { stores, accountId } = this.#parts
    const charged = [...this.#accounts.values()].filter(({ settled }) => settled > 0).length
    const all = await stores.budgets.list(accountId, { limit: 10, before: undefined, nowMs })
    claim(all.length === 1, `there are ${all.length} budgets`)
    return all
      .filter(({ used }) => used !== charged)
      .map(({ budget, used }) => `${budget.id} counts ${used} sends, and ${charged} were charged`)
  }

  async #wrongWith(fate: Fate): Promise<readonly string[]> {
    const { sendId, asked } = fate
    const send = await this.#parts.stores.outbox.find(sendId)
    if (send === undefined) return [`${sendId} is lost`]
    const { status, price } = send
    const books = this.#accounts.get(sendId) ?? { ...NOTHING }
    const claims: readonly (readonly [boolean, string])[] = [
      [isOver(status), `is still ${status}`],
      [asked > 0 || status === 'failed', `is ${status} and nobody was asked`],
      [books.reserved === price, `reserved ${books.reserved} of ${price}`],
      [books.closes === 1, `closed ${books.closes} times`],
      [books.settled + books.released === price, 'charged and paid back in part'],
      [books.settled === 0 || isOwed(send, fate), `is ${status} and was charged for nothing`],
      [books.settled > 0 || !mustBePaid(send, fate), `is ${status} and was not charged`],
    ]
    const takers = fate.taken.map(({ providerId }) => providerId).join(' and ') || 'nobody'
    return claims
      .filter(([holds]) => !holds)
      .map(([, complaint]) => `${sendId}, taken by ${takers}, ${complaint}`)
  }

  async #outcomes(nowMs: number): Promise<Outcomes & { readonly pending: readonly string[] }> {
    const { stores, truth, accountId } = this.#parts
    const outcomes = { delivered: 0, failed: 0, expired: 0 }
    const pending: string[] = []
    const ids = [...new Set(Array.from(truth.fates.values(), (fate) => fate.verificationId))]
    const delivered = new Set<string>()
    for (const { sendId, verificationId } of truth.fates.values()) {
      const send = await stores.outbox.find(sendId)
      if (send?.status === 'delivered') delivered.add(verificationId)
    }
    const undelivered = await undeliveredOf(stores, ids)
    for (const id of ids) {
      const verification = await stores.verifications.find({ accountId, id })
      const status = verification && statusOf(verification, nowMs)
      if (status === 'approved' || delivered.has(id)) outcomes.delivered += 1
      else if (undelivered.has(id)) outcomes.failed += 1
      else if (status === 'expired') outcomes.expired += 1
      else pending.push(`${id} is ${status ?? 'lost'} at the end`)
    }
    return { ...outcomes, pending }
  }
}

async function undeliveredOf(stores: Stores, ids: readonly Fate['verificationId'][]) {
  const all = new Set<string>()
  for (let from = 0; from < ids.length; from += 100) {
    const some = await stores.outbox.undeliveredOf(ids.slice(from, from + 100))
    for (const id of some) all.add(id)
  }
  return all
}

/** An accepted text whose receipt never came stays `sent`. */
const isOver = (status: SendStatus): boolean =>
  ['sent', 'delivered', 'undelivered', 'failed'].includes(status)

const isOwed = (send: Send, fate: Fate): boolean =>
  send.rate.billOn === 'accepted' ? fate.taken.length > 0 : fate.isSaidDelivered

/**
 * What was paid back on an earlier word stays free. So does a text that a provider took while the process died, if its receipts have the
 * provider's own number only: nobody can tell that they are about this send.
 */
const mustBePaid = ({ status, rate }: Send, { heard, isNamed, isRecorded }: Fate): boolean =>
  rate.billOn === 'accepted'
    ? status === 'sent'
    : heard.has('delivered') && !heard.has('undelivered') && (isNamed || isRecorded)

function claim(holds: boolean, complaint: string): asserts holds {
  assert(holds, `audit: ${complaint}`)
}
