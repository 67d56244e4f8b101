import type { ClientIpPolicy } from './api/client-ip.ts'
import type { Services } from './api/env.ts'
import { eventBody } from './api/native/answers/events.ts'
import type { BuildDeps } from './channels/check-routes.ts'
import { derivedCodes } from './codes/code-book.ts'
import { openBudgetBook } from './flows/budget-book.ts'
import { carrySend } from './flows/carry-send.ts'
import { altchaDesk } from './flows/challenge-desk.ts'
import { type Courier, openCourier } from './flows/courier.ts'
import { closeFlights, leaseDue, leaseWoken } from './flows/dispatch-outbox.ts'
import { type Dispatcher, type DispatcherParts, openDispatcher } from './flows/dispatcher.ts'
import type { House, Patience } from './flows/house.ts'
import { learnBefore } from './flows/learn-routes.ts'
import { openListBook } from './flows/list-book.ts'
import { openMonthBook } from './flows/month-book.ts'
import type { Policy } from './flows/policy.ts'
import type { TargetFetch } from './flows/post-webhook.ts'
import { openRangeBook } from './flows/range-book.ts'
import { recordDeliveries } from './flows/record-receipts.ts'
import { openRuleSetBook } from './flows/rule-set-book.ts'
import { openScoreBook } from './flows/score-book.ts'
import type { WebhookDesk } from './flows/webhook-desk.ts'
import type { Platform } from './platform/platform.ts'
import type { Vault } from './platform/vault.ts'
import { openClientReader } from './risk/client-facts.ts'
import type { RangeWatch } from './risk/ranges/watch.ts'
import type { PhoneData } from './risk/signals.ts'
import type { VelocityStore } from './risk/velocity.ts'
import type { Database } from './storage/database.ts'
import { SqlBatchStore } from './storage/sql/batch-store.ts'
import { SqlBudgetStore } from './storage/sql/budget-store.ts'
import { SqlCustomerStore } from './storage/sql/customer-store.ts'
import { SqlDeadLetterStore } from './storage/sql/dead-letter-store.ts'
import { SqlEventStore } from './storage/sql/event-store.ts'
import { SqlHoldStore } from './storage/sql/hold-store.ts'
import { SqlIdempotencyStore } from './storage/sql/idempotency-store.ts'
import { SqlLedgerStore } from './storage/sql/ledger-store.ts'
import { SqlListStore } from './storage/sql/list-store.ts'
import { SqlMonthStore } from './storage/sql/month-store.ts'
import { SqlOutboxStore } from './storage/sql/outbox-store.ts'
import { SqlPackageStore } from './storage/sql/package-store.ts'
import { SqlPartShelf } from './storage/sql/part-shelf.ts'
import { SqlRangeBlockStore } from './storage/sql/range-block-store.ts'
import { SqlReportStore } from './storage/sql/report-store.ts'
import { SqlRuleSetStore } from './storage/sql/rule-set-store.ts'
import { SqlSandboxInbox } from './storage/sql/sandbox-inbox.ts'
import { SqlScoreStore } from './storage/sql/score-store.ts'
import { SqlShadowStore } from './storage/sql/shadow-store.ts'
import { SqlStatementStore } from './storage/sql/statement-store.ts'
import { sweepExpired } from './storage/sql/sweep.ts'
import { SqlTenancyStore } from './storage/sql/tenancy-store.ts'
import { SqlVerificationStore } from './storage/sql/verification-store.ts'
import { SqlWebhookStore } from './storage/sql/webhook-store.ts'
import { cachedTenancy } from './tenancy/cached-tenancy.ts'
import { openKeyRing } from './tenancy/key-ring.ts'
import { version } from './version.ts'
import type { TargetPolicy } from './webhooks/target.ts'

/** What differs between Node, Workers and tests. */
export type Parts = {
  readonly platform: Platform
  readonly vault: Vault
  readonly db: Database
  readonly velocity: VelocityStore
  readonly ranges: RangeWatch
  /** A number that verified is forgotten so long after its last code. */
  readonly customerDays: number
  readonly phoneData: PhoneData
  /** Made here because providers need the house's inbox, and a way to its outbox. */
  readonly policy: (
    sandbox: House['sandbox'],
    sessionOf: NonNullable<BuildDeps['sessionOf']>,
  ) => () => Policy
  /** See `openDispatcher`. */
  readonly pause: (() => Promise<void>) | undefined
  readonly alarm: DispatcherParts['alarm']
  readonly dueMax?: DispatcherParts['dueMax']
  readonly patience: Patience
  readonly callbacks: CallbackParts
}

/** How this runtime reaches the receivers of events. */
export type CallbackParts = {
  readonly fetch: TargetFetch
  readonly resolve: WebhookDesk['resolve']
  readonly targets: TargetPolicy
  /** How long events and what was tried are kept. */
  readonly keptDays: number
  /** See `openCourier`. */
  readonly pause: (() => Promise<void>) | undefined
}

export type WiredHouse = House & { readonly webhooks: WebhookDesk }

/** The one place where a server's stores and rooms are joined. Read it top to bottom to know what runs. */
export function wireHouse(parts: Parts): WiredHouse {
  const { platform, vault, db } = parts
  const sandbox = new SqlSandboxInbox({ db, vault })
  const rangeBlocks = new SqlRangeBlockStore(db.driver)
  const ownScores = openScoreBook(new SqlScoreStore(db.driver))
  const idempotency = new SqlIdempotencyStore(db, vault)
  const desk = wireWebhooks(parts)
  const { courier } = desk
  const house: WiredHouse = {
    platform,
    vault,
    policy: parts.policy(sandbox, (providerId) => ({
      onDelivery: (deliveries) => recordDeliveries(house, providerId, deliveries),
      parts: new SqlPartShelf(db.driver, providerId),
    })),
    codes: derivedCodes(vault),
    challenges: altchaDesk(platform, vault),
    phoneData: parts.phoneData,
    readClient: openClientReader(),
    hash: (text) => vault.digest('subjects', text),
    verifications: new SqlVerificationStore({ db, vault }),
    outbox: new SqlOutboxStore({ db, vault }),
    batches: new SqlBatchStore({ db, vault }),
    deadLetters: new SqlDeadLetterStore({ db, vault }),
    ...wireMoney(parts),
    velocity: parts.velocity,
    ranges: parts.ranges,
    rangeBlocks: openRangeBook(rangeBlocks),
    customers: new SqlCustomerStore(db.driver),
    ownScores,
    ruleSets: openRuleSetBook(platform, new SqlRuleSetStore(db.driver)),
    lists: openListBook(new SqlListStore(db, vault)),
    reports: new SqlReportStore(db, vault),
    shadow: new SqlShadowStore(db.driver),
    tenancy: cachedTenancy(new SqlTenancyStore(db, vault), platform.nowMs),
    idempotency,
    sandbox,
    purge: async (nowMs) => {
      await purge(parts, idempotency, nowMs)
      await ownScores.purge(nowMs)
    },
    evidence: { stored: true, onVector: undefined },
    events: courier,
    webhooks: desk,
    wake: (woken) => dispatcher.wake(woken),
    wakeDue: () => dispatcher.wakeDue(),
    patience: parts.patience,
  }
  const dispatcher = wireDispatcher(house, courier, parts)
  return house
}

const wireMoney = ({ db, vault }: Pick<Parts, 'db' | 'vault'>) => ({
  ledger: new SqlLedgerStore({ db, vault }),
  packages: new SqlPackageStore({ db, vault }),
  months: openMonthBook(new SqlMonthStore(db.driver)),
  budgets: openBudgetBook(new SqlBudgetStore(db.driver)),
  statements: new SqlStatementStore(db.driver),
  holds: new SqlHoldStore({ db, vault }),
})

/** Leases, carries and closes sends of this house; `courier` hears of every round that ended. */
export const wireDispatcher = (
  house: House,
  courier: Pick<Courier, 'wake'>,
  { platform, pause, alarm, dueMax }: Pick<Parts, 'platform' | 'pause' | 'alarm' | 'dueMax'>,
): Dispatcher =>
  openDispatcher({
    platform,
    leaseWoken: async (woken) => {
      await learnBefore(house)
      return leaseWoken(house, woken)
    },
    leaseDue: async (places) => {
      await learnBefore(house)
      return leaseDue(house, places)
    },
    carry: (flight) => carrySend(house, flight),
    close: (ended) => closeFlights(house, ended).finally(courier.wake),
    pause,
    alarm,
    dueMax,
  })

function wireWebhooks({ platform, vault, db, callbacks }: Parts) {
  const { fetch, resolve, targets, pause } = callbacks
  const events = new SqlEventStore({ db, vault })
  const courier = openCourier({
    platform,
    events,
    fetch,
    targets,
    render: eventBody,
    userAgent: `Tollgate-Webhooks/${version}`,
    pause,
  })
  const webhooks = new SqlWebhookStore({ db, vault })
  return { platform, webhooks, events, courier, targets, resolve }
}

const PURGED_AT_ONCE = 1_000
const DAY_MS = 86_400_000

async function purge(
  { db, vault, velocity, ranges, customerDays, callbacks }: Parts,
  idempotency: SqlIdempotencyStore,
  nowMs: number,
): Promise<void> {
  const customers = new SqlCustomerStore(db.driver)
  await sweepExpired(db.driver, nowMs)
  await idempotency.purge(nowMs, PURGED_AT_ONCE)
  await velocity.purge(nowMs, PURGED_AT_ONCE)
  await ranges.purge(nowMs, PURGED_AT_ONCE)
  await customers.purge(nowMs - customerDays * DAY_MS, PURGED_AT_ONCE)
  await new SqlRangeBlockStore(db.driver).purge(nowMs)
  const oldestMs = nowMs - callbacks.keptDays * DAY_MS
  await new SqlEventStore({ db, vault }).purge(oldestMs, PURGED_AT_ONCE)
}

/** What the doors are handed. */
export function wireServices(
  house: WiredHouse,
  { db, clientIp, version }: { db: Database; clientIp: ClientIpPolicy; version: string },
): Services {
  return {
    house,
    keys: openKeyRing({ store: house.tenancy, vault: house.vault }),
    webhooks: house.webhooks,
    ready: async () => ({ database: await answers(db), rules: true }),
    clientIp,
    sandboxOn: () => house.policy().usesSandbox,
    version,
  }
}

async function answers(db: Database): Promise<boolean> {
  try {
    await db.driver.all({ sql: 'SELECT 1', args: [] })
    return true
  } catch {
    return false
  }
}
