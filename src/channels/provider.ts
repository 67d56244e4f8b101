import type * as z from 'zod'
import type { Channel } from '../domain/channel.ts'
import type { SendId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import type { Phone } from '../domain/phone.ts'
import type { Delivery, SendResult } from '../domain/send.ts'
import type { SendError } from '../domain/send-error.ts'
import type { Platform } from '../platform/platform.ts'
import type { PartShelf } from './part-shelf.ts'

/** What a provider is asked to carry: as a text, and as the parts that vendors with registered templates want instead. */
export type OutboundMessage = {
  /** Our reference, for vendors that echo one in receipts. */
  readonly id: SendId
  readonly to: Phone
  /** ISO 3166-1 alpha-2 of the number, or `001`. */
  readonly country: string
  readonly channel: Channel
  /** For vendors that ask what a message is for. */
  readonly kind: MessageKind
  /** The service's sender; undefined leaves it to the provider's settings. */
  readonly from: string | undefined
  /** The registered signature without its brackets; undefined leaves it to the provider's settings. */
  readonly signature: string | undefined
  /** The whole text; for a voice call what is spoken. */
  readonly body: string
  readonly template: MessageTemplate
  /** Our count of what `body` is billed as. */
  readonly segments: number
  /** How long the code still lives: a message that comes later would only confuse. */
  readonly validForMs: number
}

/** The same message in parts. See `template-choice.ts` for how a vendor's templates are chosen by it. */
export type MessageTemplate = {
  readonly name: string
  /** BCP 47. */
  readonly locale: string
  readonly variables: Readonly<Record<string, string>>
}
/** The name of the template of codes, and its variables. */
export const CODE_TEMPLATE = 'verification'
export const CODE_VARIABLES = ['code', 'minutes', 'brand'] as const

/** One upstream that can carry a message. Facts are fields; it never throws for what the upstream did. */
export interface Provider {
  readonly id: string
  readonly channels: readonly Channel[]
  /** `deadlineMs` is an instant. Throws only on our bugs. */
  send(message: OutboundMessage, deadlineMs: number): Promise<SendResult>
  /** Reads a delivery callback; its authenticity is checked first, over the raw bytes. */
  readReceipts?(request: ReceiptRequest): Promise<ReceiptReading>
  /** How callbacks come; POST only where absent. */
  readonly receiptMethods?: readonly ReceiptMethod[]
  /** Asks the vendor what became of a message whose answer was lost. */
  query?(sent: SentReference, deadlineMs: number): Promise<QueryResult>
  /** Begins what it keeps open before anything is sent, since receipts come by it. */
  open?(): void
  /** Ends what it keeps open, after what is under way. */
  close?(): Promise<void>
}

export type ReceiptMethod = 'GET' | 'POST'

/** A callback as it came. */
export type ReceiptRequest = {
  readonly method: ReceiptMethod
  /** The public URL with this request's query, which vendors sign; the URL as received where none is configured. */
  readonly url: string
  /** The word after the provider's name in the path: the secret of vendors that sign nothing. See `hasToken`. */
  readonly token: string | undefined
  readonly query: URLSearchParams
  readonly headers: Headers
  readonly body: Uint8Array
}

export type ReceiptReading =
  /** No deliveries for what is no receipt, such as a handshake. `answer` is what the vendor wants to hear, else 204. */
  | {
      readonly kind: 'read'
      readonly deliveries: readonly Delivery[]
      readonly answer?: ReceiptAnswer
    }
  /** Answered 401: proof is missing or wrong. */
  | { readonly kind: 'unauthentic' }
  /** Answered 403: proven, and yet not for us, such as another account's. */
  | { readonly kind: 'forbidden' }
  /** Answered 400. */
  | { readonly kind: 'malformed' }
  /** Answered 503, so that the vendor comes again: what the check needs from outside could not be had. */
  | { readonly kind: 'unavailable' }

export type ReceiptAnswer = { readonly contentType: string; readonly body: string }

/** How a send can be named to a vendor. */
export type SentReference = {
  readonly id: SendId
  readonly to: Phone
  readonly channel: Channel
  readonly providerMessageId: string | undefined
  readonly sentAtMs: number
}

export type QueryResult =
  | { readonly kind: 'found'; readonly delivery: Delivery }
  /** The vendor answered and has no such message. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unclear'; readonly error: SendError }

export type ProviderDeps = {
  readonly platform: Platform
  readonly sandbox: SandboxInbox
  /** Where this provider's callbacks reach us from outside; undefined where no public URL is configured. */
  readonly receiptUrl: string | undefined
  /** For providers whose receipts come by a session of their own and not by HTTP. */
  readonly session?: SessionReceipts | undefined
}

export type SessionReceipts = {
  /** Rejects when they could not be kept. */
  readonly onDelivery: OnDelivery
  readonly parts: PartShelf
}
export type OnDelivery = (deliveries: readonly Delivery[]) => Promise<void>

/** What a provider folder exports. */
export type ProviderKind<Settings> = {
  readonly kind: string
  readonly settings: z.ZodType<Settings>
  readonly create: (id: string, settings: Settings, deps: ProviderDeps) => Provider
}

export function defineProvider<Settings>(kind: ProviderKind<Settings>): ProviderKind<Settings> {
  return kind
}

/** Where the sandbox provider puts what it "delivers". */
export type SandboxMessage = {
  readonly id: string
  readonly sendId: SendId
  readonly to: Phone
  readonly body: string
  readonly channel: Channel
  readonly providerId: string
  readonly createdAtMs: number
}

export interface SandboxInbox {
  put(message: SandboxMessage): Promise<void>
  /** Newest first; all numbers when `to` is undefined. */
  list(query: { to: string | undefined; limit: number }): Promise<readonly SandboxMessage[]>
}
