import { COUNTRIES } from './countries.ts'
import type { Dice } from './dice.ts'
import type { Tenant, Weighted } from './tenant.ts'

/** Ordinary visits a day of all tenants of a drawn world together, as many as in the other worlds. */
const VISITS_PER_DAY = 8_600
const ALL = [...COUNTRIES.keys()]
const PURPOSES = ['login', 'signup', 'reset', 'payment', 'transfer'] as const

/** Businesses of any place, size and verify rate. */
export function drawTenants(dice: Dice): readonly Tenant[] {
  const drawn = Array.from({ length: 6 + dice.below(4) }, (_, index) => ({
    tenant: drawTenant(dice, `drawn-${index}`, ALL),
    // From a corner shop to one that outweighs all others.
    weight: Math.exp(dice.between(0, 3.5)),
  }))
  const total = drawn.reduce((sum, { weight }) => sum + weight, 0)
  return drawn.map(({ tenant, weight }) => ({
    ...tenant,
    visitsPerDay: Math.max(40, Math.round((weight / total) * VISITS_PER_DAY)),
  }))
}

/** One whose customers live where messages get lost. */
export function drawAid(dice: Dice): Tenant {
  const countries = ALL.filter((code) => (COUNTRIES.get(code)?.delivery ?? 1) < 0.95)
  return { ...drawTenant(dice, 'drawn-aid', countries), visitsPerDay: 200 + dice.below(250) }
}

/** One whose server tells nothing of its users. */
export function drawBackend(dice: Dice): Tenant {
  return {
    ...drawTenant(dice, 'drawn-backend', ALL),
    visitsPerDay: 200 + dice.below(500),
    appShare: 0,
    tells: { device: false, ja4: false, session: false },
  }
}

function drawTenant(dice: Dice, id: string, among: readonly string[]): Tenant {
  return {
    id,
    countries: drawMarket(dice, among),
    visitsPerDay: 1,
    givesUp: dice.between(0.04, 0.6),
    purposes: PURPOSES.map((purpose) => [purpose, dice.unit()] as const),
    appShare: dice.chance(0.2) ? 0 : dice.unit(),
    tells: { device: dice.chance(0.6), ja4: dice.chance(0.5), session: dice.chance(0.65) },
  }
}

/** One home market of any weight, and a tail of others. */
function drawMarket(dice: Dice, among: readonly string[]): Weighted<string> {
  const home = dice.pick(among)
  const others = new Set(Array.from({ length: 2 + dice.below(11) }, () => dice.pick(among)))
  others.delete(home)
  const homeShare = dice.between(0.2, 0.95)
  const tail = [...others].map((code) => [code, Math.exp(dice.between(0, 3))] as const)
  const sum = tail.reduce((whole, [, weight]) => whole + weight, 0)
  return [
    [home, homeShare],
    ...tail.map(([code, weight]) => [code, ((1 - homeShare) * weight) / sum] as const),
  ]
}
