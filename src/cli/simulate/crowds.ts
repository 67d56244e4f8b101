import { planArrivals } from './arrivals.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Scenario, utcHoursOf } from './ordinary.ts'
import { anyPerson, visitOf } from './people.ts'
import type { Tenant } from './tenant.ts'
import { ask } from './visit.ts'
import { DAY, HOUR, offsetToHour, type World } from './world.ts'

/** Tickets go on sale: within hours half a day's visitors, impatient ones. */
export const flashCrowd: Scenario = (world, name) => {
  for (let event = 0; event < world.setting.crowds.events; event++) planSale(world, name, event)
}

/** The dice of the first event are those that worlds of a single one always had. */
const eventDice = (world: World, name: string, event: number): Dice =>
  event === 0 ? diceOf(world.seed, name) : diceOf(world.seed, name, event)

function planSale(world: World, name: string, event: number): void {
  const dice = eventDice(world, name, event)
  const { tenants, crowds } = world.setting
  const tenant = dice.pick(tenants.slice(0, 5))
  const opensAt =
    offsetToHour(10, utcHoursOf(tenant)) + DAY * dice.below(Math.max(1, Math.floor(daysOf(world))))
  const fromMs = world.startMs + opensAt
  const perDay = tenant.visitsPerDay * world.scale * 10 * crowds.flash
  const toMs = Math.min(world.endMs, fromMs + crowds.flashHours * HOUR)
  const comers: Tenant = crowds.flashLocal
    ? { ...tenant, countries: [[dice.pick(tenant.countries)[0], 1]] }
    : tenant
  planArrivals(world, { fromMs, toMs, perDay, dice }, (atMs) => {
    const person = anyPerson(world, comers, dice)
    const visit = visitOf(world, dice, { tenant, person, scenario: name })
    const sessionAgeMs = Math.round((visit.sessionAgeMs ?? 0) / 3)
    const givesUp = Math.max(0.3, tenant.givesUp)
    return ask(world, { ...visit, sessionAgeMs, givesUp, resendsMax: 3 }, atMs)
  })
}

/** A campaign in a country where the tenant had nobody: volume without a past, all of it real. */
export const newMarket: Scenario = (world, name) => {
  for (let event = 0; event < world.setting.crowds.events; event++) planLaunch(world, name, event)
}

function planLaunch(world: World, name: string, event: number): void {
  const dice = eventDice(world, name, event)
  const { crowds, tenants } = world.setting
  const country = dice.pick(crowds.launchCountries)
  const tenant: Tenant = { ...dice.pick(tenants.slice(0, 4)), countries: [[country, 1]] }
  const fromMs = world.startMs + daysOf(world) * DAY * 0.4
  const perDay = 260 * crowds.launch * world.scale
  const givesUp = dice.between(...crowds.launchGivesUp)
  const utcHours = utcHoursOf(tenant)
  planArrivals(world, { fromMs, toMs: world.endMs, perDay, utcHours, dice }, (atMs) => {
    const person = anyPerson(world, tenant, dice)
    return ask(
      world,
      { ...visitOf(world, dice, { tenant, person, scenario: name }), givesUp },
      atMs,
    )
  })
}

/** A country's carriers lose nearly everything for some hours; its ordinary visitors suffer and ask again. */
export const carrierOutage: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name)
  const { crowds, tenants } = world.setting
  for (const tenant of tenants.slice(1, 4)) {
    const country = tenant.countries[0]?.[0] ?? 'FR'
    const fromMs = world.startMs + DAY * dice.between(0.3, 0.9) * daysOf(world)
    const toMs = fromMs + HOUR * dice.between(1, 4)
    world.outages.push({ country, fromMs, toMs, delivery: crowds.outageDelivery })
    const perDay = 100 * world.scale
    const stream = { fromMs, toMs: Math.min(toMs, world.endMs), perDay: perDay * 4, dice }
    planArrivals(world, stream, (atMs) => {
      const person = anyPerson(world, tenant, dice)
      return ask(world, visitOf(world, dice, { tenant, person, scenario: name }), atMs)
    })
  }
}

function daysOf(world: World): number {
  return (world.endMs - world.startMs) / DAY
}
