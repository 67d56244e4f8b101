import { type Mistake, mistakesOf } from '../domain/mistake.ts'
import type { Currency } from '../domain/money.ts'
import { type Environment, substituteEnvironment } from './environment.ts'
import type { Provider, ProviderDeps, SessionReceipts } from './provider.ts'
import type { CreateProvider, RegisteredKind } from './registered-kind.ts'
import {
  covers,
  type Fallbacks,
  type Route,
  type RoutesFile,
  routesSchema,
  type Supports,
} from './routes.ts'

export type CheckedProvider = {
  readonly id: string
  readonly kind: string
  readonly costMicros: number
  readonly supports: Supports
  /** Messages a second; undefined: as many as there are. */
  readonly ratePerSecond: number | undefined
  readonly create: CreateProvider
}

/** A routes file that has no mistakes: providers in the order of the file, settings parsed, secrets in place. */
export type CheckedRoutes = {
  readonly providers: readonly CheckedProvider[]
  readonly routes: readonly Route[]
  readonly routing: RoutesFile['routing']
  readonly fallbacks: Fallbacks
}

export type RoutesCheck =
  | { readonly kind: 'good'; readonly checked: CheckedRoutes }
  | { readonly kind: 'bad'; readonly mistakes: readonly Mistake[] }

/** Checks a parsed routes file as a whole and names every mistake that can be seen at once. */
export function checkRoutes(
  value: unknown,
  environment: Environment,
  kinds: readonly RegisteredKind[],
): RoutesCheck {
  const parsed = routesSchema.safeParse(value)
  if (!parsed.success) return { kind: 'bad', mistakes: mistakesOf(parsed.error.issues) }
  const { providers, routes, routing, fallbacks } = parsed.data
  const prepared = Object.entries(providers).map(([id, entry]) =>
    prepareProvider(id, entry, { environment, kinds }),
  )
  const mistakes = [
    ...prepared.flatMap((one) => ('mistakes' in one ? one.mistakes : [])),
    ...routes.flatMap((route, index) => useMistakes(route, index, new Set(Object.keys(providers)))),
    ...routes.flatMap((_route, index) => reachMistakes(routes, index)),
    ...circleMistakes(fallbacks),
  ]
  if (mistakes.length > 0) return { kind: 'bad', mistakes }
  const usable = prepared.flatMap((one) => ('mistakes' in one ? [] : [one]))
  return { kind: 'good', checked: { providers: usable, routes, routing, fallbacks } }
}

/** A provider with what the routes file says about it. */
export type BuiltProvider = {
  readonly provider: Provider
  readonly kind: string
  /** Of one segment, in micros of `costCurrency`; undefined where nobody said which that is. */
  readonly costMicros: number
  readonly costCurrency: Currency | undefined
  readonly supports: Supports
  readonly ratePerSecond: number | undefined
  readonly receiptUrl: string | undefined
}

export type BuildDeps = Pick<ProviderDeps, 'platform' | 'sandbox'> & {
  /** Where the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string | undefined
  /** What providers with a session need for their receipts; absent where no such provider can run. */
  readonly sessionOf?: ((providerId: string) => SessionReceipts) | undefined
}

/** Makes every provider of a checked file. */
export function buildProviders(
  checked: CheckedRoutes,
  { platform, sandbox, publicUrl, sessionOf }: BuildDeps,
): ReadonlyMap<string, BuiltProvider> {
  return new Map(
    checked.providers.map(({ create, ...entry }) => {
      const { id, kind } = entry
      const receiptUrl = publicUrl && `${publicUrl}${receiptPath(kind, id)}`
      const session = sessionOf?.(id)
      const provider = create(id, { platform, sandbox, receiptUrl, session })
      const costCurrency = checked.routing.currency
      return [id, { ...entry, costCurrency, provider, receiptUrl }]
    }),
  )
}

/** Kinds and names are plain words, so nothing needs escaping. */
const receiptPath = (kind: string, id: string): string => `/receipts/${kind}/${id}`

type Surroundings = {
  readonly environment: Environment
  readonly kinds: readonly RegisteredKind[]
}

function prepareProvider(
  id: string,
  entry: RoutesFile['providers'][string],
  { environment, kinds }: Surroundings,
): CheckedProvider | { readonly mistakes: readonly Mistake[] } {
  const kind = kinds.find((one) => one.kind === entry.kind)
  if (kind === undefined) {
    const known = kinds.map((one) => one.kind).join(', ')
    return { mistakes: [{ path: ['providers', id, 'kind'], message: `expected one of ${known}` }] }
  }
  const path = ['providers', id, 'settings']
  const settings = substituteEnvironment(entry.settings, environment, path)
  if (settings.mistakes.length > 0) return { mistakes: settings.mistakes }
  const create = kind.prepare(settings.value)
  if (typeof create !== 'function') return { mistakes: mistakesOf(create, path) }
  const { cost_micros: costMicros, rate_per_second: ratePerSecond, settings: _, ...rest } = entry
  const { kind: name, ...supports } = rest
  return { id, kind: name, costMicros, supports, ratePerSecond, create }
}

function useMistakes(route: Route, index: number, known: ReadonlySet<string>): readonly Mistake[] {
  return route.use.flatMap((name, position) => {
    const path = ['routes', index, 'use', position]
    if (!known.has(name)) return [{ path, message: `there is no provider ${name}` }]
    const isRepeated = route.use.indexOf(name) < position
    return isRepeated ? [{ path, message: `${name} is in this list already` }] : []
  })
}

function reachMistakes(routes: readonly Route[], index: number): readonly Mistake[] {
  const match = routes[index]?.match
  if (match === undefined) return []
  const before = routes.slice(0, index).findIndex((earlier) => covers(earlier.match, match))
  if (before === -1) return []
  const message = `never reached: route ${before + 1} above takes everything that this one matches`
  return [{ path: ['routes', index], message }]
}

/** A circle would hand a message on for ever; each one is named once, at the channel that closes it. */
function circleMistakes(fallbacks: Fallbacks): readonly Mistake[] {
  const channels = Object.keys(fallbacks) as readonly (keyof Fallbacks)[]
  return channels.flatMap((start) => {
    const seen: (keyof Fallbacks)[] = [start]
    for (let next = fallbacks[start]; next !== undefined; next = fallbacks[next]) {
      if (next === start) {
        const message = `a circle: ${[...seen, start].join(' -> ')}`
        return start === seen.toSorted()[0] ? [{ path: ['fallbacks', start], message }] : []
      }
      if (seen.includes(next)) return []
      seen.push(next)
    }
    return []
  })
}
