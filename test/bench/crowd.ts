import { browser } from '../../src/cli/simulate/clients.ts'
import { COUNTRIES } from '../../src/cli/simulate/countries.ts'
import { type Dice, diceOf } from '../../src/cli/simulate/dice.ts'
import {
  carrierGradeAddress,
  homeAddress,
  USUAL_NETWORKS,
} from '../../src/cli/simulate/networks.ts'
import { anyNumber } from '../../src/cli/simulate/numbering.ts'
import { SIMULATION_START } from '../../src/cli/simulate/simulate.ts'
import type { ReplayEvent } from '../../src/flows/replay.ts'
import type { ClientInput } from '../../src/risk/signals.ts'

/** So fast that a million numbers come in five days: all of them are inside the week that counters reach back. */
const EVERY_MS = (5 * 86_400_000) / 1_000_000
const TENANTS = 40
const TYPED = 0.72
const MOBILE = 0.6
const DEVICE_KNOWN = 0.3
const AGAIN = 0.15
const TYPED_AFTER_MS = 20_000
/** Codes on their way at any time, at this speed. */
const WAITING = Math.ceil(TYPED_AFTER_MS / EVERY_MS)

type Person = { readonly tenant: string; readonly to: string; readonly client: ClientInput }

/**
 * People who ask for a code, one number after the other, some of them twice, and most of them type it. Numbers, addresses and
 * clients are those of the simulator, without its attacks; a few countries and accounts have most of the people.
 */
export function* crowd(seed: number): Generator<ReplayEvent, never> {
  const dice = diceOf('crowd', seed)
  const waiting: ReplayEvent[] = []
  let last: Person | undefined
  for (let at = 0; ; at++) {
    const t = Math.floor(SIMULATION_START + at * EVERY_MS)
    const person = last !== undefined && dice.chance(AGAIN) ? last : anybody(dice)
    last = person
    const ref = at.toString(36)
    yield {
      type: 'issue',
      t,
      ref,
      channel: 'sms',
      purpose: 'login',
      solvesChallenge: true,
      ...person,
    }
    const typed = dice.chance(TYPED)
    waiting.push({ type: 'check', t, ref, correct: typed, ip: person.client.ip })
    const due = waiting.length > WAITING ? waiting.shift() : undefined
    if (due?.type === 'check' && due.correct) yield { ...due, t }
  }
}

function anybody(dice: Dice): Person {
  const country = few(dice, [...COUNTRIES.keys()])
  const address = dice.chance(MOBILE)
    ? carrierGradeAddress(dice, country, USUAL_NETWORKS)
    : homeAddress(dice, country)
  const { user_agent, client_hints, ja4 } = browser(dice)
  return {
    tenant: `tenant-${few(
      dice,
      Array.from({ length: TENANTS }, (_, at) => at),
    )}`,
    to: anyNumber(dice, country),
    client: {
      ...address,
      userAgent: user_agent ?? undefined,
      acceptLanguage: `${country.toLowerCase()},en;q=0.8`,
      clientHints: client_hints ?? undefined,
      deviceId: dice.chance(DEVICE_KNOWN) ? dice.digits(16) : undefined,
      ja4: ja4 ?? undefined,
      sessionAgeMs: 5_000 + dice.below(60_000),
    },
  }
}

/** The first are drawn most often, each half as often as the one at half its place. */
function few<Value>(dice: Dice, from: readonly Value[]): Value {
  const place = Math.floor(from.length ** dice.unit()) - 1
  return from[place] as Value
}
