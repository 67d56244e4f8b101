import { planArrivals } from './arrivals.ts'
import { browser, officeBrowser } from './clients.ts'
import { COUNTRIES } from './countries.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Address, homeAddress } from './networks.ts'
import { anyBlock, anyNumber, type NumberBlock, numberOf } from './numbering.ts'
import { planVisits, type Scenario, utcHoursOf } from './ordinary.ts'
import { anyPerson, type Person, visitOf } from './people.ts'
import type { Tenant } from './tenant.ts'
import { ask, type Visit } from './visit.ts'
import {
  acceptLanguage,
  DAY,
  HOUR,
  newDeviceId,
  offsetToHour,
  originOf,
  type World,
} from './world.ts'

/** One address, one number block, one kind of browser: looks like an attack until the codes come back. */
export const office: Scenario = (world, name) => {
  const dice = diceOf(world.seed, name)
  const { networks, crowds } = world.setting
  for (const tenant of world.setting.tenants.slice(0, crowds.offices)) {
    const country = tenant.countries[0]?.[0] ?? 'GB'
    const company = {
      dice,
      country,
      block: anyBlock(dice, country, 400),
      address: homeAddress(dice, country, networks),
    }
    const morning = world.startMs + offsetToHour(9, utcHoursOf(tenant))
    for (let day = morning; day < world.endMs; day += DAY) {
      // Most days some people log in; on the second one a whole department is enrolled within hours.
      const enrols = day === morning + DAY
      const visits = (enrols ? 160 : 30) * crowds.office * world.scale
      const hours = enrols ? crowds.officeHours : 2
      let turn = 0
      planArrivals(
        world,
        { fromMs: day, toMs: day + hours * HOUR, perDay: (visits * 24) / hours, dice },
        (atMs) => {
          // Enrolment goes down the list of numbers, so neighbours ask one after the other.
          const person = employee(world, company, enrols ? turn++ : dice.below(400))
          return ask(world, visitOf(world, dice, { tenant, person, scenario: name }), atMs)
        },
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

function employee(world: World, { dice, country, block, address }: Company, index: number): Person {
  const language = COUNTRIES.get(country)?.language ?? 'en-GB'
  return {
    country,
    to: numberOf(block, index),
    address,
    seen: {
      client: officeBrowser(dice, world.setting.clients),
      language: acceptLanguage(dice, language),
      deviceId: newDeviceId(diceOf('employee', block.first, index % block.size)),
    },
  }
}

const HOMES = [...COUNTRIES.keys()]

/** Students behind one address, their numbers from here and from everywhere. */
export const campus: Scenario = (world, name) => {
  const { networks, tenants, crowds } = world.setting
  const { afar, gates, enrolHours } = crowds.campus
  const tenant = tenants[2]
  if (tenant === undefined) return
  const country = tenant.countries[0]?.[0] ?? 'GB'
  const gate = homeAddress(diceOf(world.seed, name, 'gate'), country, networks)
  const student = (visit: Visit, dice: Dice): Visit => {
    const origin = { ...visit.origin, ...besides(dice, gate, gates) }
    if (!dice.chance(afar)) return { ...visit, origin }
    const home = dice.pick(HOMES)
    return { ...visit, origin, country: home, to: anyNumber(dice, home) }
  }
  if (enrolHours > 0) enrol(world, { name, tenant }, student)
  else planVisits(world, { name, tenant, perDay: 120 * world.scale }, student)
}

/** One of so many neighbouring addresses. */
function besides(dice: Dice, address: Address, count: number): Address {
  if (count <= 1 || address.ip.includes(':')) return address
  const net = address.ip.slice(0, address.ip.lastIndexOf('.'))
  return { ...address, ip: `${net}.${1 + dice.below(Math.min(254, count))}` }
}

/** As many as would come in three days, all on one. */
function enrol(
  world: World,
  { name, tenant }: { readonly name: string; readonly tenant: Tenant },
  student: (visit: Visit, dice: Dice) => Visit,
): void {
  const dice = diceOf(world.seed, name, 'enrolment')
  const days = Math.max(1, Math.floor((world.endMs - world.startMs) / DAY))
  const morning = offsetToHour(9, utcHoursOf(tenant)) + DAY * dice.below(days)
  const fromMs = world.startMs + morning
  const hours = world.setting.crowds.campus.enrolHours
  const perDay = (360 * world.scale * 24) / hours
  planArrivals(world, { fromMs, toMs: fromMs + hours * HOUR, perDay, dice }, (atMs) => {
    const person = anyPerson(world, tenant, dice)
    return ask(world, student(visitOf(world, dice, { tenant, person, scenario: name }), dice), atMs)
  })
}

/** A tablet on a counter: one device, one address, everybody's number. */
export const sharedDevice: Scenario = (world, name) => {
  const { networks, clients, tenants } = world.setting
  const dice = diceOf(world.seed, name, 'counters')
  const customers = tenants[0]
  if (customers === undefined) return
  const country = customers.countries[0]?.[0] ?? 'GB'
  const tenant = { ...customers, countries: [[country, 1]] as const }
  for (let counter = 0; counter < 3; counter++) {
    const origin = originOf(tenant, {
      address: homeAddress(dice, country, networks),
      client: browser(dice, clients),
      language: acceptLanguage(dice, COUNTRIES.get(country)?.language ?? 'en-GB'),
      deviceId: `d-counter-${world.seed}-${counter}`,
    })
    planVisits(world, { name, tenant, perDay: 40 * world.scale, line: counter }, (visit) => ({
      ...visit,
      origin,
      givesUp: 0.06,
    }))
  }
}

/** A tablet at home: one device and line, and the numbers of parents, children and grandparents. */
export const familyDevice: Scenario = (world, name) => {
  const { networks, clients, tenants, crowds } = world.setting
  const afar = crowds.familyAfar
  for (const tenant of tenants.slice(0, 4)) {
    const country = tenant.countries[0]?.[0] ?? 'GB'
    planVisits(world, { name, tenant, perDay: 25 * world.scale }, (visit, dice) => {
      const home = diceOf(world.seed, name, tenant.id, dice.below(60))
      const origin = originOf(tenant, {
        address: homeAddress(home, country, networks),
        client: browser(home, clients),
        language: acceptLanguage(home, COUNTRIES.get(country)?.language ?? 'en-GB'),
        deviceId: newDeviceId(home),
      })
      const numbers = Array.from({ length: 2 + home.below(4) }, () => {
        const from = afar > 0 && home.chance(afar) ? home.pick(HOMES) : country
        return { country: from, to: anyNumber(home, from) }
      })
      return { ...visit, origin, ...dice.pick(numbers) }
    })
  }
}
