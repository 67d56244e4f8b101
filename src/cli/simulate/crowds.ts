import { planArrivals } from './arrivals.ts'
import { officeBrowser } from './clients.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Address, homeAddress } from './networks.ts'
import { anyBlock, type NumberBlock, numberOf } from './numbering.ts'
import { type Scenario, utcHoursOf } from './ordinary.ts'
import { anyPerson, humanSessionAge, type Person, visitOf } from './people.ts'
import { ask } from './visit.ts'
import {
  acceptLanguage,
  DAY,
  HOUR,
  newDeviceId,
  TENANTS,
  type Tenant,
  type World,
} from './world.ts'

/** One address, one number block, one kind of browser: looks like an attack until the codes come back. */
export const office: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name)
  for (const tenant of [TENANTS[0], TENANTS[1]] as readonly Tenant[]) {
    const country = tenant.countries[0]?.[0] ?? 'GB'
    const company = {
      dice,
      country,
      block: anyBlock(dice, country, 400),
      address: homeAddress(dice, country),
    }
    const morning = world.startMs + utcOffsetTo(9, tenant)
    for (let day = morning; day < world.endMs; day += DAY) {
      // Most days some people log in; on the second one a whole department is enrolled within two hours.
      const visits = (day === morning + DAY ? 160 : 30) * world.scale
      planArrivals(
        world,
        { fromMs: day, toMs: day + 2 * HOUR, perDay: visits * 12, dice },
        (atMs) => ask(world, visitOf(dice, tenant, employee(company, atMs), name), atMs),
      )
    }
  }
}

type Company = {
  readonly dice: Dice
  readonly country: string
  readonly block: NumberBlock
  readonly address: Address
}

/** Enrolment goes down the list of numbers, so neighbours ask one after the other. */
function employee({ dice, country, block, address }: Company, atMs: number): Person {
  const index = Math.floor(atMs / 45_000) + dice.below(3)
  return {
    country,
    to: numberOf(block, index),
    address,
    seen: {
      client: officeBrowser(dice),
      language: acceptLanguage(dice, country === 'FR' ? 'fr-FR' : 'en-GB'),
      deviceId: newDeviceId(diceOf('employee', block.first, index % block.size)),
    },
  }
}

/** Tickets go on sale: within 90 minutes half a day's visitors, impatient ones. */
export const flashCrowd: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name)
  const tenant = dice.pick(TENANTS.slice(0, 5))
  const opensAt = utcOffsetTo(10, tenant) + DAY * dice.below(Math.max(1, Math.floor(daysOf(world))))
  const fromMs = world.startMs + opensAt
  const perDay = tenant.visitsPerDay * world.scale * 10
  const stream = { fromMs, toMs: Math.min(world.endMs, fromMs + 1.5 * HOUR), perDay, dice }
  planArrivals(world, stream, (atMs) => {
    const visit = visitOf(dice, tenant, anyPerson(world, tenant, dice), name)
    const sessionAgeMs = Math.round(humanSessionAge(dice) / 3)
    return ask(world, { ...visit, sessionAgeMs, givesUp: 0.3, resendsMax: 3 }, atMs)
  })
}

/** A campaign in a country where the tenant had nobody: volume without a past, all of it real. */
export const newMarket: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name)
  const country = dice.pick(['KZ', 'CL', 'RO', 'GH', 'UZ', 'LK', 'GE'])
  const tenant: Tenant = { ...dice.pick(TENANTS.slice(0, 4)), countries: [[country, 1]] }
  const fromMs = world.startMs + daysOf(world) * DAY * 0.4
  const perDay = 260 * world.scale
  const givesUp = dice.between(0.15, 0.5)
  const utcHours = utcHoursOf(tenant)
  planArrivals(world, { fromMs, toMs: world.endMs, perDay, utcHours, dice }, (atMs) =>
    ask(world, { ...visitOf(dice, tenant, anyPerson(world, tenant, dice), name), givesUp }, atMs),
  )
}

/** A country's carriers lose nearly everything for some hours; its ordinary visitors suffer and ask again. */
export const carrierOutage: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name)
  for (const tenant of TENANTS.slice(1, 4)) {
    const country = tenant.countries[0]?.[0] ?? 'FR'
    const fromMs = world.startMs + DAY * dice.between(0.3, 0.9) * daysOf(world)
    const toMs = fromMs + HOUR * dice.between(1, 4)
    world.outages.push({ country, fromMs, toMs, delivery: 0.15 })
    const perDay = 100 * world.scale
    const stream = { fromMs, toMs: Math.min(toMs, world.endMs), perDay: perDay * 4, dice }
    planArrivals(world, stream, (atMs) =>
      ask(world, visitOf(dice, tenant, anyPerson(world, tenant, dice), name), atMs),
    )
  }
}

function daysOf(world: World): number {
  return (world.endMs - world.startMs) / DAY
}

/** Milliseconds from midnight UTC to `hour` where the tenant is, within one day. */
function utcOffsetTo(hour: number, tenant: Tenant): number {
  return ((((hour - utcHoursOf(tenant)) * HOUR) % DAY) + DAY) % DAY
}
