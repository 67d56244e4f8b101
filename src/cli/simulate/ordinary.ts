import { planArrivals } from './arrivals.ts'
import { relayedBrowser } from './clients.ts'
import { COUNTRIES, countryOf } from './countries.ts'
import { type Dice, diceOf } from './dice.ts'
import {
  type Address,
  carrierGradeAddress,
  homeAddress,
  relayAddress,
  vpnAddress,
} from './networks.ts'
import { anyPerson, visitOf } from './people.ts'
import type { Tenant } from './tenant.ts'
import { ask, type Visit } from './visit.ts'
import { UNTOLD, type World } from './world.ts'

/** Plans everything that one scenario does between the world's start and end. */
export type Scenario = (world: World, name: string) => void

/** The tenant's main hours. */
export function utcHoursOf(tenant: Tenant): number {
  return countryOf(tenant.countries[0]?.[0] ?? 'GB').utcHours
}

export type Stream = {
  readonly name: string
  readonly tenant: Tenant
  readonly perDay: number
  /** Tells apart streams of the same scenario and tenant. */
  readonly line?: number
}

/** A steady stream of one tenant's customers, each visit changed by `special`. */
export function planVisits(
  world: World,
  { name, tenant, perDay, line = 0 }: Stream,
  special: (visit: Visit, dice: Dice) => Visit,
): void {
  const dice = diceOf(world.seed, name, tenant.id, line)
  const { startMs: fromMs, endMs: toMs } = world
  const stream = { fromMs, toMs, perDay, utcHours: utcHoursOf(tenant), dice }
  planArrivals(world, stream, (atMs) => {
    const person = anyPerson(world, tenant, dice)
    return ask(world, special(visitOf(world, dice, { tenant, person, scenario: name }), dice), atMs)
  })
}

/** A share of every tenant's visits, from other addresses than usual. */
function planElsewhere(
  world: World,
  { name, share }: { readonly name: string; readonly share: number },
  addressOf: (visit: Visit, dice: Dice) => Address,
): void {
  for (const tenant of world.setting.tenants) {
    const perDay = tenant.visitsPerDay * share * world.scale
    planVisits(world, { name, tenant, perDay }, (visit, dice) => ({
      ...visit,
      origin: { ...visit.origin, ...addressOf(visit, dice) },
    }))
  }
}

export const homeUsers: Scenario = (world, name) => {
  for (const tenant of world.setting.tenants) {
    const perDay = tenant.visitsPerDay * world.scale
    planVisits(world, { name, tenant, perDay }, (visit) => visit)
  }
}

/** Those whose customers are mostly on phones. */
function mobileFirst(world: World): readonly Tenant[] {
  const { tenants } = world.setting
  return tenants.toSorted((one, other) => other.appShare - one.appShare).slice(0, 2)
}

/** Thousands of handsets behind a handful of addresses of their carrier. */
export const cgnatCrowd: Scenario = (world, name) => {
  const { networks } = world.setting
  for (const tenant of mobileFirst(world)) {
    planVisits(world, { name, tenant, perDay: 350 * world.scale }, (visit, dice) => ({
      ...visit,
      origin: { ...visit.origin, ...carrierGradeAddress(dice, visit.country, networks) },
    }))
  }
}

const ABROAD =
  'ES IT FR GB DE TH US AE GR TR MA EG LK JP MV ID VN MY SG PT HR MX BR IN AZ GE KE ZA JO CN HK'
    .split(' ')
    .filter((code) => COUNTRIES.has(code))

/** Abroad, with the number and the language of home. */
export const travellers: Scenario = (world, name) => {
  const { networks } = world.setting
  planElsewhere(world, { name, share: 0.02 }, (_, dice) =>
    homeAddress(dice, dice.pick(ABROAD), networks),
  )
}

export const vpnUsers: Scenario = (world, name) => {
  const { networks } = world.setting
  planElsewhere(world, { name, share: 0.025 }, (_, dice) => vpnAddress(dice, networks))
}

/** People whose phone hides their address behind a relay that thousands share. */
export const privateRelay: Scenario = (world, name) => {
  const { networks, clients } = world.setting
  for (const tenant of world.setting.tenants) {
    const perDay = tenant.visitsPerDay * 0.02 * world.scale
    planVisits(world, { name, tenant, perDay }, (visit, dice) => {
      const client = relayedBrowser(dice, clients)
      const address = relayAddress(dice, visit.origin.network?.country ?? visit.country, networks)
      const ja4 = visit.origin.ja4 === null ? null : client.ja4
      return { ...visit, origin: { ...visit.origin, ...client, ...address, ja4 } }
    })
  }
}

/** Customers where a third of the messages is lost, and who ask again and again. */
export const poorDelivery: Scenario = (world, name) => {
  const tenant = world.setting.aid
  const perDay = tenant.visitsPerDay * world.scale
  planVisits(world, { name, tenant, perDay }, (visit, dice) => ({
    ...visit,
    delivery: dice.chance(0.5) ? 0.5 : 0.8,
    resendsMax: 4,
  }))
}

/** A back end that asks for codes itself and tells nothing of its users. */
export const serverSide: Scenario = (world, name) => {
  const tenant = world.setting.backend
  const perDay = tenant.visitsPerDay * world.scale
  planVisits(world, { name, tenant, perDay }, (visit) => ({ ...visit, origin: UNTOLD }))
}

/** People who end the login with an app prompt or a passkey and leave the code unread. */
export const otherFactor: Scenario = (world, name) => {
  const tenant = world.setting.tenants[1]
  if (tenant === undefined) return
  planVisits(world, { name, tenant, perDay: 150 * world.scale }, (visit) => ({
    ...visit,
    givesUp: 0.8,
    otherFactor: 0.97,
  }))
}
