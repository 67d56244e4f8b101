import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { britishMobile, liftProtection } from '../e2e/unguarded.ts'
import { type Gateway, rulesWith, startGateway } from '../support/gateway-process.ts'
import { type ServerProcess, startServer } from '../support/server-process.ts'
import { fillOutbox } from './fill-outbox.ts'
import { medianOf } from './load.ts'

/**
 * How fast a server empties its outbox into a provider, and how long a message takes from the request to the provider, beside a bare
 * loop of fetches to the same provider: turn by turn on the same machine, and the medians of the turns as ratios.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 5)
const BACKLOG = 2_000
const LOOP_AT_ONCE = 64
const LONE = 100
const CALLERS = 20
const CALLS = 600
const MASTER_KEY = new Uint8Array(32).fill(9)
const ENVIRONMENT = {
  TOLLGATE_MASTER_KEY: Buffer.from(MASTER_KEY).toString('base64'),
  TOLLGATE_SANDBOX_BALANCE_MICROS: '1000000000000',
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const folder = await mkdtemp(join(tmpdir(), 'tollgate-delivery-'))
const gateways: Gateway[] = []

async function openGateway(name: string, answerMs: number) {
  const gateway = await startGateway(folder, { name, costMicros: 10_000, answerMs })
  gateways.push(gateway)
  const rules = await rulesWith([gateway])
  return { gateway, rules }
}
type Way = Awaited<ReturnType<typeof openGateway>>

const startTollgate = (dataDir: string, { rules }: Way): Promise<ServerProcess> =>
  startServer({
    command: [
      process.execPath,
      fileURLToPath(new URL('../../src/node.ts', import.meta.url)),
      'serve',
      '--port',
      '0',
    ],
    dataDir,
    environment: { ...ENVIRONMENT, TOLLGATE_RULES_DIR: rules },
  })

/** From the first to the last of them at the provider. */
async function perSecond(gateway: Gateway, count: number): Promise<number> {
  for (;;) {
    const taken = await gateway.taken()
    if (taken.length < count) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    const times = taken.map(({ atMs }) => atMs)
    return ((count - 1) * 1_000) / (Math.max(...times) - Math.min(...times))
  }
}

let drains = 0

/** A server starts on an outbox that is full and finds it at its first look. */
async function drainRate(backlog: string, way: Way): Promise<number> {
  const dataDir = join(folder, `drain-${drains++}`)
  await mkdir(dataDir)
  await copyFile(backlog, join(dataDir, 'tollgate.db'))
  await way.gateway.clear()
  const server = await startTollgate(dataDir, way)
  try {
    return await perSecond(way.gateway, BACKLOG)
  } finally {
    await server.stop()
  }
}

/** Answers the time at which each was begun. */
async function postAll(
  count: number,
  atOnce: number,
  post: (index: number) => Promise<string>,
): Promise<ReadonlyMap<string, number>> {
  const begun = new Map<string, number>()
  let next = 0
  const caller = async () => {
    while (next < count) {
      const index = next++
      const atMs = performance.timeOrigin + performance.now()
      begun.set(await post(index), atMs)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, caller))
  return begun
}

/** What a message to the provider looks like, and nothing around it. */
function bare({ gateway }: Way, tag: string) {
  return async (index: number): Promise<string> => {
    const id = `${tag}-${index}`
    const body = { id, to: britishMobile(index), body: '123456 is your code.', channel: 'sms' }
    await gateway.process.call('POST', '/send', body)
    return id
  }
}

async function loopRate(way: Way): Promise<number> {
  await way.gateway.clear()
  await postAll(BACKLOG, LOOP_AT_ONCE, bare(way, 'loop'))
  return perSecond(way.gateway, BACKLOG)
}

let numbers = 0

function issue(server: ServerProcess) {
  return async (): Promise<string> => {
    const to = britishMobile(numbers++)
    const { status, body } = await server.call('POST', '/v1/verifications', { to })
    if (status !== 201) throw new Error(`an issue answered ${status}`)
    return (body as { readonly send: { readonly id: string } }).send.id
  }
}

/** Milliseconds from the beginning of each request to its message at the provider, sorted. */
async function latencies({ gateway }: Way, begun: ReadonlyMap<string, number>) {
  await perSecond(gateway, begun.size)
  const taken = await gateway.taken()
  return taken
    .flatMap(({ id, atMs }) => (begun.has(id) ? [atMs - (begun.get(id) ?? 0)] : []))
    .sort((one, other) => one - other)
}

const row = (name: string, cells: readonly string[]) =>
  say(`${name.padEnd(34)}${cells.map((cell) => cell.padStart(12)).join('')}`)

async function drain(backlog: string, way: Way, title: string): Promise<void> {
  const ours: number[] = []
  const floor: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    floor.push(await loopRate(way))
    ours.push(await drainRate(backlog, way))
  }
  const [drained, looped] = [medianOf(ours), medianOf(floor)]
  row(title, [drained, looped].map((rate) => rate.toFixed(0)).concat((drained / looped).toFixed(2)))
}

async function delay(way: Way): Promise<void> {
  const server = await startTollgate(join(folder, 'latency'), way)
  try {
    await liftProtection(server)
    await postAll(CALLS, CALLERS, issue(server))
    await compareDelays(way, server, { title: 'one after the other', count: LONE, atOnce: 1 })
    const many = { title: `${CALLERS} callers at once`, count: CALLS, atOnce: CALLERS }
    await compareDelays(way, server, many)
  } finally {
    await server.stop()
  }
}

type Crowd = { readonly title: string; readonly count: number; readonly atOnce: number }

async function compareDelays(
  way: Way,
  server: ServerProcess,
  { title, count, atOnce }: Crowd,
): Promise<void> {
  const medians: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] }
  const tails: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] }
  for (let round = 0; round < ROUNDS; round++) {
    for (const [who, post] of [
      ['floor', bare(way, `bare-${atOnce}-${round}`)],
      ['ours', issue(server)],
    ] as const) {
      await way.gateway.clear()
      const all = await latencies(way, await postAll(count, atOnce, post))
      medians[who].push(all[Math.floor(0.5 * (all.length - 1))] ?? Number.NaN)
      tails[who].push(all[Math.floor(0.99 * (all.length - 1))] ?? Number.NaN)
    }
  }
  for (const [name, values] of [
    ['median', medians],
    ['99th', tails],
  ] as const) {
    const [ours, floor] = [medianOf(values.ours), medianOf(values.floor)]
    row(`${title}, ${name}`, [ours.toFixed(1), floor.toFixed(1), (ours / floor).toFixed(1)])
  }
}

try {
  say(
    `${ROUNDS} rounds on ${availableParallelism()} cores, medians. The provider is a process on loopback.`,
  )
  const backlog = join(folder, 'backlog.db')
  await fillOutbox({ path: backlog, masterKey: MASTER_KEY, sends: BACKLOG })
  const quick = await openGateway('quick', 0)
  const usual = await openGateway('usual', 50)
  row(`drained of ${BACKLOG}, sends a second`, ['outbox', 'fetch loop', 'ratio'])
  await drain(backlog, quick, 'provider answers at once')
  await drain(backlog, usual, 'provider answers after 50 ms')
  row('request to provider, ms', ['tollgate', 'bare fetch', 'ratio'])
  await delay(quick)
} finally {
  await Promise.all(gateways.map(({ process }) => process.stop()))
  await rm(folder, { recursive: true, force: true })
}
