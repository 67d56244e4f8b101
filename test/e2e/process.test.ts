import { expect, test } from 'vitest'
import type { ServerProcess } from '../support/server-process.ts'
import { runBundle as run, startBundle, temporaryDataDir } from './bundle.ts'
import { britishMobile, liftProtection } from './unguarded.ts'

test('SIGTERM answers what is under way, saves the counters and ends with 0', async () => {
  const server = await startBundle(await temporaryDataDir())
  await liftProtection(server)
  const requests = Array.from({ length: 40 }, (_, index) =>
    server.call('POST', '/v1/verifications', { to: britishMobile(index) }),
  )
  await requests[0]
  const [code, ...answers] = await Promise.all([server.stop(), ...requests.map(statusOrClosed)])
  expect(code).toBe(0)
  expect(answers.filter((status) => status !== 201 && status !== 'closed')).toEqual([])
  expect(answers).toContain(201)
})

/** A request that had not reached the server when it stopped listening is refused by the system, not by it. */
async function statusOrClosed(request: Promise<{ status: number }>): Promise<number | 'closed'> {
  try {
    return (await request).status
  } catch {
    return 'closed'
  }
}

test('a port that is taken is one line and exit code 1', async () => {
  const server = await startBundle(await temporaryDataDir())
  const port = new URL(server.url).port
  const environment = { TOLLGATE_DATA_DIR: await temporaryDataDir() }
  const { code, err } = await run(['serve', '--port', port], environment)
  expect(code).toBe(1)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
  expect(err).toContain(`127.0.0.1:${port}`)
})

test('wrong variables are all named at once, without their values, and exit code 1', async () => {
  const { code, err } = await run(['serve'], {
    PORT: 'eighty',
    TOLLGATE_MASTER_KEY: 'c2hvcnQ=',
    TOLLGATE_BOOTSTRAP_KEY: 'SK1:not-a-secret-to-print',
    TOLLGATE_CLIENT_IP: 'guess',
  })
  expect(code).toBe(1)
  for (const name of ['PORT', 'MASTER_KEY', 'BOOTSTRAP_KEY', 'CLIENT_IP'])
    expect(err).toContain(name)
  expect(err).not.toMatch(/c2hvcnQ|not-a-secret|\n\s+at /)
})

test('another master key than the one of the data directory is one line and exit code 1', async () => {
  const dataDir = await temporaryDataDir()
  const server = await startBundle(dataDir)
  await server.call('POST', '/v1/verifications', { to: britishMobile(1) })
  await server.stop()
  const { code, err } = await run(['serve', '--port', '0'], {
    TOLLGATE_DATA_DIR: dataDir,
    TOLLGATE_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  })
  expect(code).toBe(1)
  expect(err).toMatch(/sealed with master key [0-9a-f]{8}, which is none of those given/)
  expect(err).not.toMatch(/\n\s+at /)
})

test('rules with mistakes stop the start, with file, line and column', async () => {
  const environment = {
    TOLLGATE_DATA_DIR: await temporaryDataDir(),
    TOLLGATE_RULES_DIR: '/nowhere',
  }
  const { code, err } = await run(['serve', '--port', '0'], environment)
  expect(code).toBe(1)
  expect(err).toContain('/nowhere')
})

test.each([
  ['a clean stop', (server: ServerProcess) => server.stop()],
  ['a SIGKILL', (server: ServerProcess) => server.kill()],
])('what a number has asked for is remembered across %s', async (_, end) => {
  const dataDir = await temporaryDataDir()
  const to = britishMobile(7)
  const first = await startBundle(dataDir)
  await liftProtection(first)
  expect(await asksOf(first, to)).toBe(1)
  expect(await asksOf(first, to)).toBe(2)
  await end(first)

  const second = await startBundle(dataDir)
  expect(await asksOf(second, to)).toBe(3)
})

/** Asks for a code once more and tells how many requests for the number the decision knew of, this one included. */
async function asksOf(server: ServerProcess, to: string): Promise<unknown> {
  const { status, body } = await server.call('POST', '/v1/verifications', { to })
  expect(status).toBe(201)
  const { id } = body as { readonly id: string }
  const decision = await server.call('GET', `/v1/verifications/${id}/decision`)
  const { features } = decision.body as { readonly features: Record<string, unknown> }
  return features['phone.asks_1h']
}

test('an unknown command and a wrong option are one line each and exit code 2', async () => {
  expect(await run(['sever'])).toEqual({
    code: 2,
    out: '',
    err: "tollgate: there is no command 'sever'. 'tollgate help' lists them.\n",
  })
  const { code, err } = await run(['serve', '--prot', '1'])
  expect(code).toBe(2)
  expect(err.trimEnd().split('\n')).toHaveLength(1)
})
