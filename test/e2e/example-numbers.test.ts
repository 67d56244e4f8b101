import { type CountryCode, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import { expect, test, vi } from 'vitest'
import { browser } from '../../src/cli/simulate/clients.ts'
import { COUNTRIES } from '../../src/cli/simulate/countries.ts'
import { diceOf } from '../../src/cli/simulate/dice.ts'
import { homeAddress } from '../../src/cli/simulate/networks.ts'
import { humanSessionAge } from '../../src/cli/simulate/people.ts'
import { acceptLanguage, newDeviceId } from '../../src/cli/simulate/world.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startBundle, temporaryDataDir } from './bundle.ts'
import { allEntries, postingsBySend, sumsByCurrency } from './ledger.ts'

const COUNTRIES_LEAST = 200
const AT_ONCE = 10

type Issued = { readonly country: string; readonly to: string; readonly id: string }

test('people of two hundred countries get their codes in, and the books balance', async () => {
  const server = await startBundle(await temporaryDataDir())
  const issued: Issued[] = []
  const refused: string[] = []
  for (const batch of batchesOf(exampleNumbers(), AT_ONCE)) {
    await Promise.all(
      batch.map(async ({ country, to }) => {
        const { status, body } = await server.call(
          'POST',
          '/v1/verifications',
          personAt(to, country),
        )
        if (status === 201) issued.push({ country, to, id: (body as { id: string }).id })
        else refused.push(`${country} ${(body as { code: string }).code}`)
      }),
    )
  }
  expect(issued.length, `refused: ${refused.join(', ')}`).toBeGreaterThanOrEqual(COUNTRIES_LEAST)

  for (const batch of batchesOf(issued, AT_ONCE)) {
    await Promise.all(batch.map((each) => approve(server, each)))
  }
  const entries = await allEntries(server)
  expect([...sumsByCurrency(entries)]).toEqual([['USD', 0]])
  const sends = postingsBySend(entries)
  expect(sends.size).toBe(issued.length)
  expect(
    [...sends.values()].filter(({ reserves, closes }) => reserves !== 1 || closes !== 1),
  ).toEqual([])
  expect(await server.stop()).toBe(0)
})

/** The example mobile number of every country that libphonenumber has one for. */
function exampleNumbers(): readonly { country: string; to: string }[] {
  return Object.keys(examples).flatMap((country) => {
    const number = getExampleNumber(country as CountryCode, examples)
    return number === undefined ? [] : [{ country, to: number.number }]
  })
}

/** Somebody at home in the number's country, each with a browser and, where we know a provider there, a line of their own. */
function personAt(to: string, country: string) {
  const dice = diceOf('e2e', country)
  const { user_agent, client_hints } = browser(dice)
  const known = COUNTRIES.get(country)
  return {
    to,
    client: {
      user_agent,
      ...(client_hints === null ? {} : { client_hints }),
      accept_language: acceptLanguage(dice, known?.language ?? 'en-GB'),
      ...(known === undefined ? {} : { ip: homeAddress(dice, country).ip }),
      device_id: newDeviceId(dice),
      session_age_ms: humanSessionAge(dice),
    },
  }
}

async function approve(server: ServerProcess, { to, id }: Issued): Promise<void> {
  const code = await vi.waitFor(() => codeSentTo(server, to), { timeout: 20_000, interval: 50 })
  const { status, body } = await server.call('POST', `/v1/verifications/${id}/check`, { code })
  expect(status).toBe(200)
  expect(body).toMatchObject({ status: 'approved', valid: true })
}

async function codeSentTo(server: ServerProcess, to: string): Promise<string> {
  const { body } = await server.call('GET', `/v1/sandbox/messages?to=${encodeURIComponent(to)}`)
  const { messages } = body as { readonly messages: readonly { readonly body: string }[] }
  const code = /\b\d{6}\b/.exec(messages[0]?.body ?? '')?.[0]
  if (code === undefined) throw new Error(`nothing was delivered to ${to}`)
  return code
}

function batchesOf<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, at) => items.slice(at * size, (at + 1) * size))
}
