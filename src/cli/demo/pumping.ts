import { payingCountry, proxyPool, scriptKit } from '../simulate/attackers.ts'
import type { Dice } from '../simulate/dice.ts'
import { anyBlock, numberOf } from '../simulate/numbering.ts'
import type { Ask, DemoClient } from './client.ts'
import type { Visits } from './people.ts'

const PROXIES = 60
const REFUSALS_BEFORE_CHANGE = 30

/**
 * A pumping crew: a bare script behind rented proxies asks for codes to numbers of one block whose carrier shares the
 * fee, and never types one in. After some refusals in a row it takes another block and other proxies.
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
  const address = proxyPool(dice, PROXIES)
  const kit = scriptKit(dice)
  return () => {
    const { user_agent } = kit.client()
    return {
      to: numberOf(block, dice.below(10_000)),
      purpose: 'signup',
      client: { ip: address().ip, ...(user_agent === null ? {} : { user_agent }) },
    }
  }
}
