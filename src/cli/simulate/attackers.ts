import { browser, type Client, disguisedClient, outdatedClient, scriptClient } from './clients.ts'
import { COUNTRIES } from './countries.ts'
import type { Dice } from './dice.ts'
import type { Origin } from './event.ts'
import { type Address, homeAddress, hostingAddress, vpnAddress } from './networks.ts'
import {
  acceptLanguage,
  DAY,
  HOUR,
  newDeviceId,
  originOf,
  TENANTS,
  type Tenant,
  type World,
} from './world.ts'

/** Destinations that pay: high termination fees or carriers that share them. */
export const PAYING_COUNTRIES: readonly (readonly [string, number])[] = [
  ['AZ', 10],
  ['ID', 9],
  ['BD', 8],
  ['PK', 8],
  ['LK', 7],
  ['UZ', 7],
  ['TJ', 7],
  ['KG', 6],
  ['DZ', 6],
  ['TN', 5],
  ['EG', 5],
  ['JO', 5],
  ['OM', 4],
  ['NG', 4],
  ['IR', 4],
  ['BY', 4],
  ['AF', 4],
  ['MG', 4],
  ['PH', 4],
  ['KH', 3],
  ['GN', 3],
  ['ML', 3],
  ['BJ', 3],
  ['BF', 2],
  ['MV', 2],
  ['BT', 2],
  ['SY', 2],
  ['IQ', 2],
  ['GE', 2],
  ['RU', 2],
]

/** Where the destination is mostly, and now and then anywhere at all. */
export function payingCountry(dice: Dice): string {
  return dice.chance(0.85) ? dice.weighted(PAYING_COUNTRIES) : dice.pick([...COUNTRIES.keys()])
}

/** Who has proxies has them in countries with many home lines. */
const PROXY_COUNTRIES: readonly (readonly [string, number])[] = [
  ['US', 14],
  ['BR', 12],
  ['IN', 12],
  ['ID', 9],
  ['VN', 9],
  ['RU', 7],
  ['MX', 6],
  ['TR', 5],
  ['UA', 4],
  ['ZA', 4],
  ['PH', 4],
  ['PK', 3],
  ['EG', 3],
  ['GB', 3],
  ['DE', 2],
  ['FR', 2],
  ['CN', 2],
  ['TH', 2],
  ['AR', 2],
  ['CO', 2],
]

/** Where the next request shall seem to come from. */
export type Place = () => string

/**
 * Careful attackers rent proxies where the tenant's customers or the numbers are, so that nothing is abroad; the others
 * take what is cheap.
 */
export function hideout(dice: Dice, tenant: Tenant, destination: string): Place {
  const market = tenant.countries[0]?.[0] ?? destination
  const chosen = dice.weighted([
    [undefined, 35],
    [market, 35],
    [destination, 30],
  ] as const)
  return () => (chosen === undefined || dice.chance(0.15) ? dice.weighted(PROXY_COUNTRIES) : chosen)
}

/** Mostly home lines of people who know nothing of it; some VPN exits and rented machines. */
export function proxyAddress(dice: Dice, place: Place): Address {
  if (dice.chance(0.88)) return homeAddress(dice, place())
  return dice.chance(0.5) ? vpnAddress(dice) : hostingAddress(dice)
}

/** A rented list of addresses that is used over and over. It is made at the first use, so that waiting campaigns stay small. */
export function proxyPool(dice: Dice, size: number, place: Place): () => Address {
  let pool: readonly Address[] | undefined
  return () => {
    pool ??= Array.from({ length: size }, () => proxyAddress(dice, place))
    return dice.pick(pool)
  }
}

/** How well the tool passes for a person. */
export type Toolkit = {
  readonly client: () => Client
  /** `country` is where the request seems to come from. */
  readonly language: (country: string) => string | null
  readonly sessionAge: () => number | null
  readonly device: () => string | null
  readonly solves: number
}

/** Bare HTTP calls, no page loaded. */
export function scriptKit(dice: Dice): Toolkit {
  const client = dice.chance(0.6) ? scriptClient(dice) : undefined
  return {
    client: () => client ?? outdatedClient(dice),
    language: () => null,
    sessionAge: () => (dice.chance(0.5) ? null : Math.round(dice.between(20, 900))),
    device: () => null,
    solves: 0.05,
  }
}

/** Claims to be a browser; hints, language and timing give it away a little. */
export function disguisedKit(dice: Dice): Toolkit {
  const language = dice.pick(['en-US,en;q=0.9', 'en-US', 'ru-RU,ru;q=0.9', 'zh-CN,zh;q=0.9'])
  const client = disguisedClient(dice)
  return {
    client: () => client,
    language: () => language,
    sessionAge: () => Math.round(dice.around(1_800, 0.4)),
    device: () => (dice.chance(0.5) ? newDeviceId(dice) : null),
    solves: 0.35,
  }
}

/** Driven real browsers, a fresh profile each time: the client alone proves nothing. */
export function browserKit(dice: Dice): Toolkit {
  const careful = dice.chance(0.5)
  const usual = acceptLanguage(dice, dice.pick(['en-US', 'en-GB', 'pt-BR', 'id-ID', 'ru-RU']))
  return {
    client: () => browser(dice),
    language: (country) =>
      careful ? acceptLanguage(dice, COUNTRIES.get(country)?.language ?? 'en-US') : usual,
    sessionAge: () => Math.round(2_000 + dice.around(careful ? 15_000 : 7_000, 0.6)),
    device: () => newDeviceId(dice),
    solves: 0.6,
  }
}

export function anyKit(dice: Dice): Toolkit {
  return dice.weighted([
    [scriptKit, 3],
    [disguisedKit, 4],
    [browserKit, 3],
  ] as const)(dice)
}

export function attackOrigin(tenant: Tenant, kit: Toolkit, address: Address): Origin {
  return originOf(tenant, {
    address,
    client: kit.client(),
    language: kit.language(address.network.country),
    deviceId: kit.device(),
  })
}

export function anyTenant(dice: Dice): Tenant {
  return dice.pick(TENANTS)
}

/** A start within the run, at night where the tenant is in two cases of three, and room for `lengthMs` where possible. */
export function attackStart(world: World, dice: Dice, lengthMs: number): number {
  const room = Math.max(0, world.endMs - world.startMs - lengthMs)
  const atMs = world.startMs + room * dice.between(0.1, 1)
  if (!dice.chance(0.66)) return atMs
  const midnight = Math.floor(atMs / DAY) * DAY + dice.between(-2, 4) * HOUR
  return Math.min(Math.max(midnight, world.startMs), world.startMs + room)
}

/** How many campaigns of a kind a run of this length sees, at least one. */
export function campaignsIn(world: World, dice: Dice, perDay: number): number {
  const expected = ((world.endMs - world.startMs) / DAY) * perDay
  return Math.max(1, Math.round(expected * dice.between(0.7, 1.3)))
}

/** A size spread evenly over orders of magnitude, times the run's scale, at least `least`. */
export function sizeBetween(world: World, dice: Dice, least: number, most: number): number {
  const size = least * (most / least) ** dice.unit()
  return Math.max(Math.min(40, least), Math.round(size * world.scale))
}
