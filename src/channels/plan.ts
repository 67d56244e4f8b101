import type { Unit } from './beta.ts'
import { type Breakers, breakerKeys } from './breakers.ts'
import type { BuiltProvider, CheckedRoutes } from './check-routes.ts'
import { ANY_ASKER, type Asker, type Paces } from './provider-paces.ts'
import { type Candidate, orderOf, type Ranked, rank } from './rank.ts'
import type { RouteHealth } from './route-health.ts'
import { type RouteFacts, routeFor, type Unsupported, unsupportedBy } from './routes.ts'

/** What one message is planned by. */
export type PlanFacts = RouteFacts & {
  /** Providers that carried this verification before: a person who asks again should not get the same silence. */
  readonly usedBefore?: readonly string[]
  /** What one unit costs with a provider there; undefined: what the routes file says. */
  readonly costOf?: ((providerId: string) => number | undefined) | undefined
  /** Undefined: a code that comes only now. */
  readonly asker?: Asker | undefined
}

/** Who may carry a message, best first, and who may not and why. */
export type Plan = {
  /** Place of the route in the file, from 1; undefined when none matches. */
  readonly route: number | undefined
  readonly order: 'ranked' | 'listed'
  readonly ranked: readonly Ranked[]
  readonly leftOut: readonly { readonly providerId: string; readonly why: LeftOut }[]
}
export type LeftOut = Unsupported | 'channel'

export type PlanParts = {
  readonly checked: CheckedRoutes
  readonly providers: ReadonlyMap<string, BuiltProvider>
  readonly breakers: Breakers
  readonly health: RouteHealth
  readonly paces: Paces
}

const NO_PLAN: Plan = { route: undefined, order: 'listed', ranked: [], leftOut: [] }

/** The ranking as it stands now; asks nobody and changes nothing. */
export function planRoute(parts: PlanParts, facts: PlanFacts, nowMs: number): Plan {
  const { checked, providers } = parts
  const route = routeFor(checked.routes, facts)
  if (route === undefined) return NO_PLAN
  const known = route.use.flatMap((id) => providers.get(id) ?? [])
  const judged = known.map((built) => ({ built, why: whyNot(built, facts) }))
  const leftOut = judged.flatMap(({ built, why }) =>
    why === undefined ? [] : [{ providerId: built.provider.id, why }],
  )
  const candidates = judged
    .filter(({ why }) => why === undefined)
    .map(({ built }, position) => candidateOf(parts, built, { facts, position, nowMs }))
  const ranked = rank(candidates, checked.routing)
  const listed = route.order === 'listed' ? inFileOrder(ranked) : ranked
  return { route: checked.routes.indexOf(route) + 1, order: route.order, ranked: listed, leftOut }
}

/** The order in which one message goes along the plan. */
export const walkOf = (plan: Plan, { routing }: CheckedRoutes, unit: Unit): readonly Ranked[] =>
  plan.order === 'listed' ? plan.ranked : orderOf(plan.ranked, routing, unit)

/** The operator's own order, but for those that are paused or that the person has waited for in vain. */
const inFileOrder = (ranked: readonly Ranked[]): readonly Ranked[] =>
  ranked.toSorted((one, other) => setBack(one) - setBack(other) || one.position - other.position)

const setBack = ({ isPaused, wasUsed }: Ranked): number => (isPaused ? 2 : 0) + (wasUsed ? 1 : 0)

function whyNot({ provider, supports }: BuiltProvider, facts: PlanFacts): LeftOut | undefined {
  if (!provider.channels.includes(facts.channel)) return 'channel'
  return unsupportedBy(supports, facts)
}

type Asked = { readonly facts: PlanFacts; readonly position: number; readonly nowMs: number }

function candidateOf(
  { breakers, health, paces }: PlanParts,
  { provider, costMicros, ratePerSecond }: BuiltProvider,
  { facts, position, nowMs }: Asked,
): Candidate {
  const { channel, country, carrier, usedBefore = [], costOf, asker = ANY_ASKER } = facts
  const providerId = provider.id
  return {
    providerId,
    position,
    costMicros: costOf?.(providerId) ?? costMicros,
    view: health.view({ providerId, channel, country, carrier }, nowMs),
    isPaused: breakerKeys(providerId, country).some((key) => breakers.isOpen(key, nowMs)),
    wasUsed: usedBefore.includes(providerId),
    ratePerSecond,
    roomAtMs: paces.roomAtMs({ id: providerId, ratePerSecond }, asker, nowMs),
  }
}
