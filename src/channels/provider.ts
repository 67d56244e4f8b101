import type * as z from 'zod'
import type { Channel } from '../domain/channel.ts'
import type { SendId } from '../domain/ids.ts'
import type { Phone } from '../domain/phone.ts'
import type { Delivery, SendResult } from '../domain/send.ts'
import type { Platform } from '../platform/platform.ts'

/** What a provider is asked to carry. */
export type OutboundMessage = {
  readonly id: SendId
  readonly to: Phone
  readonly from: string | undefined
  readonly body: string
  readonly channel: Channel
  readonly segments: number
}

/** One upstream that can carry a message. Facts are fields; the only verbs are send and readReceipts. */
export interface Provider {
  readonly id: string
  readonly channels: readonly Channel[]
  /** Never throws for anything the upstream did: that is a SendResult. It throws only on our bugs. `deadlineMs` is an instant. */
  send(message: OutboundMessage, deadlineMs: number): Promise<SendResult>
  /** Turns a delivery callback into our words; undefined when it is not authentic, `malformed` when it cannot be read. */
  readReceipts?(request: Request): Promise<readonly Delivery[] | 'malformed' | undefined>
}

export type ProviderDeps = {
  readonly platform: Platform
  readonly sandbox: SandboxInbox
  /** Cost of one segment, from routes.yaml. */
  readonly costMicros: number
}

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
