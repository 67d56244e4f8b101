import { and, asc, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { AccountId, KeyId, ServiceId } from '../../domain/ids.ts'
import type { Vault } from '../../platform/vault.ts'
import { fromSettings, toSettings } from '../../tenancy/service-settings.ts'
import type {
  Account,
  Key,
  KeyWithHash,
  Page,
  Service,
  TenancyStore,
} from '../../tenancy/tenancy.ts'
import {
  type Database,
  guarded,
  type Orm,
  type Statement,
  StorageError,
  statementOf,
} from '../database.ts'
import { accounts, apiKeys, services } from '../schema/tenancy.ts'

/** Accounts are listed oldest first, never more than these at once. */
const LISTED_MAX = 1_000

/** Look-ups by id are built once, since a request that misses the caches needs all three. */
function lookupsOf(orm: Orm) {
  const id = sql.placeholder('id')
  const accountId = sql.placeholder('accountId')
  return {
    account: orm.select().from(accounts).where(eq(accounts.id, id)).prepare(),
    key: orm.select().from(apiKeys).where(eq(apiKeys.id, id)).prepare(),
    service: orm
      .select()
      .from(services)
      .where(and(eq(services.accountId, accountId), eq(services.id, id)))
      .prepare(),
  }
}

export class SqlTenancyStore implements TenancyStore {
  private readonly db: Database
  private readonly vault: Vault
  private readonly lookups: ReturnType<typeof lookupsOf>

  constructor(db: Database, vault: Vault) {
    this.db = db
    this.vault = vault
    this.lookups = lookupsOf(db.orm)
  }

  async createAccount(account: Account, service: Service, key: KeyWithHash): Promise<boolean> {
    try {
      await this.db.driver.batch([
        this.insertKey(key),
        this.insertService(service),
        statementOf(this.db.orm.insert(accounts).values(account)),
      ])
      return true
    } catch (error) {
      if (error instanceof StorageError && error.constraint === 'api_keys.id') return false
      throw error
    }
  }

  async isEmpty(): Promise<boolean> {
    const found = await guarded(this.db.orm.select({ id: accounts.id }).from(accounts).limit(1))
    return found.length === 0
  }

  async account(id: AccountId): Promise<Account | undefined> {
    const [row] = await guarded(this.lookups.account.all({ id }))
    return row
  }

  async accountsAfter(id: AccountId | undefined): Promise<readonly Account[]> {
    const query = this.db.orm
      .select()
      .from(accounts)
      .where(id && gt(accounts.id, id))
    return guarded(query.orderBy(asc(accounts.id)).limit(LISTED_MAX))
  }

  async key(id: KeyId): Promise<KeyWithHash | undefined> {
    const [row] = await guarded(this.lookups.key.all({ id }))
    return row === undefined ? undefined : { key: toKey(row), secretHash: row.secretHash }
  }

  async keys(accountId: AccountId, { limit, before }: Page<KeyId>): Promise<readonly Key[]> {
    const own = eq(apiKeys.accountId, accountId)
    const query = this.db.orm
      .select()
      .from(apiKeys)
      .where(and(own, before && lt(apiKeys.id, before)))
    return (await guarded(query.orderBy(desc(apiKeys.id)).limit(limit))).map(toKey)
  }

  async createKey(key: KeyWithHash): Promise<void> {
    await this.db.driver.all(this.insertKey(key))
  }

  async revokeKey(accountId: AccountId, id: KeyId, nowMs: number): Promise<boolean> {
    const own = and(eq(apiKeys.id, id), eq(apiKeys.accountId, accountId))
    const revoked = await guarded(
      this.db.orm
        .update(apiKeys)
        .set({ revokedAtMs: nowMs })
        .where(and(own, isNull(apiKeys.revokedAtMs)))
        .returning({ id: apiKeys.id }),
    )
    return revoked.length === 1
  }

  async service(accountId: AccountId, id: ServiceId): Promise<Service | undefined> {
    const [row] = await guarded(this.lookups.service.all({ accountId, id }))
    return row === undefined ? undefined : this.toService(row)
  }

  async services(
    accountId: AccountId,
    { limit, before }: Page<ServiceId>,
  ): Promise<readonly Service[]> {
    const own = eq(services.accountId, accountId)
    const query = this.db.orm
      .select()
      .from(services)
      .where(and(own, before && lt(services.id, before)))
    const rows = await guarded(query.orderBy(desc(services.id)).limit(limit))
    return rows.map((row) => this.toService(row))
  }

  async createService(service: Service): Promise<void> {
    await this.db.driver.all(this.insertService(service))
  }

  async updateService(service: Service): Promise<boolean> {
    const updated = await guarded(
      this.db.orm
        .update(services)
        .set({ ...this.settingsOf(service), updatedAtMs: service.updatedAtMs })
        .where(and(eq(services.accountId, service.accountId), eq(services.id, service.id)))
        .returning({ id: services.id }),
    )
    return updated.length === 1
  }

  private insertKey({ key, secretHash }: KeyWithHash): Statement {
    const { allowedIps, revokedAtMs } = key
    return statementOf(
      this.db.orm.insert(apiKeys).values({
        ...key,
        allowedIps: allowedIps ?? null,
        revokedAtMs: revokedAtMs ?? null,
        secretHash,
      }),
    )
  }

  private insertService(service: Service): Statement {
    const { id, accountId, createdAtMs, updatedAtMs } = service
    const settings = this.settingsOf(service)
    return statementOf(
      this.db.orm.insert(services).values({ id, accountId, ...settings, createdAtMs, updatedAtMs }),
    )
  }

  /** Test numbers are phone numbers: they go sealed, beside the settings. */
  private settingsOf(service: Service) {
    const { test_numbers: numbers, ...settings } = fromSettings(service)
    const testNumbersSealed =
      numbers.length === 0
        ? null
        : this.vault.seal(JSON.stringify(numbers), testNumbersContext(service.id))
    return { settings: { ...settings, test_numbers: [] }, testNumbersSealed }
  }

  private toService(row: typeof services.$inferSelect): Service {
    const { settings, testNumbersSealed: sealed, ...service } = row
    if (sealed === null) return { ...toSettings(settings), ...service }
    const text = this.vault.open(sealed, testNumbersContext(row.id))
    return { ...toSettings({ ...settings, test_numbers: JSON.parse(text) }), ...service }
  }
}

const testNumbersContext = (id: ServiceId): string => `service_test_numbers:${id}`

function toKey(row: typeof apiKeys.$inferSelect): Key {
  const { secretHash: _, allowedIps, revokedAtMs, ...key } = row
  return { ...key, allowedIps: allowedIps ?? undefined, revokedAtMs: revokedAtMs ?? undefined }
}
