import { expect, test } from 'vitest'
import type { ServerProcess } from '../support/server-process.ts'
import { startBundle, temporaryDataDir } from './bundle.ts'
import { britishMobile, liftProtection } from './unguarded.ts'

test('two processes on one database count as one', async () => {
  const dataDir = await temporaryDataDir()
  const environment = { TOLLGATE_COUNTERS: 'database' }
  const first = await startBundle(dataDir, environment)
  await liftProtection(first)
  const second = await startBundle(dataDir, environment)
  const told: Record<string, unknown>[] = []
  for (let index = 0; index < 6; index++) {
    told.push(await featuresOf(index % 2 === 0 ? first : second, index))
  }
  expect(told.map((features) => features['range4.asks_1h'])).toEqual([1, 2, 3, 4, 5, 6])
  // Neighbours are seen across processes as well: every number but the first is next to one before it.
  expect(told.at(-1)?.['watch.sequence']).toBeCloseTo(5 / 6, 3)
  await first.kill()
  expect((await featuresOf(second, 6))['range4.asks_1h']).toBe(7)
})

async function featuresOf(server: ServerProcess, index: number): Promise<Record<string, unknown>> {
  const issued = await server.call('POST', '/v1/verifications', { to: britishMobile(index) })
  expect(issued.status).toBe(201)
  const { id } = issued.body as { readonly id: string }
  const { body } = await server.call('GET', `/v1/verifications/${id}/decision`)
  return (body as { readonly features: Record<string, unknown> }).features
}
