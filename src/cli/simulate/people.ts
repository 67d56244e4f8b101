import { appClient, browser } from './clients.ts'
import { countryOf } from './countries.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Address, homeAddress, neighbourOf } from './networks.ts'
import { anyNumber } from './numbering.ts'
import type { Delay } from './setting.ts'
import type { Tenant } from './tenant.ts'
import type { Visit } from './visit.ts'
import { acceptLanguage, newDeviceId, originOf, SECOND, type World } from './world.ts'

/** Somebody who comes back with the same number, device and line. Never stored: the same index gives the same person. */
export type Person = {
  readonly country: string
  readonly to: string
  readonly address: Address
  readonly seen: {
    readonly client: ReturnType<typeof browser>
    readonly language: string
    readonly deviceId: string
  }
}

export function personOf(world: World, tenant: Tenant, index: number): Person {
  const { clients, networks } = world.setting
  const main = tenant.countries[0]?.[0] ?? 'GB'
  const dice = diceOf(world.seed, tenant.id, main, index)
  const country = dice.weighted(tenant.countries)
  // Many foreign numbers belong to people who live where the business is and kept the number of home.
  const lives = dice.chance(0.45) ? main : country
  const reads = countryOf(dice.chance(0.5) ? lives : country).language
  return {
    country,
    to: anyNumber(dice, country),
    address: homeAddress(dice, lives, networks),
    seen: {
      client: dice.chance(tenant.appShare) ? appClient(dice, clients) : browser(dice, clients),
      language: acceptLanguage(dice, reads),
      deviceId: newDeviceId(dice),
    },
  }
}

/** Somebody of the tenant's customers: few come often, most seldom. */
export function anyPerson(world: World, tenant: Tenant, dice: Dice): Person {
  const population = Math.max(50, tenant.visitsPerDay * world.scale * 12)
  return personOf(world, tenant, Math.floor(population * dice.unit() ** 1.6))
}

/** An ordinary visit of a person; scenarios change what makes them special. */
export function visitOf(
  world: World,
  dice: Dice,
  who: { readonly tenant: Tenant; readonly person: Person; readonly scenario: string },
): Visit {
  const { tenant, person, scenario } = who
  const { habits } = world.setting
  const address = dice.chance(0.15) ? neighbourOf(dice, person.address) : person.address
  return {
    tenant,
    scenario,
    to: person.to,
    country: person.country,
    origin: originOf(tenant, { ...person.seen, address }),
    purpose: dice.weighted(tenant.purposes),
    sessionAgeMs: humanSessionAge(dice, habits.session),
    givesUp: tenant.givesUp,
    otherFactor: 0.1,
    resendsMax: 2,
    habits,
    dice,
  }
}

/** From opening the page to asking for the code. */
export function humanSessionAge(dice: Dice, usual: Delay = [22 * SECOND, 0.8]): number {
  return Math.round(1_500 + dice.around(...usual))
}
