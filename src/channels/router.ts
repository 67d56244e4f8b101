import type { SendResult } from '../domain/send.ts'
import { SEND_ERRORS, type SendError, sendError } from '../domain/send-error.ts'
import type { Platform } from '../platform/platform.ts'
import { type Breakers, createBreakers } from './breakers.ts'
import {
  type BuildDeps,
  type BuiltProvider,
  buildProviders,
  type CheckedRoutes,
} from './check-routes.ts'
import type { OutboundMessage, Provider } from './provider.ts'
import { type RouteFacts, routeFor } from './routes.ts'

export const TRIES_MAX = 3

/** One provider asked once, for the log and the books. */
export type Try = {
  readonly providerId: string
  readonly result: SendResult
  readonly startedAtMs: number
  readonly tookMs: number
}

/** How a walk along the plan ended. `status` is the send's next status. */
export type Sent = { readonly tries: readonly Try[] } & (
  | {
      readonly status: 'sent'
      readonly providerId: string
      readonly result: Extract<SendResult, { kind: 'accepted' }>
    }
  /** Maybe sent. We know no id of the vendor, so a receipt or a query can name it by our reference only. */
  | { readonly status: 'unknown'; readonly providerId: string; readonly error: SendError }
  /** Surely not sent. Another walk makes sense only when `retryable`. */
  | { readonly status: 'failed'; readonly error: SendError; readonly retryable: boolean }
)

export interface Router {
  /** Who may carry it, best first; empty when no route or no provider takes this destination and channel. */
  planFor(facts: RouteFacts): readonly Provider[]
  /**
   * Asks one provider after the other until one accepts, at most three and not after `deadlineMs` (an instant). `unknown`
   * stops the walk, since the text may be on its way already; so does a refusal that `SEND_ERRORS` lets nobody else hear.
   */
  sendAlong(plan: readonly Provider[], message: OutboundMessage, deadlineMs: number): Promise<Sent>
  /** For receipts, queries and costs. */
  provider(id: string): BuiltProvider | undefined
}

export type RouterParts = BuildDeps & {
  readonly checked: CheckedRoutes
  /** Handed on from the router before, when the routes file is read again. */
  readonly breakers?: Breakers
}

export function createRouter(parts: RouterParts): Router {
  const { checked, platform, breakers = createBreakers() } = parts
  const providers = buildProviders(checked, parts)
  return {
    planFor: (facts) =>
      routeFor(checked.routes, facts).flatMap((name) => {
        const provider = providers.get(name)?.provider
        return provider?.channels.includes(facts.channel) ? [provider] : []
      }),
    sendAlong: (plan, message, deadlineMs) =>
      walk({ platform, breakers, message, deadlineMs }, plan),
    provider: (id) => providers.get(id),
  }
}

type Walk = {
  readonly platform: Platform
  readonly breakers: Breakers
  readonly message: OutboundMessage
  readonly deadlineMs: number
}

async function walk(walking: Walk, plan: readonly Provider[]): Promise<Sent> {
  const tries: Try[] = []
  for (const provider of plan) {
    if (tries.length === TRIES_MAX || isTooLate(walking)) break
    if (!walking.breakers.admits(provider.id, walking.platform.nowMs())) continue
    const made = await tryOne(walking, provider)
    tries.push(made)
    if (isFinal(made.result)) return sentOf(tries)
  }
  const [first] = plan
  // Where every provider is paused, a doubtful one is still better than none.
  if (tries.length === 0 && first !== undefined && !isTooLate(walking)) {
    tries.push(await tryOne(walking, first))
  }
  return tries.length > 0 ? sentOf(tries) : untried(plan)
}

const isTooLate = ({ platform, deadlineMs }: Walk): boolean => platform.nowMs() >= deadlineMs

async function tryOne({ platform, breakers, ...walking }: Walk, provider: Provider): Promise<Try> {
  const startedAtMs = platform.nowMs()
  const result = await provider.send(walking.message, walking.deadlineMs)
  const nowMs = platform.nowMs()
  breakers.record(provider.id, healthOf(result), nowMs)
  return { providerId: provider.id, result, startedAtMs, tookMs: nowMs - startedAtMs }
}

/** A refusal of one message says nothing against the provider: else a stream of bad numbers could switch it off. */
function healthOf(result: SendResult): 'good' | 'bad' {
  if (result.kind === 'accepted') return 'good'
  if (result.kind === 'unknown') return 'bad'
  return SEND_ERRORS[result.error.kind].blamesProvider ? 'bad' : 'good'
}

function isFinal(result: SendResult): boolean {
  if (result.kind !== 'refused') return result.kind !== 'failed'
  return !SEND_ERRORS[result.error.kind].elsewhere
}

function sentOf(tries: readonly Try[]): Sent {
  const last = tries.at(-1)
  if (last === undefined) return untried([])
  const { providerId, result } = last
  if (result.kind === 'accepted') return { status: 'sent', providerId, result, tries }
  const { error } = result
  if (result.kind === 'unknown') return { status: 'unknown', providerId, error, tries }
  const retryable = !isFinal(result) && tries.some(mayPassLater)
  return { status: 'failed', error, retryable, tries }
}

const mayPassLater = ({ result }: Try): boolean =>
  result.kind !== 'accepted' && SEND_ERRORS[result.error.kind].later

const untried = (plan: readonly Provider[]): Sent => ({
  status: 'failed',
  error: sendError('unknown', plan.length === 0 ? 'no_route' : 'deadline_passed'),
  retryable: plan.length > 0,
  tries: [],
})
