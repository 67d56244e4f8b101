import type { KitName } from './attackers.ts'
import { planCheck } from './campaign.ts'
import { type AttackPlan, anyOf, type Crew, eachCampaign, strikeWith } from './crew.ts'
import { anyNumber, numberOf } from './numbering.ts'
import type { Scenario } from './ordinary.ts'
import { MINUTE, SECOND } from './world.ts'

/** Up through one block of numbers, one after the other. */
export const sequentialBurst: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.45 }, (crew) => {
    const { dice, tenant } = crew
    const lengthMs = crew.lengthMs(0.33, 2.5)
    const strikes = crew.size(200, 2_000)
    const step = 1 + dice.below(3)
    const open = () => {
      const block = crew.block(crew.payingCountry())
      const place = crew.hideout(block.country)
      const address = crew.pool(20 + dice.below(300), place)
      return { block, address, kit: crew.kit(), index: dice.below(2_000) }
    }
    let now = open()
    crew.attack({
      lengthMs,
      strikes,
      strike: () => {
        now.index += step
        const to = numberOf(now.block, now.index)
        return strikeWith(tenant, now.kit, { to, address: now.address() })
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Anywhere within a few blocks of one carrier. */
export const randomBurst: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.45 }, (crew) => {
    burst(crew, { hours: [0.5, 4], sizes: [200, 2_200], blocks: 1 + crew.dice.below(4) })
  })
}

/**
 * A burst whose codes the colluding carrier types in itself: by the clock from a few addresses where the crew is lazy,
 * as people would and from where the request came where it is not.
 */
export const fakeConversion: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice } = crew
    const lifelike = world.setting.attacks.conversions === 'lifelike'
    const converts = dice.between(0.6, 1)
    const beat = dice.between(4, 10) * SECOND
    const own = crew.pool(3, crew.payingCountry)
    burst(crew, {
      hours: [2, 10],
      sizes: [200, 1_500],
      blocks: 2 + dice.below(4),
      delivered: 0.99,
      whenSent: (issue) => {
        if (!dice.chance(converts)) return
        const afterMs = lifelike
          ? 5 * SECOND + dice.around(16 * SECOND, 0.7)
          : beat + dice.between(0, 800) + 4 * SECOND
        const ip = lifelike && dice.chance(0.7) ? issue.ip : own().ip
        planCheck(world, issue, { afterMs, correct: true, ip })
      },
    })
  })
}

type Burst = Pick<AttackPlan, 'whenSent' | 'delivered' | 'patience' | 'changesMax'> & {
  readonly hours: readonly [number, number]
  readonly sizes: readonly [number, number]
  readonly blocks: number
  readonly among?: readonly KitName[]
}

function burst(crew: Crew, { hours, sizes, blocks: count, among, ...rest }: Burst): void {
  const { dice, tenant } = crew
  const open = () => {
    const country = crew.payingCountry()
    const blocks = Array.from({ length: count }, () => crew.block(country))
    const address = crew.pool(30 + dice.below(400), crew.hideout(country))
    return { blocks, address, kit: crew.kit(among) }
  }
  let now = open()
  crew.attack({
    ...rest,
    lengthMs: crew.lengthMs(...hours),
    strikes: crew.size(...sizes),
    strike: () =>
      strikeWith(tenant, now.kit, { to: anyOf(dice, now.blocks), address: now.address() }),
    solves: () => now.kit.solves,
    change: () => {
      now = open()
    },
  })
}

/** Watches the answers: after two or three refusals everything is another range, country, address and client. */
export const adaptive: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.35 }, (crew) => {
    burst(crew, {
      hours: [3, 16],
      sizes: [300, 1_800],
      blocks: 1 + crew.dice.below(2),
      among: ['browser', 'disguised'],
      patience: 2 + crew.dice.below(2),
      changesMax: 60,
    })
  })
}

/** Every address once or twice, so that no address ever looks busy. */
export const botnet: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.35 }, (crew) => {
    const { dice, tenant } = crew
    const open = () => {
      const blocks = crew.blocks(3 + dice.below(6))
      const place = crew.hideout(dice.pick(blocks).country)
      return { blocks, place, kit: crew.kit(['browser', 'disguised']) }
    }
    let now = open()
    let address = crew.proxy(now.place)
    crew.attack({
      lengthMs: crew.lengthMs(4, 20),
      strikes: crew.size(300, 2_500),
      strike: () => {
        if (dice.chance(0.7)) address = crew.proxy(now.place)
        return strikeWith(tenant, now.kit, { to: anyOf(dice, now.blocks), address })
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** A fast script with a leaked list of real numbers and a rented pool of proxies. */
export const scriptedProxy: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.35 }, (crew) => {
    const { dice, tenant } = crew
    const open = () => {
      const countries = Array.from({ length: 1 + dice.below(3) }, crew.payingCountry)
      const address = crew.pool(200 + dice.below(800), crew.hideout(dice.pick(countries)))
      return { countries, address, kit: crew.kit(['script']) }
    }
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(0.13, 0.66),
      strikes: crew.size(300, 2_500),
      delivered: 0.93,
      strike: () => {
        const to = anyNumber(dice, dice.pick(now.countries))
        return strikeWith(tenant, now.kit, { to, address: now.address() })
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** One machine that never changes its address and asks for numbers of many countries. */
export const oneSource: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice, tenant } = crew
    const open = () => {
      const home = dice.chance(0.5)
      const address = home ? crew.proxy(crew.hideout(crew.payingCountry())) : crew.hosting()
      return { address, kit: crew.kit() }
    }
    let now = open()
    const strikes = crew.size(100, 900)
    crew.attack({
      lengthMs: strikes * dice.between(15, 120) * SECOND + MINUTE,
      strikes,
      strike: () => {
        const to = anyNumber(dice, crew.payingCountry())
        return strikeWith(tenant, now.kit, { to, address: now.address })
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}
