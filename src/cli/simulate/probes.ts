import { scriptClient } from './clients.ts'
import { diceOf } from './dice.ts'
import { hostingAddress } from './networks.ts'
import { anyNumber } from './numbering.ts'
import type { Scenario } from './ordinary.ts'
import { anyPerson, visitOf } from './people.ts'
import type { Tenant } from './tenant.ts'
import { ask } from './visit.ts'
import { originOf, SECOND, type World } from './world.ts'

/** A machine of the operator's own that asks for a code every twenty minutes, for one of its numbers after the other. */
type Probe = {
  readonly numbers: number
  /** Share of the codes that it leaves unread. */
  readonly givesUp: number
  /** Its numbers are among the service's test numbers. */
  readonly isTest: boolean
}
const PROBE_EVERY = 20 * 60 * SECOND
const TYPES_CODES: Omit<Probe, 'isTest'> = { numbers: 12, givesUp: 0.01 }
const LOOKS_AT_THE_ANSWER: Omit<Probe, 'isTest'> = { numbers: 2, givesUp: 1 }

/** Probes as an operator sets them up who read how: their numbers are test numbers. */
export const monitors: Scenario = (world, name) => {
  const probe = { ...TYPES_CODES, isTest: true }
  for (const tenant of world.setting.tenants.slice(0, 2))
    planProbe(world, { name, tenant, probe, everyMs: PROBE_EVERY })
}

/** Probes that nobody told the service about: one types its codes in, the other is content with the answer to its request. */
export const unnamedMonitors: Scenario = (world, name) => {
  const [one, other] = world.setting.tenants
  if (one === undefined || other === undefined) return
  const typing = { ...TYPES_CODES, isTest: false }
  const silent = { ...LOOKS_AT_THE_ANSWER, isTest: false }
  planProbe(world, { name, tenant: one, probe: typing, everyMs: PROBE_EVERY })
  planProbe(world, { name, tenant: other, probe: silent, everyMs: 6 * PROBE_EVERY })
}

type Plan = {
  readonly name: string
  readonly tenant: Tenant
  readonly probe: Probe
  readonly everyMs: number
}

function planProbe(world: World, { name, tenant, probe, everyMs }: Plan): void {
  const { networks, clients, habits } = world.setting
  const dice = diceOf(world.seed, name, tenant.id)
  const country = tenant.countries[0]?.[0] ?? 'GB'
  const numbers = Array.from({ length: probe.numbers }, () => anyNumber(dice, country))
  const seen = {
    address: hostingAddress(dice, networks),
    client: scriptClient(dice, clients),
    language: null,
    deviceId: null,
  }
  const machine = {
    ...habits,
    arrival: [3 * SECOND, 0.1],
    typing: [2 * SECOND, 0.02],
    mistypes: 0,
    resends: 0,
    solves: 0,
    returns: 0,
  } as const
  const own = {
    country,
    origin: originOf(tenant, seen),
    sessionAgeMs: null,
    habits: machine,
    givesUp: probe.givesUp,
    isTest: probe.isTest,
  }
  let turn = 0
  planByClock(world, everyMs, (atMs) => {
    const to = numbers[turn++ % numbers.length] ?? ''
    const person = anyPerson(world, tenant, dice)
    const visit = visitOf(world, dice, { tenant, person, scenario: name })
    return ask(world, { ...visit, ...own, to }, atMs)
  })
}

function planByClock(
  world: World,
  everyMs: number,
  visit: (atMs: number) => ReturnType<typeof ask>,
) {
  const next = (atMs: number) => {
    if (atMs >= world.endMs) return
    world.agenda.plan(atMs, (nowMs) => {
      next(nowMs + everyMs)
      return visit(nowMs)
    })
  }
  next(world.startMs + everyMs)
}
