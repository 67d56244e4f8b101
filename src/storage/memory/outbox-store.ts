import type {
  Closing,
  Dispatched,
  Fate,
  FoundSend,
  OutboxJob,
  OutboxStore,
  Receipt,
  RecordedDelivery,
} from '../../channels/outbox-store.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import { type Send, type SendStatus, stageOf, statusAfter } from '../../domain/send.ts'
import { type KeptSend, type MemoryBooks, receiptKey } from './memory-books.ts'

const UNANSWERED: readonly SendStatus[] = ['queued', 'sending', 'unknown']

type Naming = Pick<Dispatched, 'sendId' | 'providerId' | 'providerMessageId'>

/** Same behaviour as the SQL store, in plain maps: for replays and simulations. */
export class MemoryOutboxStore implements OutboxStore {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  async lease(nowMs: number, leaseUntilMs: number, limit: number): Promise<readonly OutboxJob[]> {
    const due = this.#dueOf([...this.#books.due], nowMs)
      .sort(byDueThenId)
      .slice(0, limit)
    return due.flatMap((send) => this.#leased(send, leaseUntilMs)).sort(byAge)
  }

  async leaseThese(
    ids: readonly SendId[],
    nowMs: number,
    leaseUntilMs: number,
  ): Promise<readonly OutboxJob[]> {
    return this.#dueOf([...new Set(ids)], nowMs)
      .flatMap((send) => this.#leased(send, leaseUntilMs))
      .sort(byAge)
  }

  async finish(dispatched: readonly Dispatched[], closing: Closing): Promise<void> {
    for (const one of dispatched) this.#finishOne(one)
    for (const one of dispatched) this.#applyEarly(one, closing)
  }

  async retryLater(sendId: SendId, notBeforeMs: number): Promise<void> {
    if (this.#books.sends.get(sendId)?.status !== 'sending') return
    this.#books.updateSend(sendId, { status: 'queued', dueAtMs: notBeforeMs })
  }

  async recordDelivery(
    receipt: Receipt,
    atMs: number,
    closing: Closing,
  ): Promise<RecordedDelivery> {
    const send = this.#named(receipt)
    if (send !== undefined) return this.#apply(send, receipt, closing)
    this.#keepEarly(receipt, atMs)
    return { kind: 'unmatched' }
  }

  async find(id: SendId): Promise<FoundSend | undefined> {
    const send = this.#books.sends.get(id)
    if (send === undefined) return undefined
    const { providerId, providerMessageId, segments, cost, error } = send
    return { ...toSend(send), outcome: { providerId, providerMessageId, segments, cost, error } }
  }

  async latestOf(ids: readonly VerificationId[]): Promise<ReadonlyMap<VerificationId, Send>> {
    const latest = new Map<VerificationId, Send>()
    for (const id of ids) {
      const sendId = this.#books.generations.get(id)?.at(-1)
      const send = sendId === undefined ? undefined : this.#books.sends.get(sendId)
      if (send !== undefined) latest.set(id, toSend(send))
    }
    return latest
  }

  async undeliveredOf(ids: readonly VerificationId[]): Promise<ReadonlySet<VerificationId>> {
    const latest = await this.latestOf(ids)
    const isLost = (id: VerificationId) => {
      const status = latest.get(id)?.status
      return this.#books.lost.has(id) || status === 'undelivered' || status === 'failed'
    }
    return new Set(ids.filter(isLost))
  }

  async providersOf(
    ids: readonly VerificationId[],
  ): Promise<ReadonlyMap<VerificationId, readonly string[]>> {
    const sendsOf = (id: VerificationId) =>
      (this.#books.generations.get(id) ?? []).flatMap(
        (sendId) => this.#books.sends.get(sendId) ?? [],
      )
    const carriers = ids.map((id) => {
      const carried = sendsOf(id).flatMap(({ providerId }) => providerId ?? [])
      return [id, carried] as const
    })
    return new Map(carriers.filter(([, carried]) => carried.length > 0))
  }

  async recentFates(sinceMs: number, limit: number): Promise<readonly Fate[]> {
    const fates = new Map<string, Fate>()
    for (const { providerId, ...send } of [...this.#books.sends.values()].slice(-limit)) {
      if (providerId === undefined || send.createdAtMs < sinceMs) continue
      const { channel, status, rate } = send
      const key = [providerId, channel, rate.country, status].join(' ')
      const sends = (fates.get(key)?.sends ?? 0) + 1
      fates.set(key, { providerId, channel, country: rate.country, status, sends })
    }
    return [...fates.values()]
  }

  #dueOf(ids: readonly SendId[], nowMs: number): KeptSend[] {
    return ids.flatMap((id) => {
      const send = this.#books.sends.get(id)
      return send?.dueAtMs !== undefined && send.dueAtMs <= nowMs ? [send] : []
    })
  }

  #leased(send: KeptSend, leaseUntilMs: number): readonly OutboxJob[] {
    const verification = this.#books.verifications.get(send.verificationId)
    if (verification === undefined) return []
    const tries = send.tries + 1
    this.#books.updateSend(send.id, { status: 'sending', dueAtMs: leaseUntilMs, tries })
    return [{ send: toSend({ ...send, status: 'sending' }), verification, tries }]
  }

  #finishOne(one: Dispatched): void {
    const send = this.#books.sends.get(one.sendId)
    if (send !== undefined && UNANSWERED.includes(send.status)) {
      this.#books.updateSend(send.id, {
        status: one.status,
        dueAtMs: undefined,
        providerId: one.providerId,
        providerMessageId: this.#ownMessageId(one),
        segments: one.segments,
        cost: one.cost,
        error: one.error,
      })
    }
    const status = this.#books.sends.get(one.sendId)?.status
    if (one.posting !== undefined && status === one.status) this.#books.ledger.postNow(one.posting)
  }

  /** A message id that another send has already would make two sends share receipts, so it is not kept. */
  #ownMessageId({ sendId, providerId, providerMessageId }: Naming): string | undefined {
    if (providerId === undefined || providerMessageId === undefined) return undefined
    const owner = this.#books.byProvider.get(receiptKey({ providerId, providerMessageId }))
    return owner === undefined || owner === sendId ? providerMessageId : undefined
  }

  /** A reference is believed only from the provider that has the send. */
  #named({ providerId, providerMessageId, reference }: Receipt): KeptSend | undefined {
    const id =
      providerMessageId && this.#books.byProvider.get(receiptKey({ providerId, providerMessageId }))
    const byId = id && this.#books.sends.get(id)
    if (byId) return byId
    const send = reference && this.#books.sends.get(reference)
    return send && send.providerId === providerId ? send : undefined
  }

  #keepEarly(receipt: Receipt, atMs: number): void {
    const { earlyReceipts } = this.#books
    for (const key of earlyKeys(receipt)) {
      const known = earlyReceipts.get(key)?.receipt
      const isFurther = known === undefined || stageOf(receipt.status) > stageOf(known.status)
      if (isFurther) earlyReceipts.set(key, { receipt, atMs })
    }
  }

  #applyEarly({ sendId, providerId }: Dispatched, closing: Closing): void {
    const { earlyReceipts } = this.#books
    if (providerId === undefined) return
    const providerMessageId = this.#books.sends.get(sendId)?.providerMessageId
    for (const key of earlyKeys({ providerId, providerMessageId, reference: sendId })) {
      const send = this.#books.sends.get(sendId)
      const early = earlyReceipts.get(key)
      earlyReceipts.delete(key)
      if (send?.providerId === providerId && early) this.#apply(send, early.receipt, closing)
    }
  }

  #apply(send: KeptSend, receipt: Receipt, closing: Closing): RecordedDelivery {
    const before = toSend(send)
    this.#note(send, receipt)
    const status = statusAfter(send.status, receipt.status)
    if (status === undefined) return { kind: 'repeated', send: before }
    const posting = closing(before, status)
    const isGood = status === 'sent' || status === 'delivered'
    const error = isGood ? undefined : (receipt.error ?? send.error)
    this.#books.updateSend(send.id, { status, error, dueAtMs: undefined })
    if (posting !== undefined) this.#books.ledger.postNow(posting)
    return { kind: 'recorded', send: before, status }
  }

  /** What a receipt tells beside the status is kept from every receipt, the late and the repeated too. */
  #note(send: KeptSend, receipt: Receipt): void {
    const named = { sendId: send.id, ...receipt }
    this.#books.updateSend(send.id, {
      segments: receipt.segments ?? send.segments,
      cost: receipt.cost ?? send.cost,
      providerMessageId: send.providerMessageId ?? this.#ownMessageId(named),
    })
  }
}

/** A send can be named by the vendor's id or by ours, so an early receipt waits under both. */
function earlyKeys({
  providerId,
  providerMessageId,
  reference,
}: Pick<Receipt, 'providerId' | 'providerMessageId' | 'reference'>): readonly string[] {
  return [providerMessageId, reference].flatMap((name) =>
    name === undefined ? [] : [receiptKey({ providerId, providerMessageId: name })],
  )
}

function toSend(kept: KeptSend): Send {
  const {
    dueAtMs: _due,
    tries: _tries,
    providerId: _id,
    providerMessageId: _message,
    segments: _segments,
    cost: _cost,
    error: _error,
    ...send
  } = kept
  return send
}

const byDueThenId = (left: KeptSend, right: KeptSend): number =>
  (left.dueAtMs ?? 0) - (right.dueAtMs ?? 0) || (left.id < right.id ? -1 : 1)

const byAge = (left: OutboxJob, right: OutboxJob): number =>
  left.send.createdAtMs - right.send.createdAtMs
