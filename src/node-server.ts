import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServerType, serve } from '@hono/node-server'
import { createApp } from './app.ts'
import type { Hands, ServeOptions } from './cli/command.ts'
import { DataFilesError } from './config/data-files.ts'
import { patienceOf } from './config/environment.ts'
import type { KeyId } from './domain/ids.ts'
import { currency, micros } from './domain/money.ts'
import type { House } from './flows/house.ts'
import { learnRoutes } from './flows/learn-routes.ts'
import type { ShownKey } from './flows/open-account.ts'
import { openFirstAccount } from './flows/open-first-account.ts'
import { sweep } from './flows/sweep.ts'
import { type Counters, openCounters } from './node-counters.ts'
import {
  migrateGround,
  type NodeGround,
  openGround,
  openNodeData,
  StartError,
} from './node-house.ts'
import { modelPlacesOf, readModels } from './node-models.ts'
import { followPolicy, type LivePolicy, readPolicy, rulesFolderOf } from './node-policy.ts'
import { openResolver, openTargetFetch } from './node-target-fetch.ts'
import { MasterKeyError } from './platform/vault.ts'
import { ModelRefused } from './risk/model/refusals.ts'
import { version } from './version.ts'
import { wireHouse, wireServices } from './wire.ts'

const SWEEP_MS = 5_000
const SNAPSHOT_MS = 60_000
/** Sends of one moment share their writes; nobody notices so short a wait for an SMS. */
const PAUSE_MS = 5
/** Events of one moment share a look at what is due. */
const EVENTS_PAUSE_MS = 50

type Running = {
  readonly ground: NodeGround
  readonly house: House
  readonly counters: Counters
  readonly live: LivePolicy
  readonly server: ServerType
}

/** Runs until SIGTERM or SIGINT, then finishes what it has begun. Resolves with the exit code. */
export async function serveOnNode(hands: Hands, options: ServeOptions): Promise<number> {
  try {
    const running = await start(hands, options)
    await stopAsked(running)
    await stop(running)
    return 0
  } catch (error) {
    if (!isForOperator(error)) throw error
    hands.err(`${error.message}\n`)
    return 1
  }
}

const isForOperator = (error: unknown): error is Error =>
  error instanceof StartError ||
  error instanceof DataFilesError ||
  error instanceof MasterKeyError ||
  error instanceof ModelRefused

async function start(hands: Hands, options: ServeOptions): Promise<Running> {
  const ground = await openGround(hands)
  await migrateGround(hands, ground.db)
  const furnished = await furnish(hands, ground)
  try {
    return await open({ hands, options }, { ground, ...furnished })
  } catch (error) {
    // It watches the rules folder, and who watches does not end.
    furnished.live.close()
    throw error
  }
}

type Furnished = Awaited<ReturnType<typeof furnish>> & { readonly ground: NodeGround }
type Asked = { readonly hands: Hands; readonly options: ServeOptions }

async function open({ hands, options }: Asked, made: Furnished): Promise<Running> {
  const { ground, house, counters, live } = made
  const { environment, platform, db } = ground
  const counted = await counters.rebuild(house)
  if (counted > 0) platform.log.info('counters.rebuilt', { requests: counted })
  await learnRoutes(house)
  const firstKey = await openFirstAccount(house, {
    currency: currency('USD'),
    sandboxBalance: micros(environment.TOLLGATE_SANDBOX_BALANCE_MICROS),
    givenKey: environment.TOLLGATE_BOOTSTRAP_KEY as { id: KeyId; secret: string } | undefined,
  })
  const clientIp = {
    from: environment.TOLLGATE_CLIENT_IP,
    trustedHops: environment.TOLLGATE_TRUSTED_HOPS,
  }
  const app = createApp(wireServices(house, { db, clientIp, version }))
  const host = options.host ?? environment.HOST
  const port = options.port ?? environment.PORT
  const server = serve({ fetch: app.fetch, hostname: host, port })
  await listening(server, { host, port })
  live.current().router.open()
  greet(hands, { url: urlOf(server, host), firstKey, environment })
  every(SWEEP_MS, ground, () => sweep(house))
  every(SNAPSHOT_MS, ground, () => counters.save())
  return { ...made, server }
}

async function furnish(hands: Hands, ground: NodeGround) {
  const { environment, platform, vault, db } = ground
  const { phones, networks } = openNodeData(hands.home)
  const challengerDir = environment.TOLLGATE_CHALLENGER_DIR
  const models = modelPlacesOf(hands, challengerDir)
  const { model, challenger: challengerModel } = await readModels(models)
  const folder = rulesFolderOf(hands, environment.TOLLGATE_RULES_DIR)
  const publicUrl = environment.TOLLGATE_PUBLIC_URL
  const trial = { challengerModel, challengerDir }
  const source = { folder, hands, networks, model, models, publicUrl, ...trial }
  const first = await readPolicy(source)
  const counters = await openCounters(ground)
  let live: LivePolicy | undefined
  const resolve = openResolver(environment.TOLLGATE_WEBHOOK_TARGETS)
  const house = wireHouse({
    platform,
    vault,
    db,
    velocity: counters.velocity,
    ranges: counters.ranges,
    customerDays: environment.TOLLGATE_CUSTOMER_DAYS,
    phoneData: phones,
    policy: (sandbox, sessionOf) => {
      const followed = followPolicy(source, first, {
        platform,
        sandbox,
        sessionOf,
        paces: counters.paces,
      })
      live = followed
      return followed.current
    },
    pause: () => wait(PAUSE_MS),
    // A stop does not wait for these: what is due then is found in the outbox by the next start.
    alarm: (afterMs, ring) => void setTimeout(ring, afterMs).unref(),
    patience: patienceOf(environment),
    callbacks: {
      fetch: openTargetFetch(environment.TOLLGATE_WEBHOOK_TARGETS, resolve),
      resolve,
      targets: environment.TOLLGATE_WEBHOOK_TARGETS,
      keptDays: environment.TOLLGATE_WEBHOOK_LOG_DAYS,
      pause: () => wait(EVENTS_PAUSE_MS),
    },
  })
  if (live === undefined) throw new StartError('The policy was not wired.')
  return { house, counters, live }
}

async function listening(server: ServerType, { host, port }: { host: string; port: number }) {
  if (server.listening) return
  try {
    await once(server, 'listening')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const why: Record<string, string> = {
      EADDRINUSE: 'something else listens there already',
      EACCES: 'this user may not listen there',
      ENOTFOUND: 'there is no such host',
      EADDRNOTAVAIL: 'this machine has no such address',
    }
    throw new StartError(`Cannot listen on ${host}:${port}: ${why[code] ?? code}.`)
  }
}

function urlOf(server: ServerType, host: string): string {
  const { port } = server.address() as AddressInfo
  const shown = host.includes(':') ? `[${host}]` : host
  return `http://${shown}:${port}`
}

type Greeting = {
  readonly url: string
  readonly firstKey: ShownKey | undefined
  readonly environment: NodeGround['environment']
}

/** What a newcomer needs to send the first code, and nothing more. A given secret is not repeated. */
function greet(hands: Hands, { url, firstKey, environment }: Greeting): void {
  hands.out(`Tollgate listens on ${url} (docs at ${url}/docs)\n`)
  if (firstKey === undefined || environment.TOLLGATE_BOOTSTRAP_KEY !== undefined) return
  const credentials = `${firstKey.keyId}:${firstKey.secret}`
  hands.out(
    [
      '',
      'Your API key, shown this once:',
      `  ${credentials}`,
      '',
      'Issue a code:',
      `  curl -u ${credentials} ${url}/v1/verifications \\`,
      `    -H 'content-type: application/json' -d '{"to":"+447400123456"}'`,
      '',
      'and read what the sandbox delivered:',
      `  curl -u ${credentials} '${url}/v1/sandbox/messages?to=%2B447400123456'`,
      '',
      '',
    ].join('\n'),
  )
}

/** One at a time; a failure is logged and the next round tries again. */
function every(ms: number, { platform }: NodeGround, task: () => Promise<void>): void {
  let busy = false
  const round = async () => {
    if (busy) return
    busy = true
    try {
      await task()
    } catch (error) {
      platform.log.error('task.failed', { cause: error instanceof Error ? error.name : '' })
    } finally {
      busy = false
    }
  }
  setInterval(() => platform.defer(round()), ms).unref()
}

async function stopAsked({ live }: Running): Promise<void> {
  process.on('SIGHUP', () => void live.reload())
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve())
  })
}

/** No new requests, then what is under way, then what was deferred, then the counters. */
async function stop({ ground, counters, live, server }: Running): Promise<void> {
  live.close()
  const closed = once(server, 'close')
  server.close()
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  await closed
  await ground.settle()
  await live.release()
  await ground.settle()
  await counters.save()
  ground.db.close()
}
