import { anyKit, payingCountry } from '../simulate/attackers.ts'
import type { Dice } from '../simulate/dice.ts'
import { homeAddress, hostingAddress } from '../simulate/networks.ts'
import { anyBlock, numberOf } from '../simulate/numbering.ts'
import type { Ask, DemoClient } from './client.ts'
import type { Visits } from './people.ts'

const PROXIES = 60
const PROXY_COUNTRIES = ['US', 'BR', 'IN', 'ID', 'VN', 'RU', 'TR'] as const
const REFUSALS_BEFORE_CHANGE = 30

/**
 * A pumping crew: a tool behind rented proxies asks for codes to numbers of one block whose carrier shares the fee, and
 * never types one in or solves a challenge. After some refusals in a row it takes another block, other proxies and another tool.
 */
export function openCrew(client: DemoClient, dice: Dice, visits: Visits): () => Promise<void> {
  let refusals = 0
  let now = newTools(dice)
  return async () => {
    const ask = now()
    visits.asked++
    const { kind } = await client.issue(ask)
    if (kind === 'sent') {
      visits.sent++
      refusals = 0
      return
    }
    visits.refused++
    refusals++
    if (refusals < REFUSALS_BEFORE_CHANGE) return
    refusals = 0
    now = newTools(dice)
  }
}

function newTools(dice: Dice): () => Ask {
  const block = anyBlock(dice, payingCountry(dice), 10_000)
  const kit = anyKit(dice)
  const proxies = Array.from({ length: PROXIES }, () =>
    dice.chance(0.1) ? hostingAddress(dice) : homeAddress(dice, dice.pick(PROXY_COUNTRIES)),
  )
  return () => {
    const { ip, network } = dice.pick(proxies)
    const { user_agent, client_hints } = kit.client()
    const told = {
      ip,
      user_agent,
      client_hints,
      accept_language: kit.language(network.country),
      device_id: kit.device(),
      session_age_ms: kit.sessionAge(),
    }
    const client = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null))
    return { to: numberOf(block, dice.below(10_000)), purpose: 'signup', client }
  }
}
