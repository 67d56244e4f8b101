import type { ClientIpPolicy } from '../../src/api/client-ip.ts'
import { createApp } from '../../src/app.ts'
import { WORKER_KINDS } from '../../src/channels/kinds.ts'
import type { RegisteredKind } from '../../src/channels/registered-kind.ts'
import type { RulesFiles } from '../../src/config/placed-data.ts'
import { readRulesFiles } from '../../src/config/yaml-file.ts'
import { assert } from '../../src/domain/assert.ts'
import { newId } from '../../src/domain/ids.ts'
import { currency, micros } from '../../src/domain/money.ts'
import type { House } from '../../src/flows/house.ts'
import { openFirstAccount } from '../../src/flows/open-first-account.ts'
import type { LogFields } from '../../src/platform/platform.ts'
import { openVault } from '../../src/platform/vault.ts'
import { seededDice, virtualClock, virtualPlatform } from '../../src/platform/virtual.ts'
import type { Model } from '../../src/risk/model/model.ts'
import { NO_PHONE_DATA } from '../../src/risk/phone-index.ts'
import { closed } from '../../src/risk/ranges/blocks.ts'
import { MemoryRangeWatch } from '../../src/risk/ranges/memory-watch.ts'
import type { RangeWatch } from '../../src/risk/ranges/watch.ts'
import type { VelocityStore } from '../../src/risk/velocity.ts'
import type { Database } from '../../src/storage/database.ts'
import { MemoryVelocityStore } from '../../src/storage/memory/velocity-store.ts'
import { makeAccount } from '../../src/tenancy/accounts.ts'
import { mintKey } from '../../src/tenancy/secrets.ts'
import type { Account, Scope } from '../../src/tenancy/tenancy.ts'
import { type CallbackParts, wireHouse, wireServices } from '../../src/wire.ts'
import { loadPolicy } from '../../src/wire-policy.ts'
import type { scriptedRouter } from './scripted-router.ts'

export type HouseOptions = {
  readonly seed?: number
  /** Unix milliseconds at which the clock starts; noon of an ordinary Monday. */
  readonly startMs?: number
  /** Of the first account, in micros of a US dollar. */
  readonly balance?: number
  readonly clientIp?: ClientIpPolicy
  readonly model?: Model
  readonly fetch?: typeof fetch
  /** How webhooks are reached; by `fetch` where absent. */
  readonly callbacks?: Partial<CallbackParts>
  /** Instead of the one that the rules folder describes. */
  readonly router?: ReturnType<typeof scriptedRouter>
  /** Files of the rules folder that replace or join those of the project. */
  readonly rules?: Readonly<Record<string, string>>
  /** The kinds of provider that they may name; those of a Worker where absent. */
  readonly kinds?: readonly RegisteredKind[]
}

export type HouseGround = {
  /** Migrated and empty. */
  readonly db: Database
  readonly rules: RulesFiles
  /** In memory where absent. */
  readonly velocity?: VelocityStore
  readonly ranges?: RangeWatch
  /** Another house on the same database, whose accounts, keys and secrets this one shares. */
  readonly beside?: Accounts & { readonly house: Pick<House, 'vault'> }
}

const SOCKET: ClientIpPolicy = { from: 'socket', trustedHops: 1 }
/** The tenant's server in every request that does not say otherwise. */
const PEER = '192.0.2.10'

/**
 * A whole service on any database and any runtime: a clock you turn, dice you load, and a phone you can read. Two accounts: the
 * first with a balance and a key of each scope, the other with an admin key and nothing else.
 */
export async function openHouseOn(ground: HouseGround, options: HouseOptions = {}) {
  const { db } = ground
  const { velocity = new MemoryVelocityStore(), ranges = new MemoryRangeWatch() } = ground
  const clock = virtualClock(options.startMs ?? Date.UTC(2026, 2, 2, 12))
  const dice = seededDice(options.seed ?? 1)
  const tasks = trackedTasks()
  const logs: string[] = []
  const platform = virtualPlatform({
    clock,
    dice,
    defer: tasks.defer,
    log: collectedLog(logs),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })
  const loaded = loadPolicy({
    files: new Map([
      ...ground.rules,
      ...readRulesFiles(new Map(Object.entries(options.rules ?? {}))),
    ]),
    environment: {},
    networks: undefined,
    model: options.model,
    kinds: options.kinds ?? WORKER_KINDS,
  })
  assert(loaded.kind === 'ok', `the rules are in order: ${JSON.stringify(loaded)}`)
  const house = wireHouse({
    platform,
    vault: ground.beside?.house.vault ?? openVault([dice.bytes(32)], platform.randomBytes),
    db,
    velocity,
    ranges,
    customerDays: 400,
    phoneData: NO_PHONE_DATA,
    policy: (sandbox, sessionOf) => {
      const router = options.router?.({ platform, sandbox })
      const read = loaded.policyFor({ platform, sandbox, sessionOf })
      const policy = router === undefined ? read : { ...read, router }
      return () => policy
    },
    pause: undefined,
    alarm: undefined,
    patience: { unknownMs: 24 * 3_600_000, receiptMs: 72 * 3_600_000 },
    callbacks: {
      fetch: (url, init) => platform.fetch(url, init),
      resolve: undefined,
      targets: 'public',
      keptDays: 30,
      pause: undefined,
      ...options.callbacks,
    },
  })
  const services = wireServices(house, {
    db,
    clientIp: options.clientIp ?? SOCKET,
    version: '0.0.0-test',
  })
  const { account, keys } =
    ground.beside ?? (await openAccounts(house, options.balance ?? 1_000_000_000))
  const app = createApp(services)
  const request = async (path: string, init: RequestInit = {}, peerIp: string = PEER) =>
    app.request(
      path,
      init,
      peerIp === '' ? {} : { incoming: { socket: { remoteAddress: peerIp } } },
    )
  const send = (method: string) => (path: string, json?: unknown, headers?: HeadersInit) =>
    request(path, {
      method,
      headers: {
        authorization: keys.admin,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    })
  return {
    app,
    house,
    services,
    clock,
    dice,
    logs,
    account,
    /** Authorization headers. */
    keys,
    request,
    get: send('GET'),
    post: send('POST'),
    patch: send('PATCH'),
    del: send('DELETE'),
    settle: tasks.settle,
    /** What was delivered, newest first. */
    inbox: (to?: string) => house.sandbox.list({ to, limit: 1000 }),
    breakStore: () => breakNextOpen(house),
    loseNextSend: () => emptyNextPlan(house),
    closeRange: (country: string) => closeRange(house, account, country),
  }
}

export type OpenedHouse = Awaited<ReturnType<typeof openHouseOn>>

type Accounts = Awaited<ReturnType<typeof openAccounts>>

async function openAccounts(house: House, balance: number) {
  const first = await openFirstAccount(house, {
    currency: currency('USD'),
    sandboxBalance: micros(balance),
    givenKey: undefined,
  })
  assert(first !== undefined, 'the database is empty')
  const admin = await house.tenancy.key(first.keyId)
  const account = admin && (await house.tenancy.account(admin.key.accountId))
  assert(account !== undefined, 'the first key belongs to the first account')
  const keys = {
    admin: basic(first.keyId, first.secret),
    verify: await openKey(house, account, 'verify'),
    report: await openKey(house, account, 'report'),
    other: await openOtherAccount(house),
  }
  return { account, keys }
}

async function openKey(house: House, { id }: Account, scope: Scope): Promise<string> {
  const minted = mintKey(mintOf(house), specOf(id, scope))
  await house.tenancy.createKey(minted)
  return basic(minted.key.id, minted.secret)
}

async function openOtherAccount(house: House): Promise<string> {
  const made = makeAccount(house.platform, { name: 'Other', currency: currency('USD') })
  const minted = mintKey(mintOf(house), specOf(made.account.id, 'admin'))
  await house.tenancy.createAccount(made.account, made.service, minted)
  return basic(minted.key.id, minted.secret)
}

const mintOf = (house: House) => ({ ids: house.platform, vault: house.vault })
const specOf = (accountId: Account['id'], scope: Scope) => ({
  accountId,
  name: scope,
  scopes: [scope],
  allowedIps: undefined,
})
const basic = (id: string, secret: string): string => `Basic ${btoa(`${id}:${secret}`)}`

function collectedLog(logs: string[]) {
  const at = (level: string) => (event: string, fields?: LogFields) => {
    logs.push(JSON.stringify({ level, event, ...fields }))
  }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}

function trackedTasks() {
  const pending = new Set<Promise<unknown>>()
  return {
    defer: (task: Promise<unknown>): void => {
      const tracked = task.catch(() => undefined).finally(() => pending.delete(tracked))
      pending.add(tracked)
    },
    settle: async (): Promise<void> => {
      while (pending.size > 0) await Promise.allSettled(pending)
    },
  }
}

/** As the service closes one by itself; answers the block's id. */
async function closeRange(house: House, { id }: Account, country: string): Promise<string> {
  const evidence = {
    suspicion: 0.9,
    surge: 8,
    excess: 6,
    asksDay: 40.5,
    outcomes: 30,
    unanswered: 29,
  }
  const found = { accountId: id, kind: 'country', range: country, evidence } as const
  const blockId = newId('RB', house.platform)
  await house.rangeBlocks.put(closed(undefined, { ...found, id: blockId }, house.platform.nowMs()))
  return blockId
}

/** As where no route leads to. */
function emptyNextPlan({ policy }: House): void {
  const { router } = policy()
  const { planFor } = router
  const none = () => {
    Object.assign(router, { planFor })
    return []
  }
  Object.assign(router, { planFor: none })
}

/** As drivers fail: with everything that must not be said in the message. */
function breakNextOpen({ verifications }: House): void {
  const open = verifications.open
  verifications.open = (opening) => {
    verifications.open = open
    const { phone } = opening.verification
    return Promise.reject(new Error(`Failed query: insert into sends params: ${phone},123456`))
  }
}
