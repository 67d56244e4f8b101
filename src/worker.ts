import { waitUntil } from 'cloudflare:workers'
import forest from '../models/forest.edge.json'
import { createApp } from './app.ts'
import { WORKER_KINDS } from './channels/kinds.ts'
import { createRouterMemory } from './channels/router-memory.ts'
import { type Environment, patienceOf, readEnvironment } from './config/environment.ts'
import { formatMistake } from './config/mistake.ts'
import type { KeyId } from './domain/ids.ts'
import { currency, micros } from './domain/money.ts'
import type { House } from './flows/house.ts'
import { openFirstAccount } from './flows/open-first-account.ts'
import { sweep } from './flows/sweep.ts'
import { realPlatform } from './platform/real.ts'
import { openVault } from './platform/vault.ts'
import { CATALOGUE_ID, MODEL_FEATURES } from './risk/feature-catalogue.ts'
import { parseModel } from './risk/model/model.ts'
import { NO_PHONE_DATA } from './risk/phone-index.ts'
import { type D1Like, openD1 } from './storage/d1-database.ts'
import { SqlPaceStore } from './storage/sql/pace-store.ts'
import { SqlRangeWatch } from './storage/sql/range-watch.ts'
import { SqlVelocityStore } from './storage/sql/velocity-store.ts'
import { version } from './version.ts'
import { wireHouse, wireServices } from './wire.ts'
import { loadPolicy } from './wire-policy.ts'
import { WORKER_RULES } from './worker-rules.ts'

type WorkerEnv = Readonly<Record<string, unknown>> & { readonly DB?: D1Like }

type Built = {
  readonly env: WorkerEnv
  readonly app: ReturnType<typeof createApp>
  readonly house: House
  /** The first account exists, or nobody asked for one. */
  readonly ready: Promise<unknown>
}

/** An invocation may make a thousand requests and queries; a message takes two to four of them. */
const DUE_MAX = 250
/** An isolate is kept up for so long after an answer; what is due later is found by the schedule. */
const ALARM_MAX_MS = 20_000

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

let built: Built | undefined

export default {
  async fetch(request: Request, env: WorkerEnv): Promise<Response> {
    const { app, ready } = builtFor(env)
    await ready
    return app.fetch(request, env)
  },
  async scheduled(_event: unknown, env: WorkerEnv): Promise<void> {
    const { house, ready } = builtFor(env)
    await ready
    await sweep(house)
  },
}

/** An isolate outlives a change of its bindings, so what was built is kept for one `env` only. */
function builtFor(env: WorkerEnv): Built {
  if (built?.env !== env) built = build(env)
  return built
}

/**
 * Nothing here may hold on to one request. `waitUntil` is imported, not taken from the first request's context, because what
 * is built outlives that request.
 */
function build(env: WorkerEnv): Built {
  const environment = environmentOf(env)
  if (env.DB === undefined) throw new Error('The D1 binding DB is missing in wrangler.toml.')
  const platform = realPlatform(waitUntil)
  const vault = openVault(masterKeysOf(environment), platform.randomBytes)
  const db = openD1(env.DB)
  const model = parseModel(forest, { features: MODEL_FEATURES, catalogueId: CATALOGUE_ID })
  const policyFor = policyOf(env, model, environment.TOLLGATE_PUBLIC_URL)
  const house = wireHouse({
    platform,
    vault,
    db,
    velocity: new SqlVelocityStore({ db }),
    ranges: new SqlRangeWatch({ db, hash: (text) => vault.digest('subjects', text) }),
    customerDays: environment.TOLLGATE_CUSTOMER_DAYS,
    phoneData: NO_PHONE_DATA,
    policy: (sandbox) => {
      const policy = policyFor({
        platform,
        sandbox,
        memory: createRouterMemory(new SqlPaceStore(db.driver)),
      })
      return () => policy
    },
    pause: undefined,
    alarm: (afterMs, ring) => {
      if (afterMs <= ALARM_MAX_MS) waitUntil(wait(afterMs).then(ring))
    },
    dueMax: DUE_MAX,
    patience: patienceOf(environment),
    callbacks: {
      fetch: (url, init) => platform.fetch(url, init),
      resolve: undefined,
      targets: environment.TOLLGATE_WEBHOOK_TARGETS,
      keptDays: environment.TOLLGATE_WEBHOOK_LOG_DAYS,
      pause: undefined,
    },
  })
  const clientIp = { from: 'cf-connecting-ip' as const, trustedHops: 1 }
  const app = createApp(wireServices(house, { db, clientIp, version }))
  return { env, app, house, ready: firstAccount(house, environment) }
}

function environmentOf(env: WorkerEnv): Environment {
  const read = readEnvironment(env)
  if (read.kind === 'ok') return read.environment
  throw new Error(`The environment is wrong: ${read.mistakes.join('; ')}`)
}

function masterKeysOf(environment: Environment): readonly [Uint8Array, ...Uint8Array[]] {
  const { TOLLGATE_MASTER_KEY: own, TOLLGATE_OLD_MASTER_KEYS: old } = environment
  if (own === undefined) throw new Error('The secret TOLLGATE_MASTER_KEY is missing.')
  return [own, ...old]
}

function policyOf(
  env: WorkerEnv,
  model: ReturnType<typeof parseModel>,
  publicUrl: string | undefined,
) {
  const environment = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
  const loaded = loadPolicy({
    files: WORKER_RULES,
    environment,
    networks: undefined,
    model,
    publicUrl,
    kinds: WORKER_KINDS,
  })
  if (loaded.kind === 'ok') return loaded.policyFor
  throw new Error(`The rules are wrong: ${loaded.mistakes.map(formatMistake).join('; ')}`)
}

/** There is no terminal to show a key on, so a Worker's first key is the one it was given. */
async function firstAccount(house: House, environment: Environment): Promise<void> {
  const givenKey = environment.TOLLGATE_BOOTSTRAP_KEY as { id: KeyId; secret: string } | undefined
  if (givenKey === undefined) return
  await openFirstAccount(house, {
    currency: currency('USD'),
    sandboxBalance: micros(environment.TOLLGATE_SANDBOX_BALANCE_MICROS),
    givenKey,
  })
}
