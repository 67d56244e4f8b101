import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { derivedCodes } from '../../src/codes/code-book.ts'
import { openVault } from '../../src/platform/vault.ts'
import { britishMobile, liftProtection } from '../e2e/unguarded.ts'
import { AUTHORIZATION, type ServerProcess, startServer } from '../support/server-process.ts'
import { commitsOf } from './commits.ts'
import { medianOf, type Post, postsPerSecond } from './load.ts'

/**
 * Issue and check requests a second of the server, beside a floor that does the least a durable POST can: the same load
 * tool, the same machine, turn by turn, and the medians of the turns as ratios.
 */
const ROUNDS = 5
const SECONDS = 3
const CONNECTIONS = 50
const LONE_ISSUES = 20
const MASTER_KEY = new Uint8Array(32).fill(9)

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const say = (line: string) => process.stdout.write(`${line}\n`)
const folder = await mkdtemp(join(tmpdir(), 'tollgate-bench-'))
const startFloor = (mode: 'plain' | 'shared') =>
  startServer({
    command: [process.execPath, path('floor-server.ts'), join(folder, `${mode}.db`), mode],
    dataDir: folder,
  })
const floors = { plain: await startFloor('plain'), shared: await startFloor('shared') }
const server = await startServer({
  command: [process.execPath, path('../../src/node.ts'), 'serve', '--port', '0'],
  dataDir: folder,
  environment: {
    TOLLGATE_MASTER_KEY: Buffer.from(MASTER_KEY).toString('base64'),
    TOLLGATE_SANDBOX_BALANCE_MICROS: '1000000000000',
  },
})
async function run(): Promise<void> {
  await liftProtection(server)
  const commits = await commitsPerIssue()
  const rates = { plain: [], shared: [], issue: [], check: [] } as Rates
  say(
    `${ROUNDS} rounds on ${availableParallelism()} cores, ${CONNECTIONS} connections, requests a second.`,
  )
  say(
    'Floors: one insert a POST, each with its own commit (plain) or sharing commits as we do (shared).',
  )
  say(['round', 'plain', 'shared', 'issue', 'check'].map((title) => title.padStart(8)).join(''))
  for (let round = 1; round <= ROUNDS; round++) {
    const issued: Issued[] = []
    rates.plain.push(await floorRate(floors.plain))
    rates.shared.push(await floorRate(floors.shared))
    rates.issue.push(await issueRate(issued))
    rates.check.push(await checkRate(issued))
    const cells = Object.values(rates).map((each) => whole(each.at(-1)))
    say(`${String(round).padStart(8)}${cells.join('')}`)
  }
  const { plain, shared, issue, check } = {
    plain: medianOf(rates.plain),
    shared: medianOf(rates.shared),
    issue: medianOf(rates.issue),
    check: medianOf(rates.check),
  }
  say(`  median${[plain, shared, issue, check].map(whole).join('')}`)
  say(
    `issue: ${ratio(issue, plain)} of the plain floor (goal: 0.30), ${ratio(issue, shared)} of the shared one`,
  )
  say(`check: ${ratio(check, plain)} of the plain floor, ${ratio(check, shared)} of the shared one`)
  say(`write transactions of one issue alone, its dispatch included: ${commits}`)
}

type Rates = Record<'plain' | 'shared' | 'issue' | 'check', number[]>

const whole = (rate: number | undefined) => (rate ?? 0).toFixed(0).padStart(8)
const ratio = (rate = 0, base = 1) => (rate / base).toFixed(2)

type Issued = { readonly id: string; readonly service: string; readonly to: string }
let numbers = 0

/** What a login flow's server tells, the same for floor and issue. */
function ask(): Post['body'] {
  const index = numbers++
  return {
    to: britishMobile(index),
    purpose: 'login',
    client: {
      ip: `86.${index & 127}.${(index >> 7) & 255}.${1 + ((index >> 15) & 127)}`,
      user_agent:
        'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/152.0.0.0 Safari/537.36',
      accept_language: 'en-GB,en;q=0.9',
      device_id: `d-${index}`,
    },
  }
}

const load = (of: ServerProcess) => ({ url: of.url, connections: CONNECTIONS })

function floorRate(floor: ServerProcess): Promise<number> {
  const next = () => ({ path: '/', body: ask() })
  return postsPerSecond({ ...load(floor), until: { duration: SECONDS }, next })
}

function issueRate(issued: Issued[]): Promise<number> {
  return postsPerSecond({
    ...load(server),
    authorization: AUTHORIZATION,
    until: { duration: SECONDS },
    next: () => ({ path: '/v1/verifications', body: ask() }),
    answered: (body, post) => {
      const { id, service } = JSON.parse(body) as Issued
      issued.push({ id, service, to: (post.body as { to: string }).to })
    },
  })
}

/** The right code of every verification of this round, derived as the server derives it. */
async function checkRate(issued: readonly Issued[]): Promise<number> {
  const account = (await server.call('GET', '/v1/account')).body as { readonly id: string }
  const vault = openVault([MASTER_KEY], (length) => new Uint8Array(length))
  const book = derivedCodes(vault)
  const posts = issued.map(({ id, service, to }): Post => {
    const binding = {
      id,
      accountId: account.id,
      serviceId: service,
      phone: to,
      purpose: 'login',
      codeLength: 6,
      keyId: vault.keyId,
    } as unknown as Parameters<typeof book.codeOf>[0]
    const code = book.codeOf(binding, 1, { amount: undefined, payee: undefined })
    return { path: `/v1/verifications/${id}/check`, body: { code } }
  })
  let next = 0
  let approved = 0
  const rate = await postsPerSecond({
    ...load(server),
    authorization: AUTHORIZATION,
    until: { amount: posts.length },
    next: () => posts[next++ % posts.length] as Post,
    answered: (body) => {
      if ((JSON.parse(body) as { readonly valid: boolean }).valid) approved++
    },
  })
  if (approved < posts.length * 0.98)
    throw new Error(`${approved} of ${posts.length} were approved`)
  return rate
}

/** One after the other, so that none shares its commit with a neighbour. */
async function commitsPerIssue(): Promise<string> {
  const wal = join(folder, 'tollgate.db-wal')
  await server.call('GET', '/v1/account')
  const before = await commitsOf(wal)
  for (let index = 0; index < LONE_ISSUES; index++) {
    const { status } = await server.call('POST', '/v1/verifications', ask())
    if (status !== 201) throw new Error(`an issue answered ${status}`)
  }
  const after = await commitsOf(wal)
  if (after.salt !== before.salt || after.commits < before.commits)
    return 'the log was reset meanwhile'
  return ((after.commits - before.commits) / LONE_ISSUES).toFixed(2)
}

try {
  await run()
} finally {
  await Promise.all([floors.plain.stop(), floors.shared.stop(), server.stop()])
  await rm(folder, { recursive: true })
}
