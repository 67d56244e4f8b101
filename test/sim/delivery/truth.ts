import type { SendId } from '../../../src/domain/ids.ts'
import type { CodeSend, DeliveryStatus } from '../../../src/domain/send.ts'
import type { Mode } from './weather.ts'

/** A provider took the text, and bills us for it whatever it does with it. */
export type Taken = {
  readonly providerId: string
  readonly mode: Mode
  readonly costMicros: number
  readonly atMs: number
  /** The run of the service that heard its answer; undefined when none did. */
  heardIn: number | undefined
}

/** What really became of one send, whoever believes what. */
export type Fate = {
  readonly sendId: SendId
  readonly verificationId: CodeSend['verificationId']
  readonly country: string
  readonly openedAtMs: number
  readonly expiresAtMs: number
  readonly generation: number
  /** No phone has this number. */
  readonly isDead: boolean
  /** Of whom the oracle would have chosen at the moment of opening. */
  readonly oracle: { readonly share: number; readonly costMicros: number | undefined }
  readonly taken: Taken[]
  asked: number
  /** Texts that came to the phone while the code was good. */
  arrivals: number
  firstArrivalMs: number | undefined
  /** What receipts claimed, and which of them the service has answered. */
  isSaidDelivered: boolean
  readonly heard: Set<DeliveryStatus>
  /** One of these receipts told whose it is by our own reference. */
  isNamed: boolean
  /** The product has the acceptance in its books. */
  isRecorded: boolean
}

/** Kept by the world, not by the product. */
export class Truth {
  readonly fates = new Map<SendId, Fate>()
  /** Runs of the service so far. */
  runs = 0
  /** Sends given to a provider although this run had heard an acceptance, or any run had written one into the books. */
  readonly sentAgain: SendId[] = []

  /** Sends that another channel took over from. */
  readonly fellBack: SendId[] = []

  /** Nobody may have it then. */
  fallBack(id: SendId): void {
    this.fellBack.push(id)
    if (this.fate(id).taken.length > 0) this.sentAgain.push(id)
  }

  open(fate: Pick<Fate, 'country' | 'isDead' | 'oracle'>, send: CodeSend): void {
    this.fates.set(send.id, {
      ...fate,
      sendId: send.id,
      verificationId: send.verificationId,
      openedAtMs: send.createdAtMs,
      expiresAtMs: send.expiresAtMs,
      generation: send.generation,
      taken: [],
      asked: 0,
      arrivals: 0,
      firstArrivalMs: undefined,
      isSaidDelivered: false,
      heard: new Set(),
      isNamed: false,
      isRecorded: false,
    })
  }

  fate(id: SendId): Fate {
    const fate = this.fates.get(id)
    if (fate === undefined) throw new Error(`${id} was sent and never opened`)
    return fate
  }

  take(id: SendId, taken: Omit<Taken, 'heardIn'>): Taken {
    const fate = this.fate(id)
    const isKnown = fate.taken.some(({ heardIn }) => heardIn === this.runs)
    if (fate.isRecorded || isKnown) this.sentAgain.push(id)
    const kept = { ...taken, heardIn: undefined }
    fate.taken.push(kept)
    return kept
  }

  /** The service hears that the provider has it. */
  hear(id: SendId, providerId: string): void {
    const taken = this.fate(id).taken.findLast((one) => one.providerId === providerId)
    if (taken !== undefined) taken.heardIn = this.runs
  }

  arrive(id: SendId, atMs: number): void {
    const fate = this.fate(id)
    if (atMs >= fate.expiresAtMs) return
    fate.arrivals += 1
    fate.firstArrivalMs ??= atMs
  }
}
