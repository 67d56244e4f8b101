import * as z from 'zod'
import { CHANNELS, type Channel } from '../domain/channel.ts'
import { COUNTRIES } from '../domain/country.ts'
import { parseId, type ServiceId } from '../domain/ids.ts'

const PROVIDERS_MAX = 100
const ROUTES_MAX = 1000
const USE_MAX = 10
const COST_MAX_MICROS = 1_000_000_000

/** Provider names stand in `/receipts/{provider}` and in log lines. */
const providerName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'expected a name of letters, digits, _ and -')
const country = z.string().refine((code) => COUNTRIES.has(code), 'expected a country such as GB')
const carrier = z.string().min(1).max(100)
const service = z
  .string()
  .transform((text) => parseId('VA', text))
  .refine((id) => id !== undefined, 'expected a service id')

/** A value or a list of values; always a list inside. */
const oneOrMore = <T>(item: z.ZodType<T>, expected: string) =>
  z
    .union([item, z.array(item).min(1, 'expected one or more')], {
      error: `expected ${expected}, or a list of them`,
    })
    .transform((value): readonly T[] => (Array.isArray(value) ? value : [value]))
    .optional()

const matchSchema = z.strictObject({
  channel: oneOrMore(z.enum(CHANNELS), `a channel (${CHANNELS.join(', ')})`),
  country: oneOrMore(country, 'a country such as GB'),
  carrier: oneOrMore(carrier, 'the name of a carrier'),
  service: oneOrMore(service, 'a service id'),
})

const providerSchema = z.strictObject({
  kind: z.string(),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** What one segment costs us, in micros of the currency we pay in. */
  cost_micros: z.int().min(0).max(COST_MAX_MICROS).default(0),
})

const routeSchema = z.strictObject({
  match: matchSchema,
  use: z.array(providerName).min(1, 'expected one or more').max(USE_MAX),
})

/** The shape of rules/routes.yaml: who can carry messages, and who is asked first for what. */
export const routesSchema = z.strictObject({
  providers: z
    .record(providerName, providerSchema)
    .refine((all) => Object.keys(all).length <= PROVIDERS_MAX, `at most ${PROVIDERS_MAX}`),
  routes: z.array(routeSchema).min(1).max(ROUTES_MAX),
})
export type RoutesFile = z.infer<typeof routesSchema>
export type Route = RoutesFile['routes'][number]
export type Match = Route['match']

/** What a route is chosen by. An unknown carrier matches only routes that do not ask for one. */
export type RouteFacts = {
  readonly channel: Channel
  readonly country: string
  readonly carrier: string | undefined
  readonly serviceId: ServiceId
}

/** Providers in the order to try them, from the first route that matches; empty when none does. */
export function routeFor(routes: readonly Route[], facts: RouteFacts): readonly string[] {
  return routes.find(({ match }) => isMatch(match, facts))?.use ?? []
}

function isMatch(match: Match, facts: RouteFacts): boolean {
  return (
    admits(match.channel, facts.channel) &&
    admits(match.country, facts.country) &&
    admits(match.carrier, facts.carrier) &&
    admits(match.service, facts.serviceId)
  )
}

function admits<T>(wanted: readonly T[] | undefined, fact: T | undefined): boolean {
  return wanted === undefined || (fact !== undefined && wanted.includes(fact))
}

/** True when everything that `later` matches is matched by `earlier` already, so that `later` is never reached. */
export function covers(earlier: Match, later: Match): boolean {
  return (
    includesAll(earlier.channel, later.channel) &&
    includesAll(earlier.country, later.country) &&
    includesAll(earlier.carrier, later.carrier) &&
    includesAll(earlier.service, later.service)
  )
}

function includesAll<T>(wide: readonly T[] | undefined, narrow: readonly T[] | undefined): boolean {
  if (wide === undefined) return true
  return narrow?.every((value) => wide.includes(value)) ?? false
}
