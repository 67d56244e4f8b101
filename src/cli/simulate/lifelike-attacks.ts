import type { Toolkit } from './attackers.ts'
import { planCheck } from './campaign.ts'
import { appClient, browser } from './clients.ts'
import { COUNTRIES } from './countries.ts'
import { anyOf, type Crew, eachCampaign, strikeWith } from './crew.ts'
import type { IssueEvent } from './event.ts'
import { carrierGradeAddress } from './networks.ts'
import { anyNumber, numberOf } from './numbering.ts'
import type { Scenario } from './ordinary.ts'
import { humanSessionAge, personOf } from './people.ts'
import { acceptLanguage, newDeviceId, SECOND, type World } from './world.ts'

/** From the message to the typed code, as long as people need. */
const humanDelayMs = ({ dice }: Crew): number => 4 * SECOND + dice.around(16 * SECOND, 0.6)

/** Real phones on racks, in the network and the language of their numbers; one device asks for many. */
export const deviceFarm: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice, tenant } = crew
    const converts = dice.chance(0.5) ? 0 : dice.between(0.05, 0.4)
    const count = 8 + dice.below(50)
    const lines = 2 + dice.below(25)
    const open = () => {
      const country = crew.payingCountry()
      const devices = Array.from({ length: count }, () => rackedPhone(world, crew, country))
      const addresses = Array.from({ length: lines }, () =>
        carrierGradeAddress(dice, country, world.setting.networks),
      )
      const blocks = [crew.block(country), crew.block(country)]
      return { country, devices, addresses, blocks: dice.chance(0.5) ? blocks : undefined }
    }
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(6, 60),
      strikes: crew.size(150, 1_200),
      delivered: 0.97,
      strike: () =>
        strikeWith(tenant, dice.pick(now.devices), {
          to: now.blocks ? anyOf(dice, now.blocks) : anyNumber(dice, now.country),
          address: dice.pick(now.addresses),
        }),
      whenSent: (issue) => convert(world, crew, { issue, converts }),
      solves: () => 0.7,
      change: () => {
        now = open()
      },
    })
  })
}

function rackedPhone(world: World, { dice, tenant }: Crew, country: string): Toolkit {
  const { clients } = world.setting
  const client = dice.chance(tenant.appShare) ? appClient(dice, clients) : browser(dice, clients)
  const language = acceptLanguage(dice, COUNTRIES.get(country)?.language ?? 'en-US')
  const device = newDeviceId(dice)
  return {
    client: () => client,
    language: () => language,
    sessionAge: () => humanSessionAge(dice),
    device: () => device,
    solves: 0.7,
  }
}

type Conversion = { readonly issue: IssueEvent; readonly converts: number }

function convert(world: World, crew: Crew, { issue, converts }: Conversion): void {
  if (!crew.dice.chance(converts)) return
  planCheck(world, issue, { afterMs: humanDelayMs(crew), correct: true, ip: issue.ip })
}

/** One guess each at the codes of ever other customers: no number is asked twice, no code is guessed often. */
export const codeSpraying: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.4 }, (crew) => {
    const { dice, tenant } = crew
    const market = dice.weighted(tenant.countries)
    const customers = dice.chance(0.5)
    const guesses = 1 + dice.below(3)
    const open = () => ({
      kit: crew.kit(),
      address: crew.pool(20 + dice.below(400), crew.hideout(market)),
    })
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(1, 40),
      strikes: crew.size(80, 1_000),
      delivered: 0.96,
      strike: () => {
        const customer = customers ? personOf(world, tenant, dice.below(5_000)).to : undefined
        const to = customer ?? anyNumber(dice, market)
        return strikeWith(tenant, now.kit, { to, address: now.address() })
      },
      whenSent: (issue) => {
        for (let guess = 0; guess < guesses; guess++) {
          const afterMs = 2 * SECOND + guess * dice.between(1_000, 6_000)
          planCheck(world, issue, { afterMs, correct: false, ip: issue.ip })
        }
      },
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}

/** Accounts made by the hundred with rented numbers: each number again and again, and most codes typed in. */
export const rentedNumbers: Scenario = (world, name) => {
  eachCampaign(world, { name, perDay: 0.3 }, (crew) => {
    const { dice, tenant } = crew
    const country = dice.pick([...COUNTRIES.keys()])
    const block = crew.block(country)
    const numbers = Array.from({ length: 20 + dice.below(150) }, () =>
      numberOf(block, dice.below(block.size)),
    )
    const converts = dice.between(0.5, 0.95)
    const open = () => ({
      kit: crew.kit(['browser', 'disguised']),
      address: crew.pool(30 + dice.below(300), crew.hideout(country)),
    })
    let now = open()
    crew.attack({
      lengthMs: crew.lengthMs(4, 60),
      strikes: crew.size(60, 600),
      delivered: 0.95,
      strike: () => strikeWith(tenant, now.kit, { to: dice.pick(numbers), address: now.address() }),
      whenSent: (issue) => convert(world, crew, { issue, converts }),
      solves: () => now.kit.solves,
      change: () => {
        now = open()
      },
    })
  })
}
