import type { RequestId } from '../domain/ids.ts'
import type { ProblemCode } from '../domain/problems.ts'
import type { House } from '../flows/house.ts'
import type { WebhookDesk } from '../flows/webhook-desk.ts'
import type { KeyRing } from '../tenancy/key-ring.ts'
import type { Key } from '../tenancy/tenancy.ts'
import type { ClientIpPolicy } from './client-ip.ts'

/** What every door may ask for. Made by `wire`, never reached for globally. */
export type Services = {
  readonly house: House
  /** Opens and revokes keys. */
  readonly keys: KeyRing
  readonly webhooks: WebhookDesk
  readonly ready: () => Promise<Readiness>
  readonly clientIp: ClientIpPolicy
  /** Whether a route of the operator's files leads to the sandbox provider. */
  readonly sandboxOn: () => boolean
  /** Of the program; shown in the OpenAPI document. */
  readonly version: string
}

/** What must work before traffic may come. */
export type Readiness = { readonly database: boolean; readonly rules: boolean }

export type ApiEnv = {
  /** What `@hono/node-server` hands over; absent on other runtimes. */
  Bindings: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } }
  Variables: {
    services: Services
    requestId: RequestId
    /** The peer that speaks to us: a tenant's server, never the person who gets the code. */
    clientIp: string | undefined
    key: Key
    /** For the log line; a pattern, never a path with ids in it. */
    routePattern: string | undefined
    problem: LoggedProblem | undefined
    replayed: boolean
  }
}

/** What the log may learn of a failure: names and places, never messages. */
export type LoggedProblem = {
  readonly code: ProblemCode
  readonly cause: string | undefined
  readonly where: string | undefined
}
