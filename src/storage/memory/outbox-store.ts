import {
  byKindThenAge,
  type Carrier,
  type Closing,
  type Dispatched,
  type FallenSpan,
  type Fate,
  type FateLook,
  type FoundSend,
  type JobSubject,
  type LatestSend,
  type Leased,
  type LeaseSpan,
  type OutboxJob,
  type OutboxStore,
  type QueryPace,
  type Receipt,
  type RecordedDelivery,
  type Returned,
  type Unheard,
  type Wanted,
} from '../../channels/outbox-store.ts'
import { choose, type Places } from '../../channels/places.ts'
import type { Channel } from '../../domain/channel.ts'
import type { SendId, VerificationId } from '../../domain/ids.ts'
import type { MessageKind } from '../../domain/message-kind.ts'
import type { CodeSend, Send, SendStatus } from '../../domain/send.ts'
import { SEND_ERRORS, sendError } from '../../domain/send-error.ts'
import { type KeptSend, type MemoryBooks, toFound, toSend } from './memory-books.ts'
import { MemoryReceipts } from './receipts.ts'

const UNANSWERED: readonly SendStatus[] = ['queued', 'sending', 'unknown']

/** Same behaviour as the SQL store, in plain maps: for replays and simulations. */
export class MemoryOutboxStore implements OutboxStore {
  readonly #books: MemoryBooks
  readonly #receipts: MemoryReceipts

  constructor(books: MemoryBooks) {
    this.#books = books
    this.#receipts = new MemoryReceipts(books)
  }

  async lease(span: LeaseSpan, places: Places): Promise<readonly OutboxJob[]> {
    const due = this.#dueOf([...this.#books.due], span.nowMs).sort(byDueThenId)
    for (const send of due) if (isAbandoned(send)) this.#abandon(send, span.nowMs)
    const waiting = (kind: MessageKind) =>
      due.filter((send) => send.rate.kind === kind && !isAbandoned(send))
    const chosen = choose(
      { otp: waiting('otp'), notice: waiting('notice'), bulk: waiting('bulk') },
      places,
    )
    return chosen.flatMap((send) => this.#leased(send, span)).sort(byKindThenAge)
  }

  async leaseThese(wanted: readonly Wanted[], span: LeaseSpan): Promise<readonly OutboxJob[]> {
    const named = new Map(wanted.map(({ id, providerId }) => [id, providerId]))
    return this.#dueOf([...named.keys()], span.nowMs)
      .filter(({ status }) => status === 'queued')
      .flatMap((send) => this.#leased(send, span, named.get(send.id)))
      .sort(byKindThenAge)
  }

  async ask(lease: Leased, providerId: string, atMs: number): Promise<boolean> {
    const held = this.#held(lease, 'sending')
    if (held !== undefined) this.#books.updateSend(held.id, { providerId, askedAtMs: atMs })
    return held !== undefined
  }

  async finish(dispatched: readonly Dispatched[], closing: Closing): Promise<void> {
    for (const one of dispatched) this.#finishOne(one)
    for (const one of dispatched) this.#receipts.applyEarly(one, closing)
  }

  async applyEarly(_atMs: number, closing: Closing): Promise<void> {
    this.#receipts.applyAllEarly(closing)
  }

  async giveBack(returned: readonly Returned[]): Promise<void> {
    for (const { notBeforeMs, rounds, tried = [], ...lease } of returned) {
      const held = this.#held(lease, 'sending')
      if (held === undefined) continue
      const change = { status: 'queued', dueAtMs: notBeforeMs, providerId: undefined } as const
      this.#books.updateSend(held.id, { ...change, rounds, tried: [...held.tried, ...tried] })
    }
  }

  async sendAgain(lease: Leased, notBeforeMs: number): Promise<boolean> {
    const held = this.#held(lease, 'unknown')
    if (held === undefined) return false
    const change = { status: 'queued', dueAtMs: notBeforeMs, rounds: held.rounds + 1 } as const
    const nobody = { providerId: undefined, queryAtMs: undefined }
    this.#books.updateSend(held.id, { ...change, ...nobody })
    return true
  }

  async takeFallen({ nowMs, againAtMs, limit }: FallenSpan): Promise<readonly CodeSend[]> {
    const due = [...this.#books.fallen]
      .flatMap((id) => this.#books.sends.get(id) ?? [])
      .filter(({ fallsAtMs }) => fallsAtMs !== undefined && fallsAtMs <= nowMs)
      .slice(0, limit)
    for (const { id } of due) this.#books.updateSend(id, { fallsAtMs: againAtMs })
    return due.map(toSend)
  }

  async closeFallen(id: SendId, takenBy: Channel | undefined): Promise<void> {
    const send = this.#books.sends.get(id)
    if (send === undefined) return
    const by = takenBy ?? send.takenBy ?? this.#successorOf(send)
    const unsent = by === undefined && isNumberToBlame(send) ? undefined : send.unsent
    this.#books.updateSend(id, { fallsAtMs: undefined, takenBy: by, unsent })
  }

  async takeUnheard({ nowMs, leastMs, mostMs, limit }: QueryPace): Promise<readonly Unheard[]> {
    const due = [...this.#books.sends.values()]
      .filter(({ queryAtMs }) => queryAtMs !== undefined && queryAtMs <= nowMs)
      .sort((left, right) => (left.queryAtMs ?? 0) - (right.queryAtMs ?? 0))
      .slice(0, limit)
    return due.map((send) => {
      const ageMs = nowMs - (send.askedAtMs ?? send.createdAtMs)
      const queryAtMs = nowMs + Math.max(leastMs, Math.min(ageMs, mostMs))
      this.#books.updateSend(send.id, { queryAtMs })
      return { ...toFound(send), tries: send.tries, rounds: send.rounds }
    })
  }

  async recordDelivery(
    receipt: Receipt,
    atMs: number,
    closing: Closing,
  ): Promise<RecordedDelivery> {
    return this.#receipts.record(receipt, atMs, closing)
  }

  async find(id: SendId): Promise<FoundSend | undefined> {
    const send = this.#books.sends.get(id)
    return send && toFound(send)
  }

  async subjectOf({ verificationId }: Send): Promise<JobSubject | undefined> {
    const verification = verificationId && this.#books.verifications.get(verificationId)
    return verification && { kind: 'code', verification }
  }

  async latestOf(ids: readonly VerificationId[]): Promise<ReadonlyMap<VerificationId, LatestSend>> {
    const latest = new Map<VerificationId, LatestSend>()
    for (const id of ids) {
      const sendId = this.#books.generations.get(id)?.at(-1)
      const send = sendId === undefined ? undefined : this.#books.sends.get(sendId)
      if (send !== undefined) latest.set(id, { ...toSend(send), error: send.error })
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

  async carriersOf(
    ids: readonly VerificationId[],
  ): Promise<ReadonlyMap<VerificationId, readonly Carrier[]>> {
    const sendsOf = (id: VerificationId) =>
      (this.#books.generations.get(id) ?? []).flatMap(
        (sendId) => this.#books.sends.get(sendId) ?? [],
      )
    const carriers = ids.map((id) => {
      const carried = sendsOf(id).flatMap(({ providerId, status }) =>
        providerId === undefined ? [] : [{ providerId, status }],
      )
      return [id, carried] as const
    })
    return new Map(carriers.filter(([, carried]) => carried.length > 0))
  }

  async fates({ after, sinceMs, untilMs, limit }: FateLook): Promise<readonly Fate[]> {
    const all = [...this.#books.sends.values()]
    const from = after ?? Math.max(0, all.length - limit)
    const found = all.slice(from).flatMap((send, index): readonly Fate[] => {
      const { providerId, createdAtMs } = send
      if (providerId === undefined || createdAtMs < sinceMs || createdAtMs > untilMs) return []
      const place = from + index + 1
      const phone = after === undefined ? undefined : send.phone
      return [{ ...fateOf(send, providerId), place, phone, isTyped: this.#isTyped(send) }]
    })
    return found.slice(-limit)
  }

  /** By which the next generation went, if it was another channel. */
  #successorOf({ verificationId, generation, channel }: KeptSend): Channel | undefined {
    const id = this.#books.generations.get(verificationId)?.[generation]
    const next = id === undefined ? undefined : this.#books.sends.get(id)?.channel
    return next === channel ? undefined : next
  }

  #isTyped({ verificationId, generation }: KeptSend): boolean | undefined {
    const verification = this.#books.verifications.get(verificationId)
    if (verification?.state === 'approved') return generation === verification.sends
    return verification?.state === 'open' ? false : undefined
  }

  #dueOf(ids: readonly SendId[], nowMs: number): KeptSend[] {
    return ids.flatMap((id) => {
      const send = this.#books.sends.get(id)
      return send?.dueAtMs !== undefined && send.dueAtMs <= nowMs ? [send] : []
    })
  }

  #leased(
    send: KeptSend,
    { nowMs, leaseUntilMs }: LeaseSpan,
    providerId?: string,
  ): readonly OutboxJob[] {
    const verification = this.#books.verifications.get(send.verificationId)
    if (verification === undefined) return []
    const tries = send.tries + 1
    this.#books.updateSend(send.id, {
      status: 'sending',
      dueAtMs: leaseUntilMs,
      tries,
      providerId,
      askedAtMs: providerId === undefined ? send.askedAtMs : nowMs,
    })
    const { rounds } = send
    const leased = toSend({ ...send, status: 'sending' })
    const subject = { kind: 'code', verification } as const
    return [{ send: leased, subject, tries, rounds, providerId }]
  }

  /** Somebody was asked to carry it, and whoever asked is gone. */
  #abandon({ id }: KeptSend, nowMs: number): void {
    const error = sendError('unknown', 'dispatcher_gone')
    this.#books.updateSend(id, { status: 'unknown', dueAtMs: undefined, queryAtMs: nowMs, error })
  }

  #held({ sendId, tries }: Leased, status: SendStatus): KeptSend | undefined {
    const send = this.#books.sends.get(sendId)
    return send?.status === status && send.tries === tries ? send : undefined
  }

  #finishOne(one: Dispatched): void {
    const send = this.#books.sends.get(one.sendId)
    if (send !== undefined && UNANSWERED.includes(send.status) && mayTell(one, send)) {
      this.#books.updateSend(send.id, {
        status: one.status,
        dueAtMs: undefined,
        providerId: one.providerId,
        providerMessageId: this.#receipts.ownMessageId(one),
        segments: one.segments,
        cost: one.cost,
        error: one.error,
        queryAtMs: one.queryAtMs,
        tried: [...send.tried, ...(one.tried ?? [])],
        unsent: one.unsent,
        endedAtMs: one.atMs,
        fallsAtMs: one.isFallen ? one.atMs : undefined,
      })
    }
    const status = this.#books.sends.get(one.sendId)?.status
    if (one.posting !== undefined && status === one.status) this.#books.ledger.postNow(one.posting)
  }
}

const fateOf = (
  { id, verificationId, channel, rate, status, createdAtMs, askedAtMs }: KeptSend,
  providerId: string,
) => ({
  id,
  verificationId,
  providerId,
  channel,
  country: rate.country,
  status,
  createdAtMs,
  askedAtMs,
})

const isNumberToBlame = ({ error }: KeptSend): boolean =>
  error !== undefined && SEND_ERRORS[error.kind].blamesNumber

const isAbandoned = ({ status, providerId }: KeptSend): boolean =>
  status === 'sending' && providerId !== undefined

/** An acceptance counts whoever reports it; anything else only from the holder of the latest lease. */
const mayTell = ({ status, tries }: Dispatched, send: KeptSend): boolean =>
  status === 'sent' || status === 'delivered' || tries === send.tries

const byDueThenId = (left: KeptSend, right: KeptSend): number =>
  (left.dueAtMs ?? 0) - (right.dueAtMs ?? 0) || (left.id < right.id ? -1 : 1)
