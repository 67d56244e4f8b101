import type { Closing, Dispatched, Receipt, RecordedDelivery } from '../../channels/outbox-store.ts'
import { stageOf, statusAfter } from '../../domain/send.ts'
import { type KeptSend, type MemoryBooks, receiptKey, toSend } from './memory-books.ts'

type EarlyNamed = Pick<Dispatched, 'sendId' | 'providerId'>
type Naming = Pick<Dispatched, 'sendId' | 'providerId' | 'providerMessageId'>

/** How receipts change the sends of the shared books. */
export class MemoryReceipts {
  readonly #books: MemoryBooks

  constructor(books: MemoryBooks) {
    this.#books = books
  }

  record(receipt: Receipt, atMs: number, closing: Closing): RecordedDelivery {
    const send = this.#named(receipt)
    if (send !== undefined) return this.#apply(send, receipt, closing)
    this.#keepEarly(receipt, atMs)
    return { kind: 'unmatched' }
  }

  applyEarly({ sendId, providerId }: EarlyNamed, closing: Closing): void {
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

  /** Those that waited for sends whose answer never came. */
  applyAllEarly(closing: Closing): void {
    const named = [...this.#books.earlyReceipts.values()].flatMap(
      ({ receipt }) => this.#named(receipt) ?? [],
    )
    for (const { id, providerId } of named) this.applyEarly({ sendId: id, providerId }, closing)
  }

  /** A message id that another send has already would make two sends share receipts, so it is not kept. */
  ownMessageId({ sendId, providerId, providerMessageId }: Naming): string | undefined {
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
    return send && send.providerId === providerId && send.status !== 'sending' ? send : undefined
  }

  #keepEarly(receipt: Receipt, atMs: number): void {
    const { earlyReceipts } = this.#books
    for (const key of earlyKeys(receipt)) {
      const known = earlyReceipts.get(key)?.receipt
      const isFurther = known === undefined || stageOf(receipt.status) > stageOf(known.status)
      if (isFurther) earlyReceipts.set(key, { receipt, atMs })
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
    const isWaitedFor = status === 'sent' && send.rate.billOn === 'delivered'
    const queryAtMs = isWaitedFor ? send.queryAtMs : undefined
    this.#books.updateSend(send.id, { status, error, dueAtMs: undefined, queryAtMs })
    if (posting !== undefined) this.#books.ledger.postNow(posting)
    return { kind: 'recorded', send: before, status }
  }

  /** What a receipt tells beside the status is kept from every receipt, the late and the repeated too. */
  #note(send: KeptSend, receipt: Receipt): void {
    const named = { sendId: send.id, ...receipt }
    this.#books.updateSend(send.id, {
      segments: receipt.segments ?? send.segments,
      cost: receipt.cost ?? send.cost,
      providerMessageId: send.providerMessageId ?? this.ownMessageId(named),
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
