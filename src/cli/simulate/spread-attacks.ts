import {
  anyTenant,
  attackOrigin,
  attackStart,
  browserKit,
  disguisedKit,
  hideout,
  payingCountry,
  proxyAddress,
  proxyPool,
  scriptKit,
  sizeBetween,
} from './attackers.ts'
import { launch, planCheck } from './campaign.ts'
import { COUNTRIES } from './countries.ts'
import type { Dice } from './dice.ts'
import { anyBlock, anyNumber } from './numbering.ts'
import type { Scenario } from './ordinary.ts'
import { anyOf, eachCampaign } from './range-attacks.ts'
import { HOUR, MINUTE, SECOND, TENANTS, type Tenant } from './world.ts'

const ALL_COUNTRIES = [...COUNTRIES.keys()]

/** Five requests from an address, a minute or two apart, then the next address; every number from another country. */
export const slowDrip: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (dice) => {
    const tenant = anyTenant(dice)
    const lengthMs = dice.between(18, 60) * HOUR
    const fromMs = attackStart(world, dice, lengthMs)
    let kit = newestBrowser(dice)
    const place = hideout(dice, tenant, payingCountry(dice))
    let address = proxyAddress(dice, place)
    let used = 0
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: Math.min(world.endMs, fromMs + lengthMs),
      strikes: sizeBetween(world, dice, 400, 1_500),
      pause: () => (dice.between(60, 130) * SECOND) / Math.max(0.2, Math.min(1, world.scale)),
      strike: () => {
        if (used++ % 5 === 4) address = proxyAddress(dice, place)
        return {
          tenant,
          to: anyNumber(dice, dice.chance(0.5) ? payingCountry(dice) : dice.pick(ALL_COUNTRIES)),
          origin: attackOrigin(tenant, kit, address),
          sessionAgeMs: kit.sessionAge(),
        }
      },
      delivered: 0.95,
      solves: kit.solves,
      change: () => {
        kit = newestBrowser(dice)
      },
    })
  })
}

/** One browser version, kept: the same client all along. */
function newestBrowser(dice: Dice) {
  const kit = browserKit(dice)
  const client = kit.client()
  return { ...kit, client: () => client }
}

/** A few requests an hour at every tenant, over dozens of blocks, for days. */
export const lowAndWide: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.2 }, (dice) => {
    const lengthMs = dice.between(30, 90) * HOUR
    const fromMs = attackStart(world, dice, lengthMs)
    const strikes = sizeBetween(world, dice, 400, 1_600)
    const open = () => ({
      blocks: Array.from({ length: 30 + dice.below(50) }, () =>
        anyBlock(dice, payingCountry(dice), 10_000),
      ),
      kit: dice.chance(0.7) ? browserKit(dice) : disguisedKit(dice),
    })
    let now = open()
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: Math.min(world.endMs, fromMs + lengthMs),
      strikes,
      pause: () => dice.wait(lengthMs / strikes),
      strike: () => {
        const tenant = dice.pick(TENANTS)
        return {
          tenant,
          to: anyOf(dice, now.blocks),
          origin: attackOrigin(
            tenant,
            now.kit,
            proxyAddress(dice, hideout(dice, tenant, tenant.countries[0]?.[0] ?? 'US')),
          ),
          sessionAgeMs: now.kit.sessionAge(),
        }
      },
      delivered: dice.between(0.85, 0.98),
      solves: now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Everybody's codes to one victim, to bury a real alert or to wear somebody down. */
export const bombing: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 1.5 }, (dice) => {
    const lengthMs = dice.between(1, 5) * HOUR
    const fromMs = attackStart(world, dice, lengthMs)
    const victim = anyNumber(dice, dice.pick(['GB', 'FR', 'ID', 'CN', 'DE', 'US', 'IN', 'RU']))
    const pauseMs = dice.between(15, 90) * SECOND
    const tenants = TENANTS.filter(() => dice.chance(0.7))
    const open = () => ({
      kit: dice.chance(0.6) ? scriptKit(dice) : disguisedKit(dice),
      address: proxyPool(dice, 12, hideout(dice, anyTenant(dice), 'US')),
    })
    let now = open()
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: fromMs + lengthMs,
      strikes: sizeBetween(world, dice, 40, 200),
      pause: () => dice.wait(pauseMs),
      strike: () => {
        const tenant = dice.pick(tenants.length > 0 ? tenants : TENANTS) as Tenant
        return {
          tenant,
          to: victim,
          origin: attackOrigin(tenant, now.kit, now.address()),
          sessionAgeMs: now.kit.sessionAge(),
        }
      },
      delivered: 0.98,
      solves: now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Codes are asked for at customers' numbers and guessed, many numbers or one number many times. */
export const codeGuessing: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.8 }, (dice) => {
    const tenant = anyTenant(dice)
    const country = tenant.countries[0]?.[0] ?? 'GB'
    const victims = Array.from({ length: 1 + dice.below(60) }, () => anyNumber(dice, country))
    const lengthMs = dice.between(1, 8) * HOUR
    const fromMs = attackStart(world, dice, lengthMs)
    const guesses = 2 + dice.below(9)
    const address = proxyPool(dice, 10 + dice.below(60), hideout(dice, tenant, country))
    let kit = dice.chance(0.7) ? scriptKit(dice) : disguisedKit(dice)
    launch(world, {
      name,
      dice,
      fromMs,
      toMs: fromMs + lengthMs,
      strikes: sizeBetween(world, dice, 40, 250),
      pause: () => dice.wait(MINUTE),
      strike: () => ({
        tenant,
        to: dice.pick(victims),
        origin: attackOrigin(tenant, kit, address()),
        sessionAgeMs: kit.sessionAge(),
      }),
      delivered: 0.98,
      solves: kit.solves,
      whenSent: (issue) => {
        for (let guess = 0; guess < guesses; guess++) {
          const afterMs = 2 * SECOND + guess * dice.between(300, 1_500)
          planCheck(world, issue, { afterMs, correct: false, ip: address().ip })
        }
      },
      change: () => {
        kit = scriptKit(dice)
      },
    })
  })
}
