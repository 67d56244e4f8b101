import { expect, onTestFinished, test, vi } from 'vitest'
import {
  connectReceipts,
  type Gateway,
  madeAtMs,
  removeFolder,
  rulesWith,
  startGateway,
  type Tried,
  triesOf,
} from '../support/gateway-process.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startBundle, temporaryDataDir } from './bundle.ts'
import { allEntries, postingsBySend, sumsByCurrency } from './ledger.ts'
import { britishMobile, liftProtection } from './unguarded.ts'

const ISSUES = 600
const KILL_AFTER = 200
const AT_ONCE = 20
/** From the request to an acceptance; the walk along the route ends then, whoever is down. */
const DEADLINE_MS = 15_000

type Issued = { readonly verification: string; readonly send: string }

test('when the provider that has all the traffic is killed, the next ones take over and nothing is lost', async () => {
  const folder = await temporaryDataDir()
  const gateways = await Promise.all(
    ['first', 'second', 'third'].map((name, index) =>
      startGateway(folder, { name, costMicros: 10_000 + 1_000 * index, answerMs: 20 }),
    ),
  )
  onTestFinished(async () => {
    await Promise.all(gateways.map(({ process }) => process.kill()))
  })
  const rules = await rulesWith(gateways)
  onTestFinished(() => removeFolder(rules))
  const server = await startBundle(await temporaryDataDir(), { TOLLGATE_RULES_DIR: rules })
  await connectReceipts(gateways, server)
  await liftProtection(server)

  const [doomed] = gateways as [Gateway, ...Gateway[]]
  const { issued, killedAtMs } = await issueAndKill(server, doomed)
  for (const one of issued) {
    await vi.waitFor(() => expectOver(server, one), { timeout: 60_000, interval: 100 })
  }

  // Nothing is lost: each has been taken by somebody, but for those that the dead one may have got; and each was asked of nobody twice.
  const journals = await Promise.all(gateways.map((gateway) => gateway.taken()))
  const taken = journals.flat().map(({ id }) => id)
  expect(new Set(taken).size).toBe(taken.length)
  const tries = triesOf(server)
  const inDoubt = new Set(tries.filter(({ outcome }) => outcome === 'unknown').map(sendOf))
  const lost = issued.filter(({ send }) => !taken.includes(send) && !inDoubt.has(send))
  expect(lost).toEqual([])
  expect(inDoubt.size).toBeLessThanOrEqual(2 * AT_ONCE)

  const after = issued.filter(({ send }) => madeAtMs(send) > killedAtMs)
  expect(after.length).toBeGreaterThan(ISSUES / 4)
  const waits = after
    .filter(({ send }) => !inDoubt.has(send))
    .map(({ send }) => waitOf(send, tries) ?? Number.POSITIVE_INFINITY)
  expect(waits.filter((waitMs) => waitMs > DEADLINE_MS)).toEqual([])
  expect(journals[0]?.filter(({ id }) => madeAtMs(id) > killedAtMs + DEADLINE_MS)).toEqual([])

  const entries = await allEntries(server)
  expect([...sumsByCurrency(entries).values()]).toEqual([0])
  const sends = [...postingsBySend(entries).values()]
  expect(sends.filter(({ reserves, closes }) => reserves !== 1 || closes > 1)).toEqual([])
  print(killedAtMs, tries, waits, inDoubt.size)
})

const sendOf = ({ send }: Tried): string => send

/** Twenty callers at once; the first provider dies under them, with whatever it was about to answer. */
async function issueAndKill(server: ServerProcess, doomed: Gateway) {
  const issued: Issued[] = []
  let next = 0
  let killed: Promise<void> | undefined
  let killedAtMs = Number.POSITIVE_INFINITY
  const caller = async () => {
    while (next < ISSUES) {
      const to = britishMobile(next++)
      const { status, body } = await server.call('POST', '/v1/verifications', { to })
      expect(status).toBe(201)
      const { id, send } = body as { readonly id: string; readonly send: { readonly id: string } }
      issued.push({ verification: id, send: send.id })
      if (issued.length < KILL_AFTER || killed !== undefined) continue
      killed = doomed.process.kill()
      killedAtMs = Date.now()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
  await killed
  return { issued, killedAtMs }
}

/** Taken by a provider, or given to one whose answer will never come. */
async function expectOver(server: ServerProcess, { verification }: Issued): Promise<void> {
  const { status, body } = await server.call('GET', `/v1/verifications/${verification}`)
  expect(status).toBe(200)
  const { send } = body as { readonly send: { readonly status: string } }
  expect(['sent', 'delivered', 'unknown']).toContain(send.status)
}

/** From the making of a send to its acceptance, by the server's own log. */
function waitOf(id: string, tries: readonly Tried[]): number | undefined {
  const accepted = tries.find(({ send, outcome }) => send === id && outcome === 'accepted')
  return accepted && accepted.atMs - madeAtMs(id)
}

function print(
  killedAtMs: number,
  tries: readonly Tried[],
  waits: readonly number[],
  inDoubt: number,
): void {
  const next = tries.find(
    ({ atMs, provider, outcome }) =>
      atMs >= killedAtMs && provider !== 'first' && outcome === 'accepted',
  )
  const sorted = waits.toSorted((one, other) => one - other)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]
  process.stdout.write(
    `fail-over: next acceptance ${(next?.atMs ?? Number.NaN) - killedAtMs} ms after the kill; ` +
      `from request to acceptance after it: median ${at(0.5)} ms, 99th ${at(0.99)} ms, longest ${at(1)} ms; ` +
      `in doubt ${inDoubt}\n`,
  )
}
