import type { Asker } from '../channels/provider-paces.ts'
import type { SendId } from '../domain/ids.ts'
import type { MessageKind } from '../domain/message-kind.ts'
import type { Send } from '../domain/send.ts'
import type { Service } from '../tenancy/tenancy.ts'

/** A message to be routed. */
export type Routed = {
  readonly service: Service
  readonly send: Pick<Send, 'phone' | 'channel' | 'createdAtMs'>
  /** The request's; undefined: the service's. */
  readonly locale: string | undefined
  /** Undefined: a code that comes only now. */
  readonly asker?: Asker
}

/** A new outbox row. */
export type Woken = {
  readonly id: SendId
  readonly kind: MessageKind
  /** Undefined where the route depends on who was asked before. */
  readonly routed: Routed | undefined
}
