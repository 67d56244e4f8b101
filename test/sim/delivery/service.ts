import { checkRoutes } from '../../../src/channels/check-routes.ts'
import { WORKER_KINDS } from '../../../src/channels/kinds.ts'
import type { Provider } from '../../../src/channels/provider.ts'
import { createRouter } from '../../../src/channels/router.ts'
import { derivedCodes } from '../../../src/codes/code-book.ts'
import { readRulesFiles } from '../../../src/config/yaml-file.ts'
import { assert } from '../../../src/domain/assert.ts'
import type { SendId } from '../../../src/domain/ids.ts'
import { openBudgetBook } from '../../../src/flows/budget-book.ts'
import { altchaDesk } from '../../../src/flows/challenge-desk.ts'
import type { House } from '../../../src/flows/house.ts'
import { openListBook } from '../../../src/flows/list-book.ts'
import { openMonthBook } from '../../../src/flows/month-book.ts'
import type { Policy } from '../../../src/flows/policy.ts'
import { openRangeBook } from '../../../src/flows/range-book.ts'
import { openScoreBook } from '../../../src/flows/score-book.ts'
import type { Log, Platform } from '../../../src/platform/platform.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import { type Dice, virtualPlatform } from '../../../src/platform/virtual.ts'
import { openClientReader } from '../../../src/risk/client-facts.ts'
import { NO_PHONE_DATA } from '../../../src/risk/phone-index.ts'
import { MemoryRangeWatch } from '../../../src/risk/ranges/memory-watch.ts'
import { noBatches } from '../../../src/storage/memory/no-batches.ts'
import { noStatements } from '../../../src/storage/memory/no-statements.ts'
import { MemoryVelocityStore } from '../../../src/storage/memory/velocity-store.ts'
import { cachedTenancy } from '../../../src/tenancy/cached-tenancy.ts'
import { wireDispatcher } from '../../../src/wire.ts'
import { loadPolicy, type PolicyMaker } from '../../../src/wire-policy.ts'
import type { Agenda } from './agenda.ts'
import { mapStores, type Stores } from './ground.ts'
import { Life } from './life.ts'
import { COSTS_CSV, PRICES_YAML, routesOf } from './setting.ts'

export type ServiceParts = {
  readonly agenda: Agenda
  readonly dice: Dice
  readonly vault: Vault
  readonly stores: Stores
  readonly policyMaker: PolicyMaker
  readonly providers: ReadonlyMap<string, Provider>
  /** The process heard that this provider took this send. */
  readonly onAccepted: (sendId: SendId, providerId: string) => void
  /** An error that the service logs. */
  readonly onError: (event: string) => void
  readonly whenOver: () => void
  /** Keeps what decisions were made from, which costs a little. */
  readonly storesEvidence?: boolean
}

/** One run of the service's process, from its start to its end. */
export type Service = { readonly life: Life; readonly house: House }

const HOUR_MS = 3_600_000
const SANDBOX: House['sandbox'] = { put: async () => {}, list: async () => [] }
/** No door stands before the flows here, so nothing is asked twice. */
const NO_IDEMPOTENCY: House['idempotency'] = {
  begin: async () => ({ kind: 'first' }),
  finish: async () => {},
  abandon: async () => {},
  purge: async () => 0,
}

/** The operator's files of the simulation; the rules are those of the project. */
export function readSimPolicy(texts: ReadonlyMap<string, string>): PolicyMaker {
  const loaded = loadPolicy({
    files: readRulesFiles(
      new Map([
        ...texts,
        ['routes.yaml', JSON.stringify(routesOf('sandbox'))],
        ['costs/sim.csv', COSTS_CSV],
        ['prices/usd.yaml', PRICES_YAML],
      ]),
    ),
    environment: {},
    networks: undefined,
    model: undefined,
    kinds: WORKER_KINDS,
  })
  assert(loaded.kind === 'ok', `the files are in order: ${JSON.stringify(loaded)}`)
  return loaded.policyFor
}

/** Flows, router and dispatcher as the server has them, over stores that outlive it and providers that it cannot trust. */
export function startService(parts: ServiceParts): Service {
  const { agenda, dice, vault, onError } = parts
  const life = new Life(parts.whenOver)
  const log: Log = { info: () => {}, warn: () => {}, error: (event) => onError(event) }
  const defer = (task: Promise<unknown>) => {
    task.catch((error: unknown) => onError(`defer: ${String(error)}`))
  }
  const platform = virtualPlatform({ clock: agenda.clock, dice, defer, log })
  const stores = mapStores(parts.stores, (store) => life.wrap(store))
  const policy = policyOf(parts, life, platform)
  const house: House = {
    ...stores,
    platform,
    vault,
    policy: () => policy,
    codes: derivedCodes(vault),
    challenges: altchaDesk(platform, vault),
    phoneData: NO_PHONE_DATA,
    readClient: openClientReader(),
    hash: (text) => text,
    budgets: openBudgetBook(stores.budgets),
    statements: noStatements,
    batches: noBatches,
    months: openMonthBook(stores.months),
    velocity: new MemoryVelocityStore(),
    ranges: new MemoryRangeWatch(),
    rangeBlocks: openRangeBook(stores.rangeBlocks),
    ownScores: openScoreBook(stores.scores),
    ruleSets: { keep: () => {}, find: async () => undefined },
    lists: openListBook(stores.lists),
    shadow: { totals: async () => [] },
    tenancy: cachedTenancy(stores.tenancy, platform.nowMs),
    idempotency: NO_IDEMPOTENCY,
    sandbox: SANDBOX,
    evidence: { stored: parts.storesEvidence ?? false, onVector: undefined },
    events: { raise: async () => {}, sweep: async () => {} },
    purge: async () => {},
    wake: (woken) => dispatcher.wake(woken),
    wakeDue: () => dispatcher.wakeDue(),
    patience: { unknownMs: 24 * HOUR_MS, receiptMs: 72 * HOUR_MS },
  }
  const dispatcher = wireDispatcher(
    house,
    { wake: () => {} },
    {
      platform,
      pause: () => agenda.sleep(5),
      alarm: (afterMs, ring) => agenda.after(afterMs, ring),
    },
  )
  return { life, house }
}

/** The router is made anew, so what it knew of providers is gone with the process before. */
function policyOf(parts: ServiceParts, life: Life, platform: Platform): Policy {
  const { policyMaker, providers } = parts
  const known = { platform, sandbox: SANDBOX }
  const kind = 'fake'
  const create = (id: string): Provider => {
    const provider = providers.get(id)
    assert(provider !== undefined, `there is a provider ${id}`)
    return hearing(life, provider, parts.onAccepted)
  }
  const checked = checkRoutes(routesOf(kind), {}, [{ kind, prepare: () => create }])
  assert(checked.kind === 'good', `the routes are in order: ${JSON.stringify(checked)}`)
  const router = createRouter({ ...known, checked: checked.checked, publicUrl: undefined })
  return { ...policyMaker(known), router }
}

function hearing(life: Life, provider: Provider, onAccepted: ServiceParts['onAccepted']): Provider {
  const mortal = life.wrap(provider)
  return {
    ...provider,
    send: async (message, deadlineMs) => {
      const result = await mortal.send(message, deadlineMs)
      if (result.kind === 'accepted') onAccepted(message.id, provider.id)
      return result
    },
    ...(provider.query === undefined
      ? {}
      : { query: (sent, deadlineMs) => life.call(async () => provider.query!(sent, deadlineMs)) }),
  }
}
