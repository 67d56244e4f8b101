import type { Agenda } from './agenda.ts'
import type { Client } from './clients.ts'
import { countryOf } from './countries.ts'
import type { Dice } from './dice.ts'
import type { Origin } from './event.ts'
import type { Address } from './networks.ts'
import type { Setting } from './setting.ts'
import type { Tenant } from './tenant.ts'

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

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
  readonly setting: Setting
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

/** Milliseconds from midnight UTC to `hour` where people are so many hours ahead, within one day. */
export function offsetToHour(hour: number, utcHours: number): number {
  return ((((hour - utcHours) * HOUR) % DAY) + DAY) % DAY
}
