import { type ClientMix, USUAL_CLIENTS } from './clients.ts'
import { COUNTRIES } from './countries.ts'
import { type Dice, diceOf } from './dice.ts'
import { type NetworkMix, USUAL_NETWORKS } from './networks.ts'
import type { Attacks, Crowds, Delay, Habits, Rhythm, Setting } from './setting.ts'
import { ATTACKS_A } from './setting-a.ts'
import type { Weighted } from './tenant.ts'
import { drawAid, drawBackend, drawTenants } from './tenants-drawn.ts'

const SECOND = 1_000
const ALL = [...COUNTRIES.keys()]

/**
 * A world of its own for every seed, each figure drawn from a wide span. A model that is trained on many of them cannot
 * lean on what holds in one of them only. Machines and networks are those of world a, so that those of b stay unseen.
 */
export function drawSetting(seed: number): Setting {
  const dice = diceOf(seed, 'setting')
  return {
    tenants: drawTenants(dice),
    aid: drawAid(dice),
    backend: drawBackend(dice),
    rhythm: drawRhythm(dice),
    clients: drawClients(dice),
    networks: drawNetworks(dice),
    habits: drawHabits(dice),
    crowds: drawCrowds(dice),
    attacks: drawAttacks(dice),
  }
}

/** Anything between the two, small figures as likely as large ones. */
const scaled = (dice: Dice, low: number, high: number): number => low * (high / low) ** dice.unit()

const delay = (
  dice: Dice,
  seconds: readonly [number, number],
  spread: readonly [number, number],
): Delay => [scaled(dice, ...seconds) * SECOND, dice.between(...spread)]

const shuffledWeights = <Item>(dice: Dice, list: Weighted<Item>): Weighted<Item> =>
  list.map(([item, weight]) => [item, weight * scaled(dice, 0.3, 3)] as const)

const drawRhythm = (dice: Dice): Rhythm => ({
  peakHour: dice.between(10, 22),
  swing: dice.between(0.3, 0.9),
  secondSwing: dice.chance(0.5) ? 0 : dice.between(0, 0.4),
  weekend: dice.between(0.5, 1.4),
})

const drawClients = (dice: Dice): ClientMix => ({
  ...USUAL_CLIENTS,
  families: shuffledWeights(dice, USUAL_CLIENTS.families),
  chrome: shuffledWeights(dice, USUAL_CLIENTS.chrome),
  ios: shuffledWeights(dice, USUAL_CLIENTS.ios),
})

const drawNetworks = (dice: Dice): NetworkMix => ({
  ...USUAL_NETWORKS,
  ipv6: dice.between(0.05, 0.6),
  exits: Math.round(scaled(dice, 20, 300)),
  gateways: Math.round(scaled(dice, 2, 40)),
})

const drawHabits = (dice: Dice): Habits => ({
  session: delay(dice, [5, 45], [0.5, 1]),
  arrival: delay(dice, [2, 14], [0.4, 1]),
  slow: scaled(dice, 0.005, 0.08),
  lostAfter: delay(dice, [15, 200], [0.2, 0.7]),
  typing: delay(dice, [7, 35], [0.4, 0.9]),
  mistypes: dice.between(0.02, 0.1),
  solves: dice.between(0.8, 0.97),
  resends: dice.between(0.3, 0.85),
  early: scaled(dice, 0.001, 0.01),
  returns: dice.between(0.2, 0.6),
})

const drawCrowds = (dice: Dice): Crowds => ({
  events: 2 + dice.below(3),
  flash: scaled(dice, 0.3, 2),
  flashHours: scaled(dice, 0.4, 6),
  flashLocal: dice.chance(0.5),
  office: scaled(dice, 0.3, 2),
  officeHours: scaled(dice, 0.4, 5),
  offices: 2 + dice.below(5),
  launch: scaled(dice, 0.4, 4),
  launchCountries: Array.from({ length: 8 }, () => dice.pick(ALL)),
  launchGivesUp: [dice.between(0.05, 0.2), dice.between(0.4, 0.65)],
  outageDelivery: dice.between(0.05, 0.4),
  campus: {
    afar: dice.between(0.05, 0.5),
    gates: Math.round(scaled(dice, 1, 250)),
    enrolHours: dice.chance(0.5) ? 0 : dice.between(1, 8),
  },
  familyAfar: dice.between(0, 0.3),
})

const drawAttacks = (dice: Dice): Attacks => ({
  paying: drawPaying(dice),
  payingShare: dice.between(0.4, 0.98),
  proxies: Array.from(
    { length: 6 + dice.below(20) },
    () => [dice.pick(ALL), scaled(dice, 1, 10)] as const,
  ),
  usual: dice.between(0, 0.3),
  hideouts: [
    ['anywhere', dice.unit()],
    ['market', dice.unit()],
    ['destination', dice.unit() + 0.1],
  ],
  residential: dice.between(0.3, 1),
  blockSizes: Array.from(
    { length: 3 },
    () => [Math.round(scaled(dice, 200, 200_000)), dice.unit() + 0.1] as const,
  ),
  size: scaled(dice, 0.4, 1.6),
  length: scaled(dice, 0.4, 3),
  pool: scaled(dice, 0.3, 2),
  night: dice.between(0, 0.8),
  kits: shuffledWeights(dice, ATTACKS_A.kits),
  solves: dice.between(0.4, 1.5),
  delivered: [dice.between(0.4, 0.9), dice.between(0.92, 1)],
  patience: Math.round(scaled(dice, 3, 40)),
  changes: Math.round(scaled(dice, 2, 15)),
  reported: scaled(dice, 0.005, 0.08),
  conversions: dice.chance(0.6) ? 'lifelike' : 'clockwork',
})

/** Half of them countries that are known for it, half any. */
const drawPaying = (dice: Dice): Weighted<string> =>
  Array.from({ length: 8 + dice.below(30) }, () => {
    const country = dice.chance(0.5) ? dice.weighted(ATTACKS_A.paying) : dice.pick(ALL)
    return [country, scaled(dice, 1, 10)] as const
  })
