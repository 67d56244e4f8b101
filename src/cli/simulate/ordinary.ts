import { planArrivals } from './arrivals.ts'
import { browser } from './clients.ts'
import { COUNTRIES, countryOf } from './countries.ts'
import { type Dice, diceOf } from './dice.ts'
import { carrierGradeAddress, homeAddress, vpnAddress } from './networks.ts'
import { anyPerson, visitOf } from './people.ts'
import { ask, type Visit } from './visit.ts'
import { originOf, TENANTS, type Tenant, UNTOLD, type World } from './world.ts'

/** Plans everything that one scenario does between the world's start and end. */
export type Scenario = (world: World, name: string) => void

/** The tenant's main hours. */
export function utcHoursOf(tenant: Tenant): number {
  return countryOf(tenant.countries[0]?.[0] ?? 'GB').utcHours
}

type Stream = {
  readonly name: string
  readonly tenant: Tenant
  readonly perDay: number
  /** Tells apart streams of the same scenario and tenant. */
  readonly line?: number
}

/** A steady stream of one tenant's customers, each visit changed by `special`. */
function planVisits(
  world: World,
  { name, tenant, perDay, line = 0 }: Stream,
  special: (visit: Visit, dice: Dice) => Visit,
): void {
  const dice = diceOf(world.seed, name, tenant.id, line)
  const { startMs: fromMs, endMs: toMs } = world
  const stream = { fromMs, toMs, perDay, utcHours: utcHoursOf(tenant), dice }
  planArrivals(world, stream, (atMs) => {
    const person = anyPerson(world, tenant, dice)
    return ask(world, special(visitOf(dice, tenant, person, name), dice), atMs)
  })
}

export const homeUsers: Scenario = (world, name) => {
  for (const tenant of TENANTS) {
    const perDay = tenant.visitsPerDay * world.scale
    planVisits(world, { name, tenant, perDay }, (visit) => visit)
  }
}

/** Thousands of handsets behind a handful of addresses of their carrier. */
export const cgnatCrowd: Scenario = (world, name) => {
  for (const tenant of byId('market-id', 'ride-world')) {
    const gateways = diceOf(world.seed, name, 'gateways').below(1_000)
    planVisits(world, { name, tenant, perDay: 350 * world.scale }, (visit, dice) => {
      const address = carrierGradeAddress(dice, visit.country, gateways + dice.below(4))
      return { ...visit, origin: { ...visit.origin, ip: address.ip, network: address.network } }
    })
  }
}

const ABROAD =
  'ES IT FR GB DE TH US AE GR TR MA EG LK JP MV ID VN MY SG PT HR MX BR IN AZ GE KE ZA JO CN HK'
    .split(' ')
    .filter((code) => COUNTRIES.has(code))

/** Abroad, with the number and the language of home. */
export const travellers: Scenario = (world, name) => {
  for (const tenant of TENANTS) {
    const perDay = tenant.visitsPerDay * 0.02 * world.scale
    planVisits(world, { name, tenant, perDay }, (visit, dice) => {
      const abroad = dice.pick(ABROAD)
      const { ip, network } = homeAddress(dice, abroad)
      return { ...visit, origin: { ...visit.origin, ip, network } }
    })
  }
}

export const vpnUsers: Scenario = (world, name) => {
  for (const tenant of TENANTS) {
    const perDay = tenant.visitsPerDay * 0.025 * world.scale
    planVisits(world, { name, tenant, perDay }, (visit, dice) => {
      const { ip, network } = vpnAddress(dice)
      return { ...visit, origin: { ...visit.origin, ip, network } }
    })
  }
}

/** Customers where a third of the messages is lost, and who ask again and again. */
export const poorDelivery: Scenario = (world, name) => {
  const tenant: Tenant = {
    id: 'aid-world',
    countries: [
      ['SD', 30],
      ['YE', 18],
      ['SY', 14],
      ['ET', 14],
      ['AF', 10],
      ['LY', 8],
      ['ML', 6],
    ],
    visitsPerDay: 280,
    givesUp: 0.16,
    purposes: [
      ['signup', 5],
      ['login', 5],
    ],
    appShare: 0.1,
    tells: { device: false, ja4: false, session: true },
  }
  const perDay = tenant.visitsPerDay * world.scale
  planVisits(world, { name, tenant, perDay }, (visit, dice) => ({
    ...visit,
    delivery: dice.chance(0.5) ? 0.5 : 0.8,
    resendsMax: 4,
  }))
}

/** A back end that asks for codes itself and tells nothing of its users. */
export const serverSide: Scenario = (world, name) => {
  const tenant: Tenant = {
    id: 'kiosk-api',
    countries: [
      ['ES', 60],
      ['PT', 20],
      ['MX', 12],
      ['CO', 8],
    ],
    visitsPerDay: 320,
    givesUp: 0.12,
    purposes: [['login', 1]],
    appShare: 0,
    tells: { device: false, ja4: false, session: false },
  }
  const perDay = tenant.visitsPerDay * world.scale
  planVisits(world, { name, tenant, perDay }, (visit) => ({ ...visit, origin: UNTOLD }))
}

/** People who end the login with an app prompt or a passkey and leave the code unread. */
export const otherFactor: Scenario = (world, name) => {
  for (const tenant of byId('bank-fr')) {
    planVisits(world, { name, tenant, perDay: 150 * world.scale }, (visit) => ({
      ...visit,
      givesUp: 0.8,
      otherFactor: 0.97,
    }))
  }
}

/** A tablet on a counter: one device, one address, everybody's number. */
export const sharedDevice: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name, 'counters')
  const customers = TENANTS[0] as Tenant
  const tenant: Tenant = { ...customers, countries: [['GB', 1]] }
  for (let counter = 0; counter < 3; counter++) {
    const origin = originOf(tenant, {
      address: homeAddress(dice, 'GB'),
      client: browser(dice),
      language: 'en-GB,en;q=0.9',
      deviceId: `d-counter-${world.seed}-${counter}`,
    })
    planVisits(world, { name, tenant, perDay: 40 * world.scale, line: counter }, (visit) => ({
      ...visit,
      origin,
      givesUp: 0.06,
    }))
  }
}

function byId(...ids: readonly string[]): readonly Tenant[] {
  return TENANTS.filter(({ id }) => ids.includes(id))
}
