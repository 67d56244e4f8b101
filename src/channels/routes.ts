import * as z from 'zod'
import { CHANNELS, type Channel } from '../domain/channel.ts'
import { COUNTRIES } from '../domain/country.ts'
import { CURRENCIES } from '../domain/currencies.ts'
import { parseId, type ServiceId } from '../domain/ids.ts'
import { MESSAGE_KINDS, type MessageKind } from '../domain/message-kind.ts'
import type { Currency } from '../domain/money.ts'

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

const SENDER_KINDS = ['none', 'number', 'word'] as const
export type SenderKind = (typeof SENDER_KINDS)[number]
const RATE_MAX = 10_000
const EXCHANGE_MAX = 1_000_000
const currencyCode = z
  .string()
  .refine((code) => CURRENCIES.has(code), 'expected a currency such as USD')
  .transform((code) => code as Currency)

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
  kind: oneOrMore(z.enum(MESSAGE_KINDS), `a kind of message (${MESSAGE_KINDS.join(', ')})`),
})

const providerSchema = z.strictObject({
  kind: z.string(),
  settings: z.record(z.string(), z.unknown()).default({}),
  /** What one segment costs us, in micros of `routing.currency`. */
  cost_micros: z.int().min(0).max(COST_MAX_MICROS).default(0),
  /** What it takes; absent: anything. */
  countries: oneOrMore(country, 'a country such as GB'),
  not_countries: oneOrMore(country, 'a country such as GB'),
  senders: oneOrMore(z.enum(SENDER_KINDS), `a kind of sender (${SENDER_KINDS.join(', ')})`),
  locales: oneOrMore(z.string().min(2).max(35), 'a language tag such as de'),
  /** Messages a second that it lets us send, by each of our processes. */
  rate_per_second: z.number().positive().max(RATE_MAX).optional(),
})
export type ProviderEntry = z.infer<typeof providerSchema>

const routeSchema = z.strictObject({
  match: matchSchema,
  use: z.array(providerName).min(1, 'expected one or more').max(USE_MAX),
  /** ranked: by price, delivery, codes typed and speed; listed: as they stand in `use`. */
  order: z.enum(['ranked', 'listed']).default('ranked'),
})

const routingSchema = z.strictObject({
  explore: z.number().min(0).max(0.2).default(0.01),
  tolerance: z.number().min(0).max(0.5).default(0.03),
  /** What `cost_micros` is in, and what costs in several currencies are compared in. */
  currency: currencyCode.optional(),
  /** What one unit of another currency is worth in that one. */
  exchange: z.record(currencyCode, z.number().positive().max(EXCHANGE_MAX)).default({}),
})
export type Routing = z.infer<typeof routingSchema>

/** Which channel takes over when a message could not be sent by another, for services that allow it. */
const fallbacksSchema = z.partialRecord(z.enum(CHANNELS), z.enum(CHANNELS))

/** The shape of rules/routes.yaml: who can carry messages, and who is asked first for what. */
export const routesSchema = z.strictObject({
  providers: z
    .record(providerName, providerSchema)
    .refine((all) => Object.keys(all).length <= PROVIDERS_MAX, `at most ${PROVIDERS_MAX}`),
  routes: z.array(routeSchema).min(1).max(ROUTES_MAX),
  routing: routingSchema.prefault({}),
  fallbacks: fallbacksSchema.default({}),
})
export type RoutesFile = z.infer<typeof routesSchema>
export type Route = RoutesFile['routes'][number]
export type Match = Route['match']
export type Fallbacks = RoutesFile['fallbacks']

/** What a route is chosen by. An unknown carrier matches only routes that do not ask for one. */
export type RouteFacts = {
  readonly channel: Channel
  readonly country: string
  readonly carrier: string | undefined
  readonly serviceId: ServiceId
  /** Absent: a code. */
  readonly kind?: MessageKind | undefined
  /** The service's sender as it is shown to the person. */
  readonly sender?: string | undefined
  readonly locale?: string | undefined
}

/** The first route that matches. */
export const routeFor = (routes: readonly Route[], facts: RouteFacts): Route | undefined =>
  routes.find(({ match }) => isMatch(match, facts))

/** What a provider does not take of a message, in a word for the operator; undefined when it takes it. */
export function unsupportedBy(entry: Supports, facts: RouteFacts): Unsupported | undefined {
  const { countries, not_countries: without, senders, locales } = entry
  if (!admits(countries, facts.country) || without?.includes(facts.country)) return 'country'
  if (!admits(senders, senderKindOf(facts.sender))) return 'sender'
  const language = facts.locale?.split('-')[0]
  if (locales && !locales.some((tag) => tag === facts.locale || tag === language)) return 'locale'
  return undefined
}
export type Unsupported = 'country' | 'sender' | 'locale'
export type Supports = Pick<ProviderEntry, 'countries' | 'not_countries' | 'senders' | 'locales'>

/** Carriers tell three kinds of sender apart: the vendor's own, a number or short code, and a registered word. */
const senderKindOf = (sender: string | undefined): SenderKind => {
  if (sender === undefined) return 'none'
  return /^\+?\d+$/.test(sender) ? 'number' : 'word'
}

function isMatch(match: Match, facts: RouteFacts): boolean {
  return (
    admits(match.channel, facts.channel) &&
    admits(match.country, facts.country) &&
    admits(match.carrier, facts.carrier) &&
    admits(match.service, facts.serviceId) &&
    admits(match.kind, facts.kind ?? 'otp')
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
    includesAll(earlier.service, later.service) &&
    includesAll(earlier.kind, later.kind)
  )
}

function includesAll<T>(wide: readonly T[] | undefined, narrow: readonly T[] | undefined): boolean {
  if (wide === undefined) return true
  return narrow?.every((value) => wide.includes(value)) ?? false
}
