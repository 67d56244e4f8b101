import { anyKit, attackOrigin, type KitName, payingCountry, type Toolkit } from './attackers.ts'
import { type Campaign, launch, type Strike } from './campaign.ts'
import { type Dice, diceOf } from './dice.ts'
import { type Address, homeAddress, hostingAddress, vpnAddress } from './networks.ts'
import { anyBlock, type NumberBlock, numberOf } from './numbering.ts'
import type { Tenant } from './tenant.ts'
import { DAY, HOUR, type World } from './world.ts'

/** Where the next request shall seem to come from. */
export type Place = () => string

/** What the people behind one attack can get hold of in their world. */
export type Crew = {
  readonly dice: Dice
  readonly tenant: Tenant
  readonly payingCountry: () => string
  readonly block: (country: string) => NumberBlock
  /** Blocks of two or three paying countries. */
  readonly blocks: (count: number) => readonly NumberBlock[]
  readonly kit: (among?: readonly KitName[]) => Toolkit
  readonly hideout: (destination: string, tenant?: Tenant) => Place
  readonly proxy: (place: Place) => Address
  /** A rented list of addresses that is used over and over. */
  readonly pool: (size: number, place: Place) => () => Address
  readonly hosting: () => Address
  /** A size spread evenly over orders of magnitude, times the run's scale. */
  readonly size: (least: number, most: number) => number
  readonly lengthMs: (leastHours: number, mostHours: number) => number
  readonly attack: (plan: AttackPlan) => void
}

/** A campaign but for what every one has alike. Its pause is drawn so that `strikes` fill `lengthMs`, unless it is given. */
export type AttackPlan = Pick<Campaign, 'strikes' | 'strike' | 'change'> &
  Partial<Pick<Campaign, 'pause' | 'delivered' | 'whenSent' | 'patience' | 'changesMax'>> & {
    readonly lengthMs: number
    readonly solves: () => number
  }

/** Calls `plan` once for each campaign of the run, at least once, each time with a crew of its own. */
export function eachCampaign(
  world: World,
  { name, perDay }: { readonly name: string; readonly perDay: number },
  plan: (crew: Crew) => void,
): void {
  const expected = ((world.endMs - world.startMs) / DAY) * perDay
  const drawn = diceOf(world.seed, name, 'count').between(0.7, 1.3)
  const count = Math.max(1, Math.round(expected * drawn))
  for (let index = 0; index < count; index++) plan(crewOf(world, name, index))
}

function crewOf(world: World, name: string, index: number): Crew {
  const dice = diceOf(world.seed, name, index)
  const { attacks, networks, clients, tenants } = world.setting
  const tenant = dice.pick(tenants)
  const local = attacks.usual > 0 && dice.chance(attacks.usual)
  const paying = () => (local ? dice.pick(tenant.countries)[0] : payingCountry(dice, attacks))
  const block = (country: string) => anyBlock(dice, country, dice.weighted(attacks.blockSizes))
  const proxy = (place: Place) => {
    if (dice.chance(attacks.residential)) return homeAddress(dice, place(), networks)
    return dice.chance(0.5) ? vpnAddress(dice, networks) : hostingAddress(dice, networks)
  }
  return {
    dice,
    tenant,
    payingCountry: paying,
    block,
    blocks: (count) => {
      const countries = Array.from({ length: 2 + dice.below(2) }, paying)
      return Array.from({ length: count }, () => block(dice.pick(countries)))
    },
    kit: (among) => anyKit(dice, attacks, { mix: clients, ...(among && { among }) }),
    hideout: (destination, where = tenant) => hideout(world, dice, { destination, tenant: where }),
    proxy,
    pool: (size, place) =>
      rentedPool(dice, Math.max(1, Math.round(size * attacks.pool)), () => proxy(place)),
    hosting: () => hostingAddress(dice, networks),
    size: (least, most) => {
      const size = least * (most / least) ** dice.unit() * attacks.size
      return Math.max(Math.min(40, least), Math.round(size * world.scale))
    },
    lengthMs: (least, most) => dice.between(least, most) * attacks.length * HOUR,
    attack: (plan) => attack(world, { name, index, dice }, plan),
  }
}

type Whose = { readonly name: string; readonly index: number; readonly dice: Dice }

function attack(world: World, { name, index, dice }: Whose, plan: AttackPlan): void {
  const { attacks } = world.setting
  const fromMs = attackStart(world, dice, plan.lengthMs)
  launch(world, {
    pause: () => dice.wait(plan.lengthMs / plan.strikes),
    delivered: dice.between(...attacks.delivered),
    patience: attacks.patience,
    changesMax: attacks.changes,
    reported: attacks.reported,
    ...plan,
    name,
    label: `${name}-${index}`,
    dice,
    fromMs,
    toMs: Math.min(world.endMs, fromMs + plan.lengthMs),
  })
}

/** A start within the run, often at night where the market is, and room for `lengthMs` where possible. */
function attackStart(world: World, dice: Dice, lengthMs: number): number {
  const room = Math.max(0, world.endMs - world.startMs - lengthMs)
  const atMs = world.startMs + room * dice.between(0.1, 1)
  if (!dice.chance(world.setting.attacks.night)) return atMs
  const midnight = Math.floor(atMs / DAY) * DAY + dice.between(-2, 4) * HOUR
  return Math.min(Math.max(midnight, world.startMs), world.startMs + room)
}

/**
 * Careful attackers rent proxies where the tenant's customers or the numbers are, so that nothing is abroad; the others
 * take what is cheap.
 */
function hideout(
  world: World,
  dice: Dice,
  { destination, tenant }: { readonly destination: string; readonly tenant: Tenant },
): Place {
  const { proxies, hideouts } = world.setting.attacks
  const market = tenant.countries[0]?.[0] ?? destination
  const chosen = { anywhere: undefined, market, destination }[dice.weighted(hideouts)]
  return () => (chosen === undefined || dice.chance(0.15) ? dice.weighted(proxies) : chosen)
}

/** Made at the first use, so that waiting campaigns stay small. */
function rentedPool(dice: Dice, size: number, rent: () => Address): () => Address {
  let pool: readonly Address[] | undefined
  return () => {
    pool ??= Array.from({ length: size }, rent)
    return dice.pick(pool)
  }
}

/** One request with a tool from an address. */
export function strikeWith(
  tenant: Tenant,
  kit: Toolkit,
  aim: { readonly to: string; readonly address: Address },
): Strike {
  return {
    tenant,
    to: aim.to,
    origin: attackOrigin(tenant, kit, aim.address),
    sessionAgeMs: kit.sessionAge(),
  }
}

/** A random number of a random block. */
export function anyOf(dice: Dice, blocks: readonly NumberBlock[]): string {
  const block = dice.pick(blocks)
  return numberOf(block, dice.below(block.size))
}
