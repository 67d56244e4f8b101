import { expect, test, vi } from 'vitest'
import type { ServerProcess } from '../support/server-process.ts'
import { startBundle, temporaryDataDir } from './bundle.ts'
import { allEntries, postingsBySend, sumsByCurrency } from './ledger.ts'
import { britishMobile, liftProtection } from './unguarded.ts'

const ISSUES = 1_000
const KILL_AFTER = 400
const AT_ONCE = 50

type Answered = { readonly to: string; readonly id: string }

test('whatever was answered before a SIGKILL is there after it, dispatched, and charged once', async () => {
  const dataDir = await temporaryDataDir()
  const first = await startBundle(dataDir)
  await liftProtection(first)
  const answered = await issueUntilKilled(first)
  expect(answered.length).toBeGreaterThanOrEqual(KILL_AFTER)
  expect(answered.length).toBeLessThan(ISSUES)

  const second = await startBundle(dataDir)
  for (const { id } of answered) {
    await vi.waitFor(() => expectSent(second, id), { timeout: 90_000, interval: 250 })
  }
  const entries = await allEntries(second)
  expect([...sumsByCurrency(entries).values()]).toEqual([0])
  const sends = [...postingsBySend(entries).values()]
  expect(sends.length).toBeGreaterThanOrEqual(answered.length)
  expect(sends.filter(({ reserves, closes }) => reserves !== 1 || closes > 1)).toEqual([])
  expect(await second.stop()).toBe(0)
})

/** Fifty callers at once; the server dies under them while most of the requests are still to come. */
async function issueUntilKilled(server: ServerProcess): Promise<readonly Answered[]> {
  const answered: Answered[] = []
  let next = 0
  let killed: Promise<void> | undefined
  const caller = async () => {
    while (next < ISSUES && killed === undefined) {
      const to = britishMobile(next++)
      const answer = await server.call('POST', '/v1/verifications', { to }).catch(() => undefined)
      if (answer === undefined) return
      expect(answer.status).toBe(201)
      answered.push({ to, id: (answer.body as { id: string }).id })
      if (answered.length >= KILL_AFTER) killed ??= server.kill()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, caller))
  await killed
  return answered
}

async function expectSent(server: ServerProcess, id: string): Promise<void> {
  const { status, body } = await server.call('GET', `/v1/verifications/${id}`)
  expect(status).toBe(200)
  const { send } = body as { readonly send: { readonly status: string } }
  expect(['sent', 'delivered']).toContain(send.status)
}
