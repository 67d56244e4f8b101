import type { Package } from '../../billing/packages.ts'
import type { FailedTry, FoundSend, Receipt, UnsentReason } from '../../channels/outbox-store.ts'
import type { Channel } from '../../domain/channel.ts'
import type { PackageId, SendId, VerificationId } from '../../domain/ids.ts'
import type { CodeSend, Cost } from '../../domain/send.ts'
import type { SendError } from '../../domain/send-error.ts'
import type { Verification } from '../../domain/verification.ts'
import { oldFrontOf } from '../../risk/front-of-map.ts'
import { MemoryBudgetStore } from './budget-store.ts'
import { MemoryLedgerStore } from './ledger-store.ts'
import { MemoryMonthStore } from './month-store.ts'
import { type KnownFate, SendLimits } from './send-limits.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Codes alone: there are no batches in a replay or a simulation. */
export type KeptSend = CodeSend & {
  readonly dueAtMs: number | undefined
  readonly tries: number
  readonly rounds: number
  readonly askedAtMs: number | undefined
  readonly queryAtMs: number | undefined
  readonly providerId: string | undefined
  readonly providerMessageId: string | undefined
  readonly segments: number | undefined
  readonly cost: Cost | undefined
  readonly error: SendError | undefined
  readonly tried: readonly FailedTry[]
  readonly unsent: UnsentReason | undefined
  readonly endedAtMs: number | undefined
  readonly fallsAtMs: number | undefined
  readonly takenBy: Channel | undefined
}

export type BooksOptions = { readonly keepsSends?: boolean; readonly keptMs?: number }

/** What the three memory stores share, as the SQL stores share a database. Synchronous, so a step is atomic by itself. */
export class MemoryBooks {
  readonly packages = new Map<PackageId, Package>()
  readonly months = new MemoryMonthStore()
  readonly ledger = new MemoryLedgerStore({
    packages: this.packages,
    onSettled: (posting) => {
      const send = posting.sendId && this.sends.get(posting.sendId)
      if (send !== undefined) this.months.count(send, posting)
    },
    onReleased: ({ sendId }) => this.#giveBack(sendId),
    onRerated: (posting) => this.months.rerated(posting),
  })
  readonly budgets = new MemoryBudgetStore()
  readonly limits = new SendLimits()
  /** In the order of creation, which is near enough the order in which they go. */
  readonly verifications = new Map<VerificationId, Verification>()
  readonly unmatured = new Set<VerificationId>()
  readonly sends = new Map<SendId, KeptSend>()
  readonly generations = new Map<VerificationId, SendId[]>()
  readonly due = new Set<SendId>()
  /** For which another channel may take over. */
  readonly fallen = new Set<SendId>()
  readonly byProvider = new Map<string, SendId>()
  readonly earlyReceipts = new Map<string, { receipt: Receipt; atMs: number }>()
  /** Verifications whose message is known not to have arrived, where sends are not kept. */
  readonly lost = new Set<VerificationId>()
  readonly challenges = new Map<string, number>()
  readonly #keepsSends: boolean
  readonly #keptMs: number
  readonly #pastVerification = oldFrontOf(
    this.verifications,
    ({ expiresAtMs }, nowMs) => expiresAtMs + this.#keptMs < nowMs,
  )
  readonly #pastChallenge = oldFrontOf(this.challenges, (expiresAtMs, nowMs) => expiresAtMs < nowMs)
  readonly #pastReceipt = oldFrontOf(this.earlyReceipts, ({ atMs }, nowMs) => atMs < nowMs - DAY_MS)
  #sweptAtMs = 0

  /** Where nothing is ever dispatched, as in a replay, sends need not be kept. `keptMs`: how long after its end a verification is. */
  constructor({ keepsSends = true, keptMs = HOUR_MS }: BooksOptions = {}) {
    this.#keepsSends = keepsSends
    this.#keptMs = keptMs
  }

  addVerification(verification: Verification): void {
    this.verifications.set(verification.id, verification)
    if (!verification.matured) this.unmatured.add(verification.id)
    this.#sweep(verification.createdAtMs)
  }

  addSend(send: CodeSend): void {
    if (!this.#keepsSends) return
    const waiting = send.status === 'queued'
    this.sends.set(send.id, {
      ...send,
      dueAtMs: waiting ? send.createdAtMs : undefined,
      tries: 0,
      rounds: 0,
      askedAtMs: undefined,
      queryAtMs: undefined,
      providerId: undefined,
      providerMessageId: undefined,
      segments: undefined,
      cost: undefined,
      error: undefined,
      tried: [],
      unsent: undefined,
      endedAtMs: undefined,
      fallsAtMs: undefined,
      takenBy: undefined,
    })
    if (waiting) this.due.add(send.id)
    const generations = this.generations.get(send.verificationId) ?? []
    generations.push(send.id)
    this.generations.set(send.verificationId, generations)
  }

  updateSend(id: SendId, change: Partial<KeptSend>): void {
    const send = this.sends.get(id)
    if (send === undefined) return
    const changed = { ...send, ...change }
    this.sends.set(id, changed)
    if (isReleasedFree(send, changed)) this.#giveBack(id)
    this.limits.note(changed, fateOf(changed))
    if (changed.dueAtMs === undefined) this.due.delete(id)
    else this.due.add(id)
    if (changed.fallsAtMs === undefined) this.fallen.delete(id)
    else this.fallen.add(id)
    const { providerId, providerMessageId } = changed
    if (providerId !== undefined && providerMessageId !== undefined) {
      this.byProvider.set(receiptKey({ providerId, providerMessageId }), id)
    }
  }

  /** The message of this verification did not arrive, as `lost` and the caps of its number are to know. */
  lose(id: VerificationId): void {
    this.lost.add(id)
    const verification = this.verifications.get(id)
    if (verification !== undefined) this.limits.lose(verification)
  }

  #giveBack(id: SendId | undefined): void {
    const send = id && this.sends.get(id)
    if (send !== undefined) this.budgets.giveBack(send)
  }

  /** A minute of their time passes between two looks. */
  #sweep(nowMs: number): void {
    if (nowMs < this.#sweptAtMs + 60_000) return
    this.#sweptAtMs = nowMs
    dropEach(this.#pastVerification, nowMs, (id) => this.#drop(id))
    dropEach(this.#pastChallenge, nowMs, (nonce) => this.challenges.delete(nonce))
    dropEach(this.#pastReceipt, nowMs, (key) => this.earlyReceipts.delete(key))
  }

  #drop(id: VerificationId): void {
    this.verifications.delete(id)
    this.unmatured.delete(id)
    this.lost.delete(id)
    for (const sendId of this.generations.get(id) ?? []) {
      const send = this.sends.get(sendId)
      this.sends.delete(sendId)
      this.due.delete(sendId)
      this.fallen.delete(sendId)
      if (send?.providerId !== undefined && send.providerMessageId !== undefined) {
        this.byProvider.delete(
          receiptKey({ providerId: send.providerId, providerMessageId: send.providerMessageId }),
        )
      }
    }
    this.generations.delete(id)
  }
}

/** A number that is to blame for its failure waits for its minute. */
const fateOf = ({ status, unsent }: KeptSend): KnownFate => ({
  isLost: status === 'undelivered' || status === 'failed',
  isOver: status === 'undelivered' || unsent !== undefined,
})

/** A free send has no posting that would tell. */
const isReleasedFree = (before: KeptSend, { status, price }: KeptSend): boolean =>
  price === 0 &&
  (status === 'failed' || status === 'undelivered') &&
  !(before.status === 'sent' && before.rate.billOn === 'accepted')

type Named = { readonly providerId: string; readonly providerMessageId: string }
export const receiptKey = ({ providerId, providerMessageId }: Named): string =>
  `${providerId} ${providerMessageId}`

/** `next` hands out what is past, oldest first. */
function dropEach<Key>(
  next: (nowMs: number) => Key | undefined,
  nowMs: number,
  drop: (key: Key) => void,
): void {
  for (let key = next(nowMs); key !== undefined; key = next(nowMs)) drop(key)
}

/** What the outside knows of a kept send. */
export function toSend(kept: KeptSend): CodeSend {
  const {
    dueAtMs: _due,
    tries: _tries,
    rounds: _rounds,
    askedAtMs: _asked,
    queryAtMs: _query,
    providerId: _id,
    providerMessageId: _message,
    segments: _segments,
    cost: _cost,
    error: _error,
    tried: _tried,
    unsent: _unsent,
    endedAtMs: _ended,
    fallsAtMs: _falls,
    takenBy: _taken,
    ...send
  } = kept
  return send
}

/** With what is known of the provider's side. */
export function toFound(kept: KeptSend): FoundSend {
  const { providerId, providerMessageId, segments, cost, error, askedAtMs } = kept
  const outcome = { providerId, providerMessageId, segments, cost, error, askedAtMs }
  return { ...toSend(kept), outcome }
}
