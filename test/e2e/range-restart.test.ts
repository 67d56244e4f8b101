import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import type { AccountId, RangeBlockId } from '../../src/domain/ids.ts'
import { closed } from '../../src/risk/ranges/blocks.ts'
import { openLibsql } from '../../src/storage/libsql-database.ts'
import { SqlRangeBlockStore } from '../../src/storage/sql/range-block-store.ts'
import type { ServerProcess } from '../support/server-process.ts'
import { startBundle, temporaryDataDir } from './bundle.ts'
import { britishMobile, liftProtection } from './unguarded.ts'

const RULES = fileURLToPath(new URL('../../rules', import.meta.url))
const PUMPED = 12

/** The project's rules, but codes that nobody types are counted after ten seconds. */
async function impatientRules(dataDir: string): Promise<string> {
  const rules = join(dataDir, 'rules')
  await cp(RULES, rules, { recursive: true })
  const policy = join(rules, 'policy.yaml')
  const text = await readFile(policy, 'utf8')
  await writeFile(policy, text.replace(/^maturity_seconds: .*$/m, 'maturity_seconds: 10'))
  return rules
}

/** What the decision on one more request to the pumped range knew of it. */
async function sightOf(server: ServerProcess, index: number): Promise<Record<string, number>> {
  const issued = await server.call('POST', '/v1/verifications', { to: britishMobile(index) })
  expect(issued.status).toBe(201)
  const { id } = issued.body as { readonly id: string }
  const { body } = await server.call('GET', `/v1/verifications/${id}/decision`)
  return (body as { readonly features: Record<string, number> }).features
}

test.each([
  ['a clean stop', (server: ServerProcess) => server.stop()],
  ['a SIGKILL', (server: ServerProcess) => server.kill()],
])('a suspected range is judged the same after %s', async (_, end) => {
  const dataDir = await temporaryDataDir()
  const environment = { TOLLGATE_RULES_DIR: await impatientRules(dataDir) }
  const first = await startBundle(dataDir, environment)
  await liftProtection(first)
  for (let index = 0; index < PUMPED; index++) await sightOf(first, index)
  let asked = PUMPED
  const before = await vi.waitFor(
    async () => {
      const sight = await sightOf(first, asked++)
      expect(sight['watch.outcomes']).toBeGreaterThan(PUMPED - 1)
      return sight
    },
    { timeout: 60_000, interval: 1_000 },
  )
  expect(before['watch.suspicion']).toBeGreaterThan(0.5)
  expect(before['watch.sequence']).toBeGreaterThan(0.5)
  await end(first)

  const second = await startBundle(dataDir, environment)
  const after = await sightOf(second, asked)
  for (const name of ['watch.suspicion', 'watch.sequence', 'watch.account_excess']) {
    expect(after[name], name).toBeGreaterThan((before[name] ?? 0) - 0.1)
  }
  expect(after['watch.outcomes']).toBeGreaterThan(PUMPED - 1)
})

test('a closed range is closed after a restart', async () => {
  const dataDir = await temporaryDataDir()
  const first = await startBundle(dataDir)
  const { body } = await first.call('GET', '/v1/account')
  await closeBritain(dataDir, (body as { readonly id: AccountId }).id)
  const ask = (server: ServerProcess) =>
    server.call('POST', '/v1/verifications', { to: britishMobile(5) })
  const refused = { status: 403, body: { decision: { reasons: [{ code: 'range_blocked' }] } } }
  expect(await ask(first)).toMatchObject(refused)
  await first.stop()
  expect(await ask(await startBundle(dataDir))).toMatchObject(refused)
})

/** As the service does it, in another process on the same file. */
async function closeBritain(dataDir: string, accountId: AccountId): Promise<void> {
  const db = await openLibsql(`file:${join(dataDir, 'tollgate.db')}`)
  const evidence = { suspicion: 1, surge: 9, excess: 9, asksDay: 40, outcomes: 30, unanswered: 30 }
  const id = `RB${'0'.repeat(32)}` as RangeBlockId
  const found = { id, accountId, kind: 'country', range: 'GB', evidence } as const
  await new SqlRangeBlockStore(db.driver).put(closed(undefined, found, Date.now()))
  db.close()
}
