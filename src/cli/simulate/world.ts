import type { Agenda } from './agenda.ts'
import type { Client } from './clients.ts'
import { countryOf } from './countries.ts'
import type { Dice } from './dice.ts'
import type { Origin } from './event.ts'
import type { Address } from './networks.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A business that sends codes; its traffic has a shape of its own. */
export type Tenant = {
  readonly id: string
  /** Where its customers are, with weights; the first one sets its day. */
  readonly countries: readonly (readonly [string, number])[]
  /** Ordinary visits a day at scale 1. */
  readonly visitsPerDay: number
  /** Share of delivered codes that nobody types in. */
  readonly givesUp: number
  readonly purposes: readonly (readonly [string, number])[]
  /** Share of visits from its own app instead of a browser. */
  readonly appShare: number
  /** What its server passes on. */
  readonly tells: { readonly device: boolean; readonly ja4: boolean; readonly session: boolean }
}

const LOGIN_FIRST = [
  ['login', 6],
  ['signup', 3],
  ['reset', 1],
] as const
const SIGNUP_FIRST = [
  ['signup', 7],
  ['login', 2],
  ['reset', 1],
] as const

export const TENANTS: readonly Tenant[] = [
  {
    id: 'shop-gb',
    countries: [
      ['GB', 70],
      ['IE', 8],
      ['US', 6],
      ['FR', 4],
      ['DE', 4],
      ['PL', 3],
      ['IN', 2],
      ['AU', 2],
      ['NG', 1],
    ],
    visitsPerDay: 2_000,
    givesUp: 0.1,
    purposes: LOGIN_FIRST,
    appShare: 0.25,
    tells: { device: true, ja4: true, session: true },
  },
  {
    id: 'bank-fr',
    countries: [
      ['FR', 85],
      ['MA', 4],
      ['DZ', 2],
      ['TN', 2],
      ['SN', 1],
      ['ES', 3],
      ['CH', 3],
    ],
    visitsPerDay: 1_400,
    givesUp: 0.05,
    purposes: [
      ['login', 9],
      ['payment', 4],
      ['reset', 1],
    ],
    appShare: 0.5,
    tells: { device: true, ja4: false, session: false },
  },
  {
    id: 'market-id',
    countries: [
      ['ID', 75],
      ['MY', 9],
      ['SG', 4],
      ['PH', 6],
      ['VN', 4],
      ['TH', 2],
    ],
    visitsPerDay: 1_800,
    givesUp: 0.3,
    purposes: SIGNUP_FIRST,
    appShare: 0.7,
    tells: { device: true, ja4: false, session: true },
  },
  {
    id: 'ride-world',
    countries: [
      ['US', 24],
      ['BR', 18],
      ['MX', 12],
      ['IN', 14],
      ['EG', 5],
      ['KE', 4],
      ['PK', 4],
      ['BD', 3],
      ['TR', 5],
      ['AE', 4],
      ['JO', 2],
      ['AZ', 1],
      ['ZA', 4],
    ],
    visitsPerDay: 1_600,
    givesUp: 0.14,
    purposes: LOGIN_FIRST,
    appShare: 0.85,
    tells: { device: true, ja4: true, session: false },
  },
  {
    id: 'game-cn',
    countries: [
      ['CN', 80],
      ['HK', 6],
      ['TW', 6],
      ['MY', 3],
      ['JP', 2],
      ['US', 3],
    ],
    visitsPerDay: 1_500,
    givesUp: 0.45,
    purposes: SIGNUP_FIRST,
    appShare: 0.3,
    tells: { device: false, ja4: false, session: true },
  },
  {
    id: 'news-de',
    countries: [
      ['DE', 82],
      ['AT', 9],
      ['CH', 6],
      ['NL', 2],
      ['TR', 1],
    ],
    visitsPerDay: 300,
    givesUp: 0.18,
    purposes: SIGNUP_FIRST,
    appShare: 0,
    tells: { device: false, ja4: true, session: true },
  },
]

/** A time in which a country's carriers deliver less. */
export type Outage = {
  readonly country: string
  readonly fromMs: number
  readonly toMs: number
  readonly delivery: number
}

/** What all scenarios of one run share. */
export type World = {
  readonly seed: number
  readonly startMs: number
  readonly endMs: number
  /** 1 is about 10,000 issues a day. */
  readonly scale: number
  readonly agenda: Agenda
  readonly outages: Outage[]
  readonly newRef: () => string
}

/** The share of messages that reaches handsets of the country now. */
export function deliveryOf(world: World, country: string, atMs: number): number {
  const outage = world.outages.find(
    (each) => each.country === country && atMs >= each.fromMs && atMs < each.toMs,
  )
  return outage?.delivery ?? countryOf(country).delivery
}

export type Seen = {
  readonly address: Address
  readonly client: Client
  readonly language: string | null
  readonly deviceId: string | null
}

/** What the tenant's server passes on of what it sees. */
export function originOf(tenant: Tenant, { address, client, language, deviceId }: Seen): Origin {
  return {
    ip: address.ip,
    network: address.network,
    user_agent: client.user_agent,
    accept_language: language,
    client_hints: client.client_hints,
    device_id: tenant.tells.device ? deviceId : null,
    ja4: tenant.tells.ja4 ? client.ja4 : null,
  }
}

/** A server that calls on its own account and tells nothing of the end user. */
export const UNTOLD: Origin = {
  ip: null,
  network: null,
  user_agent: null,
  accept_language: null,
  client_hints: null,
  device_id: null,
  ja4: null,
}

/** An Accept-Language header of somebody who reads `language`. */
export function acceptLanguage(dice: Dice, language: string): string {
  const base = language.split('-')[0] ?? language
  if (base === 'en') return dice.chance(0.6) ? `${language},en;q=0.9` : 'en-US,en;q=0.9'
  if (dice.chance(0.12)) return 'en-US,en;q=0.9'
  return `${language},${base};q=0.9,en-US;q=0.8,en;q=0.7`
}

export function newDeviceId(dice: Dice): string {
  return `d-${dice.digits(6)}${dice.digits(6)}`
}
