import type { Channel } from '../domain/channel.ts'
import type { Platform } from '../platform/platform.ts'
import type { Unit } from './beta.ts'
import {
  type BuildDeps,
  type BuiltProvider,
  buildProviders,
  type CheckedRoutes,
} from './check-routes.ts'
import { type Plan, type PlanFacts, planRoute, walkOf } from './plan.ts'
import { ANY_ASKER } from './provider-paces.ts'
import type { Reading } from './reading.ts'
import type { RouteHealth } from './route-health.ts'
import { createRouterMemory, type RouterMemory } from './router-memory.ts'
import { type Carried, type Planned, type Sent, walk } from './walk.ts'

export interface Router {
  /** Who may carry it, in the order in which this message should try them; empty when no route or no provider takes it. */
  planFor(facts: PlanFacts): readonly Planned[]
  /** The ranking and what it stands on, for people. */
  explain(facts: PlanFacts): Plan
  /**
   * Asks one provider after the other until one accepts, at most three and not after `deadlineMs` (an instant). `unknown`
   * stops the walk, since the text may be on its way already; so does a refusal that `SEND_ERRORS` lets nobody else hear.
   * Nobody is asked more often than its `rate_per_second` allows; `waiting` tells when to come back.
   */
  sendAlong(plan: readonly Planned[], message: Carried, deadlineMs: number): Promise<Sent>
  /** For receipts, queries and costs. */
  provider(id: string): BuiltProvider | undefined
  /** What providers did of late; receipts and outcomes are told to it. */
  readonly health: RouteHealth
  /** What this process learned of messages in the books. */
  readonly reading: Reading
  /** Which channel takes over from this one, for services that allow it. */
  nextChannel(channel: Channel): Channel | undefined
  /** Begins the sessions of its providers. */
  open(): void
  /** Ends them, after what is under way. */
  close(): Promise<void>
}

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
  const rateOf = (id: string) => providers.get(id)?.ratePerSecond
  const roomFor = (id: string, { asker = ANY_ASKER }: PlanFacts) =>
    memory.paces.roomFor({ id, ratePerSecond: rateOf(id) }, asker, platform.nowMs())
  const planFor = (facts: PlanFacts): readonly Planned[] =>
    walkOf(explain(facts), checked, unit).flatMap(({ providerId, verdict }, place) => {
      const provider = providers.get(providerId)?.provider
      const isGood = place === 0 || verdict === 'healthy'
      return provider ? [{ provider, isGood, room: roomFor(providerId, facts) }] : []
    })
  return {
    planFor,
    explain,
    sendAlong: (plan, message, deadlineMs) =>
      walk({ platform, memory, rateOf, message, deadlineMs }, plan),
    provider: (id) => providers.get(id),
    health: memory.health,
    reading: memory.reading,
    nextChannel: (channel) => checked.fallbacks[channel],
    open: () => {
      for (const { provider } of providers.values()) provider.open?.()
    },
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
