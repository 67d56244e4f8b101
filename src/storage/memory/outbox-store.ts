import type {
  Closing,
  Dispatched,
  OutboxJob,
  OutboxStore,
  RecordedDelivery,
} from '../../channels/outbox-store.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import type { Delivery, Send, SendStatus } from '../../domain/send.ts'
import { type KeptSend, type MemoryBooks, receiptKey } from './memory-books.ts'

const OVER: readonly SendStatus[] = ['delivered', 'undelivered', 'failed']
const UNANSWERED: readonly SendStatus[] = ['queued', 'sending', 'unknown']

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
    delivery: Delivery,
    atMs: number,
    closing: Closing,
  ): Promise<RecordedDelivery> {
    const key = receiptKey(delivery)
    const send = this.#books.sends.get(this.#books.byProvider.get(key) ?? ('' as SendId))
    if (send !== undefined) return this.#apply(send, delivery, closing)
    if (!this.#books.earlyReceipts.has(key)) this.#books.earlyReceipts.set(key, { delivery, atMs })
    return { kind: 'unmatched' }
  }

  async find(
    id: SendId,
  ): Promise<(Send & { readonly providerId: string | undefined }) | undefined> {
    const send = this.#books.sends.get(id)
    return send === undefined ? undefined : { ...toSend(send), providerId: send.providerId }
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
      })
    }
    const status = this.#books.sends.get(one.sendId)?.status
    if (one.posting !== undefined && status === one.status) this.#books.ledger.postNow(one.posting)
  }

  /** A message id that another send has already would make two sends share receipts, so it is not kept. */
  #ownMessageId({ sendId, providerId, providerMessageId }: Dispatched): string | undefined {
    if (providerId === undefined || providerMessageId === undefined) return undefined
    const owner = this.#books.byProvider.get(receiptKey({ providerId, providerMessageId }))
    return owner === undefined || owner === sendId ? providerMessageId : undefined
  }

  #applyEarly({ sendId }: Dispatched, closing: Closing): void {
    const send = this.#books.sends.get(sendId)
    if (send?.providerId === undefined || send.providerMessageId === undefined) return
    const { providerId, providerMessageId } = send
    const key = receiptKey({ providerId, providerMessageId })
    const early = this.#books.earlyReceipts.get(key)
    if (early === undefined) return
    this.#books.earlyReceipts.delete(key)
    this.#apply(send, early.delivery, closing)
  }

  #apply(send: KeptSend, delivery: Delivery, closing: Closing): RecordedDelivery {
    const before = toSend(send)
    if (OVER.includes(send.status)) return { kind: 'repeated', send: before }
    const posting = closing(before, delivery)
    this.#books.updateSend(send.id, { status: delivery.status, dueAtMs: undefined })
    if (posting !== undefined) this.#books.ledger.postNow(posting)
    return { kind: 'recorded', send: before, status: delivery.status }
  }
}

function toSend(kept: KeptSend): Send {
  const {
    dueAtMs: _due,
    tries: _tries,
    providerId: _id,
    providerMessageId: _message,
    ...send
  } = kept
  return send
}

const byDueThenId = (left: KeptSend, right: KeptSend): number =>
  (left.dueAtMs ?? 0) - (right.dueAtMs ?? 0) || (left.id < right.id ? -1 : 1)

const byAge = (left: OutboxJob, right: OutboxJob): number =>
  left.send.createdAtMs - right.send.createdAtMs
