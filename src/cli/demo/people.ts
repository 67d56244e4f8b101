import { setTimeout as wait } from 'node:timers/promises'
import { browser } from '../simulate/clients.ts'
import { countryOf } from '../simulate/countries.ts'
import type { Dice } from '../simulate/dice.ts'
import { homeAddress } from '../simulate/networks.ts'
import { anyNumber } from '../simulate/numbering.ts'
import { humanSessionAge } from '../simulate/people.ts'
import { acceptLanguage, newDeviceId } from '../simulate/world.ts'
import { type Ask, type DemoClient, type Issued, solve } from './client.ts'

/** Where the demo's customers are, with weights. */
const CUSTOMERS = [
  ['GB', 30],
  ['US', 20],
  ['DE', 14],
  ['FR', 12],
  ['ES', 7],
  ['BR', 6],
  ['IN', 6],
  ['PL', 5],
] as const
const GIVES_UP = 0.08
const MISTYPES = 0.04

/** How the visits of one kind of visitor went. */
export type Visits = { asked: number; sent: number; refused: number; gotIn: number }
export const noVisits = (): Visits => ({ asked: 0, sent: 0, refused: 0, gotIn: 0 })

/** One person from asking for the code to being in, or not. */
export async function visit(client: DemoClient, dice: Dice, visits: Visits): Promise<void> {
  const ask = anyAsk(dice)
  visits.asked++
  const issued = await askWithBrowser(client, ask)
  if (issued.kind !== 'sent') {
    visits.refused++
    return
  }
  visits.sent++
  await wait(dice.around(6_000, 0.4))
  if (dice.chance(GIVES_UP)) return
  const code = await client.codeSentTo(ask.to)
  if (code === undefined) return
  if (dice.chance(MISTYPES)) {
    await client.check(issued.id, mistyped(code))
    await wait(dice.around(4_000, 0.3))
  }
  if (await client.check(issued.id, code)) visits.gotIn++
}

async function askWithBrowser(client: DemoClient, ask: Ask): Promise<Issued> {
  const issued = await client.issue(ask)
  if (issued.kind !== 'challenge') return issued
  return client.issue({ ...ask, challenge: await solve(issued.challenge) })
}

function anyAsk(dice: Dice): Ask {
  const country = dice.weighted(CUSTOMERS)
  const { user_agent, client_hints } = browser(dice)
  return {
    to: anyNumber(dice, country),
    purpose: dice.chance(0.7) ? 'login' : 'signup',
    client: {
      ip: homeAddress(dice, country).ip,
      ...(user_agent === null ? {} : { user_agent }),
      ...(client_hints === null ? {} : { client_hints }),
      accept_language: acceptLanguage(dice, countryOf(country).language),
      device_id: newDeviceId(dice),
      session_age_ms: humanSessionAge(dice),
    },
  }
}

/** The same code with its last digit wrong. */
const mistyped = (code: string): string => code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10)
