import type { ClientIpPolicy } from './api/client-ip.ts'
import type { Services } from './api/env.ts'
import { derivedCodes } from './codes/code-book.ts'
import { altchaDesk } from './flows/challenge-desk.ts'
import { dispatchOutbox } from './flows/dispatch-outbox.ts'
import { openDispatcher } from './flows/dispatcher.ts'
import type { House } from './flows/house.ts'
import { openListBook } from './flows/list-book.ts'
import type { Policy } from './flows/policy.ts'
import { openRangeBook } from './flows/range-book.ts'
import type { Platform } from './platform/platform.ts'
import type { Vault } from './platform/vault.ts'
import { openClientReader } from './risk/client-facts.ts'
import type { RangeWatch } from './risk/ranges/watch.ts'
import type { PhoneData } from './risk/signals.ts'
import type { VelocityStore } from './risk/velocity.ts'
import type { Database } from './storage/database.ts'
import { SqlCustomerStore } from './storage/sql/customer-store.ts'
import { SqlIdempotencyStore } from './storage/sql/idempotency-store.ts'
import { SqlLedgerStore } from './storage/sql/ledger-store.ts'
import { SqlListStore } from './storage/sql/list-store.ts'
import { SqlOutboxStore } from './storage/sql/outbox-store.ts'
import { SqlRangeBlockStore } from './storage/sql/range-block-store.ts'
import { SqlReportStore } from './storage/sql/report-store.ts'
import { SqlSandboxInbox } from './storage/sql/sandbox-inbox.ts'
import { SqlShadowStore } from './storage/sql/shadow-store.ts'
import { sweepExpired } from './storage/sql/sweep.ts'
import { SqlTenancyStore } from './storage/sql/tenancy-store.ts'
import { SqlVerificationStore } from './storage/sql/verification-store.ts'
import { cachedTenancy } from './tenancy/cached-tenancy.ts'
import { openKeyRing } from './tenancy/key-ring.ts'

/** What differs between Node, Workers and tests. */
export type Parts = {
  readonly platform: Platform
  readonly vault: Vault
  readonly db: Database
  readonly velocity: VelocityStore
  readonly ranges: RangeWatch
  readonly phoneData: PhoneData
  /** Made here because the sandbox provider needs the house's inbox. */
  readonly policy: (sandbox: House['sandbox']) => () => Policy
  /** See `openDispatcher`. */
  readonly pause: (() => Promise<void>) | undefined
}

/** The one place where a server's stores and rooms are joined. Read it top to bottom to know what runs. */
export function wireHouse(parts: Parts): House {
  const { platform, vault, db } = parts
  const sandbox = new SqlSandboxInbox({ db, vault })
  const rangeBlocks = new SqlRangeBlockStore(db.driver)
  const idempotency = new SqlIdempotencyStore(db, vault)
  const house: House = {
    platform,
    vault,
    policy: parts.policy(sandbox),
    codes: derivedCodes(vault),
    challenges: altchaDesk(platform, vault),
    phoneData: parts.phoneData,
    readClient: openClientReader(),
    hash: (text) => vault.digest('subjects', text),
    verifications: new SqlVerificationStore({ db, vault }),
    outbox: new SqlOutboxStore({ db, vault }),
    ledger: new SqlLedgerStore({ db, vault }),
    velocity: parts.velocity,
    ranges: parts.ranges,
    rangeBlocks: openRangeBook(rangeBlocks),
    customers: new SqlCustomerStore(db.driver),
    lists: openListBook(new SqlListStore(db, vault)),
    reports: new SqlReportStore(db, vault),
    shadow: new SqlShadowStore(db.driver),
    tenancy: cachedTenancy(new SqlTenancyStore(db, vault), platform.nowMs),
    idempotency,
    sandbox,
    purge: (nowMs) => purge(parts, idempotency, nowMs),
    evidence: { stored: true, onVector: undefined },
    wake: (sendId) => dispatcher.wake(sendId),
  }
  const dispatcher = openDispatcher({
    platform,
    dispatch: (ids) => dispatchOutbox(house, ids),
    pause: parts.pause,
  })
  return house
}

const PURGED_AT_ONCE = 1_000

async function purge(
  { db, velocity }: Parts,
  idempotency: SqlIdempotencyStore,
  nowMs: number,
): Promise<void> {
  await sweepExpired(db.driver, nowMs)
  await idempotency.purge(nowMs, PURGED_AT_ONCE)
  await velocity.purge(nowMs, PURGED_AT_ONCE)
  await new SqlRangeBlockStore(db.driver).purge(nowMs)
}

/** What the doors are handed. */
export function wireServices(
  house: House,
  { db, clientIp, version }: { db: Database; clientIp: ClientIpPolicy; version: string },
): Services {
  return {
    house,
    keys: openKeyRing({ store: house.tenancy, vault: house.vault }),
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
