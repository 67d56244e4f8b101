import { planCheck } from './campaign.ts'
import { COUNTRIES } from './countries.ts'
import { anyOf, eachCampaign, strikeWith } from './crew.ts'
import { anyNumber } from './numbering.ts'
import type { Scenario } from './ordinary.ts'
import { HOUR, MINUTE, SECOND, UNTOLD } from './world.ts'

const ALL_COUNTRIES = [...COUNTRIES.keys()]

/** Five requests from an address, a minute or two apart, then the next address; every number from another country. */
export const slowDrip: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice, tenant } = crew
    // One browser version, kept: the same client all along.
    const newest = () => {
      const kit = crew.kit(['browser'])
      const client = kit.client()
      return { ...kit, client: () => client }
    }
    let kit = newest()
    const place = crew.hideout(crew.payingCountry())
    let address = crew.proxy(place)
    let used = 0
    crew.attack({
      lengthMs: crew.lengthMs(18, 60),
      strikes: crew.size(400, 1_500),
      pause: () => (dice.between(60, 130) * SECOND) / Math.max(0.2, Math.min(1, world.scale)),
      delivered: 0.95,
      strike: () => {
        if (used++ % 5 === 4) address = crew.proxy(place)
        const country = dice.chance(0.5) ? crew.payingCountry() : dice.pick(ALL_COUNTRIES)
        return strikeWith(tenant, kit, { to: anyNumber(dice, country), address })
      },
      solves: () => kit.solves,
      change: () => {
        kit = newest()
      },
    })
  })
}

/** A few requests an hour at every tenant, over dozens of blocks, for days. */
export const lowAndWide: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.2 }, (crew) => {
    const { dice } = crew
    const open = () => ({
      blocks: Array.from({ length: 30 + dice.below(50) }, () => crew.block(crew.payingCountry())),
      kit: crew.kit(['browser', 'disguised']),
    })
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(30, 90),
      strikes: crew.size(400, 1_600),
      strike: () => {
        const tenant = dice.pick(world.setting.tenants)
        const address = crew.proxy(crew.hideout(tenant.countries[0]?.[0] ?? 'US', tenant))
        return strikeWith(tenant, now.kit, { to: anyOf(dice, now.blocks), address })
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Everybody's codes to one victim, to bury a real alert or to wear somebody down. */
export const bombing: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 1.5 }, (crew) => {
    const { dice } = crew
    const { tenants } = world.setting
    const victim = anyNumber(dice, dice.weighted(dice.pick(tenants).countries))
    const pauseMs = dice.between(15, 90) * SECOND
    const chosen = tenants.filter(() => dice.chance(0.7))
    const targets = chosen.length > 0 ? chosen : tenants
    const open = () => ({
      kit: crew.kit(['script', 'disguised']),
      address: crew.pool(12, crew.hideout('US')),
    })
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(1, 5),
      strikes: crew.size(40, 200),
      pause: () => dice.wait(pauseMs),
      delivered: 0.98,
      strike: () => strikeWith(dice.pick(targets), now.kit, { to: victim, address: now.address() }),
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Codes are asked for at customers' numbers and guessed, many numbers or one number many times. */
export const codeGuessing: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.8 }, (crew) => {
    const { dice, tenant } = crew
    const country = tenant.countries[0]?.[0] ?? 'GB'
    const victims = Array.from({ length: 1 + dice.below(60) }, () => anyNumber(dice, country))
    const guesses = 2 + dice.below(9)
    const address = crew.pool(10 + dice.below(60), crew.hideout(country))
    let kit = crew.kit(['script', 'disguised'])
    crew.attack({
      lengthMs: crew.lengthMs(1, 8),
      strikes: crew.size(40, 250),
      pause: () => dice.wait(MINUTE),
      delivered: 0.98,
      strike: () => strikeWith(tenant, kit, { to: dice.pick(victims), address: address() }),
      whenSent: (issue) => {
        for (let guess = 0; guess < guesses; guess++) {
          const afterMs = 2 * SECOND + guess * dice.between(300, 1_500)
          planCheck(world, issue, { afterMs, correct: false, ip: address().ip })
        }
      },
      solves: () => kit.solves,
      change: () => {
        kit = crew.kit(['script'])
      },
    })
  })
}

/** Somebody else has the key of a back end: no address, no browser, nothing of an end user. */
export const stolenKey: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice } = crew
    const tenant = dice.pick([world.setting.backend, crew.tenant])
    const inBlocks = dice.chance(0.6)
    const open = () => ({
      blocks: crew.blocks(1 + dice.below(8)),
      countries: Array.from({ length: 1 + dice.below(6) }, crew.payingCountry),
    })
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(1, 9),
      strikes: crew.size(250, 2_000),
      strike: () => ({
        tenant,
        to: inBlocks ? anyOf(dice, now.blocks) : anyNumber(dice, dice.pick(now.countries)),
        origin: UNTOLD,
        sessionAgeMs: null,
      }),
      solves: () => 0.02,
      change: () => {
        now = open()
      },
    })
  })
}

/** Calls instead of messages, to numbers whose owner earns by the minute; few are enough. */
export const voiceToll: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice, tenant } = crew
    const open = () => ({
      blocks: crew.blocks(1 + dice.below(3)),
      place: crew.hideout(crew.payingCountry()),
      kit: crew.kit(),
    })
    let now = open()
    let address = crew.proxy(now.place)
    const strikes = crew.size(60, 400)
    crew.attack({
      lengthMs: dice.between(1, 10) * HOUR,
      strikes,
      strike: () => {
        if (dice.chance(0.3)) address = crew.proxy(now.place)
        const call = strikeWith(tenant, now.kit, { to: anyOf(dice, now.blocks), address })
        return { ...call, channel: 'voice' }
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}
