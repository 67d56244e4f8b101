import type { Channel } from '../domain/channel.ts'
import type { SendResult } from '../domain/send.ts'
import { SEND_ERRORS, type SendError, sendError } from '../domain/send-error.ts'
import type { Platform } from '../platform/platform.ts'
import type { Unit } from './beta.ts'
import { type Breakers, createBreakers } from './breakers.ts'
import {
  type BuildDeps,
  type BuiltProvider,
  buildProviders,
  type CheckedRoutes,
} from './check-routes.ts'
import { breakerKeys, type Plan, type PlanFacts, planRoute, walkOf } from './plan.ts'
import type { OutboundMessage, Provider } from './provider.ts'
import { createRouteHealth, type RouteHealth } from './route-health.ts'

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
  /** Who may carry it, in the order in which this message should try them; empty when no route or no provider takes it. */
  planFor(facts: PlanFacts): readonly Provider[]
  /** The ranking and what it stands on, for people. */
  explain(facts: PlanFacts): Plan
  /**
   * Asks one provider after the other until one accepts, at most three and not after `deadlineMs` (an instant). `unknown`
   * stops the walk, since the text may be on its way already; so does a refusal that `SEND_ERRORS` lets nobody else hear.
   */
  sendAlong(plan: readonly Provider[], message: Carried, deadlineMs: number): Promise<Sent>
  /** For receipts, queries and costs. */
  provider(id: string): BuiltProvider | undefined
  /** What providers did of late; receipts and outcomes are told to it. */
  readonly health: RouteHealth
  /** Which channel takes over from this one, for services that allow it. */
  nextChannel(channel: Channel): Channel | undefined
  /** Ends the sessions of its providers, after what is under way. */
  close(): Promise<void>
}

/** A message with what its carrying is remembered by. */
export type Carried = OutboundMessage & { readonly carrier?: string | undefined }

/** What outlives a reading of the routes file. */
export type RouterMemory = { readonly breakers: Breakers; readonly health: RouteHealth }

export const createRouterMemory = (): RouterMemory => ({
  breakers: createBreakers(),
  health: createRouteHealth(),
})

export type RouterParts = BuildDeps & {
  readonly checked: CheckedRoutes
  /** Handed on from the router before, when the routes file is read again. */
  readonly memory?: RouterMemory
}

export function createRouter(parts: RouterParts): Router {
  const { checked, platform, memory = createRouterMemory() } = parts
  const providers = buildProviders(checked, parts)
  const planning = { checked, providers, ...memory }
  const unit = unitOf(platform)
  const explain = (facts: PlanFacts) => planRoute(planning, facts, platform.nowMs())
  return {
    planFor: (facts) =>
      walkOf(explain(facts), checked, unit).flatMap(
        ({ providerId }) => providers.get(providerId)?.provider ?? [],
      ),
    explain,
    sendAlong: (plan, message, deadlineMs) => walk({ platform, memory, message, deadlineMs }, plan),
    provider: (id) => providers.get(id),
    health: memory.health,
    nextChannel: (channel) => checked.fallbacks[channel],
    close: async () => {
      await Promise.all([...providers.values()].map(({ provider }) => provider.close?.()))
    },
  }
}

/** 48 bits of the platform's chance; never quite 0, so that a logarithm can be taken of it. */
function unitOf({ randomBytes }: Pick<Platform, 'randomBytes'>): Unit {
  return () => {
    const whole = randomBytes(6).reduce((sum, byte) => sum * 256 + byte, 0)
    return (whole + 0.5) / 2 ** 48
  }
}

type Walk = {
  readonly platform: Platform
  readonly memory: RouterMemory
  readonly message: Carried
  readonly deadlineMs: number
}

async function walk(walking: Walk, plan: readonly Provider[]): Promise<Sent> {
  const tries: Try[] = []
  for (const provider of plan) {
    if (tries.length === TRIES_MAX || isTooLate(walking)) break
    if (!isAdmitted(walking, provider)) continue
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

function isAdmitted({ memory, message, platform }: Walk, { id }: Provider): boolean {
  const nowMs = platform.nowMs()
  return breakerKeys(id, message.country).every((key) => memory.breakers.admits(key, nowMs))
}

async function tryOne(walking: Walk, provider: Provider): Promise<Try> {
  const { platform, message, deadlineMs } = walking
  const startedAtMs = platform.nowMs()
  const result = await provider.send(message, deadlineMs)
  const tookMs = platform.nowMs() - startedAtMs
  remember(walking, provider.id, { result, tookMs })
  return { providerId: provider.id, result, startedAtMs, tookMs }
}

function remember(
  { memory, message, platform }: Walk,
  providerId: string,
  { result, tookMs }: Pick<Try, 'result' | 'tookMs'>,
): void {
  const nowMs = platform.nowMs()
  const { country, channel, carrier } = message
  const outcome = healthOf(result)
  const [everywhere, here] = breakerKeys(providerId, country)
  memory.breakers.record(here, outcome, nowMs)
  // One refusal of our account or its money stands for all countries; any acceptance clears it.
  if (outcome === 'good' || isOurAccount(result)) memory.breakers.record(everywhere, outcome, nowMs)
  if (outcome === 'bad' || result.kind === 'accepted') {
    const place = { providerId, channel, country, carrier }
    memory.health.noteAnswer(place, { isGood: outcome === 'good', tookMs }, nowMs)
  }
}

const isOurAccount = (result: SendResult): boolean =>
  result.kind !== 'accepted' &&
  (result.error.kind === 'credentials' || result.error.kind === 'balance')

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
