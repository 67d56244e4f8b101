import {
  anyKit,
  anyTenant,
  attackOrigin,
  attackStart,
  browserKit,
  campaignsIn,
  disguisedKit,
  hideout,
  payingCountry,
  proxyAddress,
  proxyPool,
  scriptKit,
  sizeBetween,
} from './attackers.ts'
import { launch, planCheck } from './campaign.ts'
import { type Dice, diceOf } from './dice.ts'
import { anyBlock, anyNumber, type NumberBlock, numberOf } from './numbering.ts'
import type { Scenario } from './ordinary.ts'
import { HOUR, MINUTE, SECOND, type World } from './world.ts'

/** Runs `plan` once for each campaign of the run, each with dice of its own. */
export function eachCampaign(
  world: World,
  { name, perDay }: { readonly name: string; readonly perDay: number },
  plan: (dice: Dice) => void,
): void {
  const count = campaignsIn(world, diceOf(world.seed, name, 'count'), perDay)
  for (let index = 0; index < count; index++) plan(diceOf(world.seed, name, index))
}

/** Up through one block of numbers, one after the other. */
export const sequentialBurst: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.45 }, (dice) => {
    const tenant = anyTenant(dice)
    const lengthMs = dice.between(20, 150) * MINUTE
    const fromMs = attackStart(world, dice, lengthMs)
    const strikes = sizeBetween(world, dice, 200, 2_000)
    const step = 1 + dice.below(3)
    const open = () => {
      const block = anyBlock(dice, payingCountry(dice), blockSize(dice))
      const place = hideout(dice, tenant, block.country)
      const address = proxyPool(dice, 20 + dice.below(300), place)
      return { block, address, kit: anyKit(dice), index: dice.below(2_000) }
    }
    let now = open()
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: fromMs + lengthMs,
      strikes,
      pause: () => dice.wait(lengthMs / strikes),
      strike: () => {
        now.index += step
        return {
          tenant,
          to: numberOf(now.block, now.index),
          origin: attackOrigin(tenant, now.kit, now.address()),
          sessionAgeMs: now.kit.sessionAge(),
        }
      },
      delivered: dice.between(0.5, 0.97),
      solves: now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Anywhere within a few blocks of one carrier. */
export const randomBurst: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.45 }, (dice) => {
    burst(world, { name, dice, hours: [0.5, 4], sizes: [200, 2_200], blocks: 1 + dice.below(4) })
  })
}

/** A burst whose codes the colluding carrier types in itself, from a few addresses and by the clock. */
export const fakeConversion: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (dice) => {
    const converts = dice.between(0.6, 1)
    const beat = dice.between(4, 10) * SECOND
    const own = proxyPool(dice, 3, () => payingCountry(dice))
    burst(world, {
      name,
      dice,
      hours: [2, 10],
      sizes: [200, 1_500],
      blocks: 2 + dice.below(4),
      whenSent: (issue) => {
        if (!dice.chance(converts)) return
        const afterMs = beat + dice.between(0, 800) + 4 * SECOND
        planCheck(world, issue, { afterMs, correct: true, ip: own().ip })
      },
    })
  })
}

type Burst = {
  readonly name: string
  readonly dice: Dice
  readonly hours: readonly [number, number]
  readonly sizes: readonly [number, number]
  readonly blocks: number
  readonly whenSent?: Parameters<typeof launch>[1]['whenSent']
}

function burst(world: World, shape: Burst): void {
  const { name, dice } = shape
  const tenant = anyTenant(dice)
  const lengthMs = dice.between(...shape.hours) * HOUR
  const fromMs = attackStart(world, dice, lengthMs)
  const strikes = sizeBetween(world, dice, ...shape.sizes)
  const open = () => {
    const country = payingCountry(dice)
    const size = blockSize(dice)
    const blocks = Array.from({ length: shape.blocks }, () => anyBlock(dice, country, size))
    const place = hideout(dice, tenant, country)
    return { blocks, address: proxyPool(dice, 30 + dice.below(400), place), kit: anyKit(dice) }
  }
  let now = open()
  launch(world, {
    name,
    dice,
    fromMs,
    toMs: fromMs + lengthMs,
    strikes,
    pause: () => dice.wait(lengthMs / strikes),
    strike: () => ({
      tenant,
      to: anyOf(dice, now.blocks),
      origin: attackOrigin(tenant, now.kit, now.address()),
      sessionAgeMs: now.kit.sessionAge(),
    }),
    delivered: shape.whenSent === undefined ? dice.between(0.5, 0.97) : 0.99,
    solves: now.kit.solves,
    ...(shape.whenSent === undefined ? {} : { whenSent: shape.whenSent }),
    change: () => {
      now = open()
    },
  })
}

/** Every address once or twice, so that no address ever looks busy. */
export const botnet: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.35 }, (dice) => {
    const tenant = anyTenant(dice)
    const lengthMs = dice.between(4, 20) * HOUR
    const fromMs = attackStart(world, dice, lengthMs)
    const strikes = sizeBetween(world, dice, 300, 2_500)
    const open = () => {
      const blocks = someBlocks(dice, 3 + dice.below(6))
      return {
        blocks,
        place: hideout(dice, tenant, dice.pick(blocks).country),
        kit: dice.chance(0.6) ? browserKit(dice) : disguisedKit(dice),
      }
    }
    let now = open()
    let address = proxyAddress(dice, now.place)
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: fromMs + lengthMs,
      strikes,
      pause: () => dice.wait(lengthMs / strikes),
      strike: () => {
        if (dice.chance(0.7)) address = proxyAddress(dice, now.place)
        return {
          tenant,
          to: anyOf(dice, now.blocks),
          origin: attackOrigin(tenant, now.kit, address),
          sessionAgeMs: now.kit.sessionAge(),
        }
      },
      delivered: dice.between(0.6, 0.97),
      solves: now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** A fast script with a leaked list of real numbers and a rented pool of proxies. */
export const scriptedProxy: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.35 }, (dice) => {
    const tenant = anyTenant(dice)
    const lengthMs = dice.between(8, 40) * MINUTE
    const fromMs = attackStart(world, dice, lengthMs)
    const strikes = sizeBetween(world, dice, 300, 2_500)
    const open = () => {
      const countries = Array.from({ length: 1 + dice.below(3) }, () => payingCountry(dice))
      const place = hideout(dice, tenant, dice.pick(countries))
      const address = proxyPool(dice, 200 + dice.below(800), place)
      return { countries, address, kit: scriptKit(dice) }
    }
    let now = open()
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: fromMs + lengthMs,
      strikes,
      pause: () => dice.wait(lengthMs / strikes),
      strike: () => ({
        tenant,
        to: anyNumber(dice, dice.pick(now.countries)),
        origin: attackOrigin(tenant, now.kit, now.address()),
        sessionAgeMs: now.kit.sessionAge(),
      }),
      delivered: 0.93,
      solves: now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Blocks of two or three paying countries. */
function someBlocks(dice: Dice, count: number): readonly NumberBlock[] {
  const countries = Array.from({ length: 2 + dice.below(2) }, () => payingCountry(dice))
  return Array.from({ length: count }, () => anyBlock(dice, dice.pick(countries), blockSize(dice)))
}

/** Carriers hand out blocks of a thousand to a hundred thousand numbers. */
function blockSize(dice: Dice): number {
  return dice.weighted([
    [1_000, 3],
    [10_000, 5],
    [100_000, 2],
  ] as const)
}

/** A random number of a random block. */
export function anyOf(dice: Dice, blocks: readonly NumberBlock[]): string {
  const block = dice.pick(blocks)
  return numberOf(block, dice.below(block.size))
}
