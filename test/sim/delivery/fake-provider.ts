import type {
  OutboundMessage,
  Provider,
  QueryResult,
  SentReference,
} from '../../../src/channels/provider.ts'
import type { Channel } from '../../../src/domain/channel.ts'
import type { SendId } from '../../../src/domain/ids.ts'
import {
  type Delivery,
  type DeliveryStatus,
  failed,
  maybeSent,
  refused,
  type SendResult,
} from '../../../src/domain/send.ts'
import { sendError } from '../../../src/domain/send-error.ts'
import type { Dice } from '../../../src/platform/virtual.ts'
import type { Agenda } from './agenda.ts'
import type { Taken, Truth } from './truth.ts'
import { type Incident, type Mode, modeAt } from './weather.ts'

/** Who it is when nothing is wrong with it. */
export type FakeSpec = {
  readonly id: string
  /** Of one text, by country. */
  readonly costMicros: Readonly<Record<string, number>>
  /** Of the texts that it takes on a fine day so many arrive. */
  readonly deliveryShare: number
  /** The mean time to its answer. */
  readonly answerMs: number
  /** Can be asked what became of a message. */
  readonly hasQuery: boolean
  /** Takes a message with the same reference only once. */
  readonly isIdempotent: boolean
  /** Gives our reference back in receipts. */
  readonly echoes: boolean
}

export type FakeWorld = {
  readonly agenda: Agenda
  readonly dice: Dice
  readonly truth: Truth
  readonly incidents: readonly Incident[]
  /** Brings a receipt to the service; false when nobody answered. */
  readonly callBack: (providerId: string, deliveries: readonly Delivery[]) => Promise<boolean>
  /** A text comes to a phone. */
  readonly arrive: (message: OutboundMessage) => void
}

/** Ours, for every vendor call. */
const TIMEOUT_MS = 5_000
const LOST_ANSWER_SHARE = 0.001
const THROTTLED_SHARE = 0.005
const TWICE_SHARE = 0.05
const LATE_SHARE = 0.1
const NO_RECEIPT_SHARE = 0.02
const CALLBACK_TRIES = 6
const CALLBACK_AGAIN_MS = 20_000

const LOSES: ReadonlySet<Mode> = new Set(['losing', 'silent', 'boasting'])

type Held = { readonly id: string; readonly taken: Taken; status: DeliveryStatus }

/** A provider out there, with its own phone network, its own memory and its own bad days. */
export class FakeProvider {
  readonly spec: FakeSpec
  readonly #world: FakeWorld
  readonly #held = new Map<SendId, Held>()
  #count = 0

  constructor(spec: FakeSpec, world: FakeWorld) {
    this.spec = spec
    this.#world = world
  }

  /** As the service knows it. */
  provider(channel: Channel = 'sms'): Provider {
    const { id, hasQuery } = this.spec
    return {
      id,
      channels: [channel],
      send: (message, deadlineMs) => this.#send(message, deadlineMs),
      readReceipts: async ({ body }) => ({
        kind: 'read',
        deliveries: JSON.parse(new TextDecoder().decode(body)) as Delivery[],
      }),
      ...(hasQuery ? { query: (sent: SentReference) => this.#query(sent) } : {}),
    }
  }

  modeIn(country: string, atMs = this.#world.agenda.nowMs): Mode {
    return modeAt(this.#world.incidents, country, atMs)
  }

  async #send(message: OutboundMessage, deadlineMs: number): Promise<SendResult> {
    const { agenda, dice, truth } = this.#world
    const fate = truth.fate(message.id)
    fate.asked += 1
    const mode = this.modeIn(message.country)
    const patienceMs = Math.min(TIMEOUT_MS, deadlineMs - agenda.nowMs)
    const answerMs = this.#around(this.spec.answerMs) * (mode === 'slow' ? 20 : 1)
    if (mode === 'refusing') return this.#answer(answerMs, failed('provider_down', 'http_503'))
    if (mode === 'hanging') return this.#answer(patienceMs, maybeSent('timeout'))
    if (dice.next() < THROTTLED_SHARE) return this.#answer(30, refused('throttled', 'http_429'))
    if (fate.isDead && dice.next() < 0.5) {
      return this.#answer(answerMs, refused('invalid_number', 'http_422'))
    }
    const held = this.#take(message, mode)
    if (answerMs > patienceMs || dice.next() < LOST_ANSWER_SHARE) {
      return this.#answer(patienceMs, maybeSent('timeout'))
    }
    const accepted = {
      kind: 'accepted',
      providerMessageId: held.id,
      segments: 1,
      cost: undefined,
    } as const
    const answer = await this.#answer(answerMs, accepted)
    return answer
  }

  async #answer(afterMs: number, result: SendResult): Promise<SendResult> {
    await this.#world.agenda.sleep(afterMs)
    return result
  }

  #take(message: OutboundMessage, mode: Mode): Held {
    const known = this.#held.get(message.id)
    if (known !== undefined && this.spec.isIdempotent) return known
    const { agenda, dice, truth } = this.#world
    const costMicros = this.spec.costMicros[message.country] ?? 0
    const taken = truth.take(message.id, {
      providerId: this.spec.id,
      mode,
      costMicros,
      atMs: agenda.nowMs,
    })
    this.#count += 1
    const held: Held = { id: `${this.spec.id}-${this.#count}`, taken, status: 'queued' }
    this.#held.set(message.id, held)
    const isLost = LOSES.has(mode) || truth.fate(message.id).isDead
    const arrives = !isLost && dice.next() < this.spec.deliveryShare
    const travelMs = this.#around(mode === 'slow' ? 30_000 : 3_000)
    if (arrives) {
      agenda.after(travelMs, () => {
        truth.arrive(message.id, agenda.nowMs)
        this.#world.arrive(message)
      })
    }
    this.#tell(message.id, held, { mode, arrives, travelMs })
    return held
  }

  #tell(
    reference: SendId,
    held: Held,
    facts: { readonly mode: Mode; readonly arrives: boolean; readonly travelMs: number },
  ): void {
    const { dice } = this.#world
    if (facts.mode === 'silent') return
    const saysSo = facts.mode === 'boasting' || (facts.arrives && facts.mode !== 'slandering')
    const status = saysSo ? 'delivered' : 'undelivered'
    const endMs = facts.arrives ? facts.travelMs + 1_000 : 10_000
    // Some come before our answer does.
    this.#receipt(reference, held, { status: 'sent', afterMs: this.#around(500) })
    if (dice.next() < NO_RECEIPT_SHARE) return
    this.#receipt(reference, held, { status, afterMs: endMs + this.#around(3_000) })
  }

  #receipt(
    reference: SendId,
    held: Held,
    { status, afterMs }: { readonly status: DeliveryStatus; readonly afterMs: number },
  ): void {
    const { agenda, dice } = this.#world
    const times = dice.next() < TWICE_SHARE ? 2 : 1
    const delivery: Delivery = {
      providerMessageId: held.id,
      reference: this.spec.echoes ? reference : undefined,
      status,
      error: status === 'undelivered' ? sendError('unreachable', 'absent_subscriber') : undefined,
      segments: 1,
      cost: undefined,
    }
    for (let time = 0; time < times; time++) {
      const lateMs = dice.next() < LATE_SHARE ? this.#around(20_000) : 0
      agenda.after(afterMs + lateMs + time * this.#around(2_000), () => {
        if (status !== 'sent') held.status = status
        if (status === 'delivered') this.#world.truth.fate(reference).isSaidDelivered = true
        void this.#callBack(reference, delivery)
      })
    }
  }

  /** Tries again when nobody answers, as vendors do, and gives up, as they do too. */
  async #callBack(sendId: SendId, delivery: Delivery): Promise<void> {
    for (let tries = 0; tries < CALLBACK_TRIES; tries++) {
      if (await this.#world.callBack(this.spec.id, [delivery])) {
        const fate = this.#world.truth.fate(sendId)
        fate.heard.add(delivery.status)
        fate.isNamed ||= delivery.reference !== undefined
        return
      }
      await this.#world.agenda.sleep(CALLBACK_AGAIN_MS)
    }
  }

  async #query({ id, to: _ }: SentReference): Promise<QueryResult> {
    const { agenda } = this.#world
    await agenda.sleep(100)
    const held = this.#held.get(id)
    if (held === undefined) return { kind: 'absent' }
    return {
      kind: 'found',
      delivery: {
        providerMessageId: held.id,
        reference: id,
        status: held.status === 'queued' ? 'sent' : held.status,
        error: undefined,
        segments: 1,
        cost: undefined,
      },
    }
  }

  /** Mostly near the mean, seldom far above it. */
  #around(meanMs: number): number {
    const { dice } = this.#world
    return meanMs * (0.4 - 0.6 * Math.log(1 - dice.next()))
  }
}
