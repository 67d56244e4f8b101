import { browser, type Client, disguisedClient, scriptClient } from '../simulate/clients.ts'
import type { Dice } from '../simulate/dice.ts'
import { homeAddress, hostingAddress } from '../simulate/networks.ts'
import { anyBlock, numberOf } from '../simulate/numbering.ts'
import { newDeviceId } from '../simulate/world.ts'
import type { Ask, DemoClient } from './client.ts'
import type { Visits } from './people.ts'

/** Where carriers share what a message costs, or charge a lot for it. */
const PAYING_COUNTRIES = ['AZ', 'ID', 'BD', 'PK', 'LK', 'UZ', 'DZ', 'TN', 'JO'] as const
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

/** A block of numbers, a list of proxies and one kind of client, as they are rented together. */
function newTools(dice: Dice): () => Ask {
  const block = anyBlock(dice, dice.pick(PAYING_COUNTRIES), 10_000)
  const proxies = Array.from({ length: PROXIES }, () => proxy(dice))
  const tool = dice.pick([script, disguise, drivenBrowser])
  return () => ({
    to: numberOf(block, dice.below(10_000)),
    purpose: 'signup',
    client: { ip: dice.pick(proxies), ...tool(dice) },
  })
}

const proxy = (dice: Dice): string =>
  (dice.chance(0.1) ? hostingAddress(dice) : homeAddress(dice, dice.pick(PROXY_COUNTRIES))).ip

/** A bare HTTP library that says so. */
const script = (dice: Dice) => toldBy(scriptClient(dice))

/** Claims to be a browser; hints and haste give it away. */
const disguise = (dice: Dice) => ({
  ...toldBy(disguisedClient(dice)),
  accept_language: 'en-US,en;q=0.9',
  session_age_ms: Math.round(dice.around(1_800, 0.4)),
})

/** A real browser with a fresh profile each time: nothing but its traffic is wrong. */
const drivenBrowser = (dice: Dice) => ({
  ...toldBy(browser(dice)),
  accept_language: 'en-US,en;q=0.9',
  device_id: newDeviceId(dice),
  session_age_ms: Math.round(2_000 + dice.around(9_000, 0.5)),
})

const toldBy = ({ user_agent, client_hints }: Client) => ({
  ...(user_agent === null ? {} : { user_agent }),
  ...(client_hints === null ? {} : { client_hints }),
})
