import type { AccountId, IdSource, KeyId, ServiceId } from '../../domain/ids.ts'
import type { Currency } from '../../domain/money.ts'
import { makeAccount } from '../../tenancy/accounts.ts'
import type {
  Account,
  Key,
  KeyWithHash,
  Page,
  Service,
  ServiceSettings,
  TenancyStore,
} from '../../tenancy/tenancy.ts'

export type TenantDefaults = { readonly currency: Currency; readonly settings?: ServiceSettings }
export type Tenant = { readonly account: Account; readonly service: Service }

/** For replays and tests: nothing outlives the process. */
export class MemoryTenancyStore implements TenancyStore {
  private readonly accountsById = new Map<AccountId, Account>()
  private readonly keysById = new Map<KeyId, KeyWithHash>()
  /** By account, then by id, oldest first. */
  private readonly servicesByAccount = new Map<AccountId, Map<ServiceId, Service>>()
  private readonly tenantsByName = new Map<string, Tenant>()

  /** The account of a log's tenant and its default service, made when the name is first heard. One map look-up after that. */
  tenantNamed(name: string, ids: IdSource, defaults: TenantDefaults): Tenant {
    const known = this.tenantsByName.get(name)
    if (known !== undefined) return known
    const made = makeAccount(ids, { name, ...defaults })
    this.keepAccount(made)
    this.tenantsByName.set(name, made)
    return made
  }

  async createAccount(account: Account, service: Service, key: KeyWithHash): Promise<boolean> {
    if (this.keysById.has(key.key.id)) return false
    this.keepAccount({ account, service })
    await this.createKey(key)
    return true
  }

  async isEmpty(): Promise<boolean> {
    return this.accountsById.size === 0
  }

  async account(id: AccountId): Promise<Account | undefined> {
    return this.accountsById.get(id)
  }

  async accountsAfter(id: AccountId | undefined): Promise<readonly Account[]> {
    const later = [...this.accountsById.values()].filter((one) => id === undefined || one.id > id)
    return newestFirst(later).toReversed().slice(0, LISTED_MAX)
  }

  async key(id: KeyId): Promise<KeyWithHash | undefined> {
    return this.keysById.get(id)
  }

  async keys(accountId: AccountId, page: Page<KeyId>): Promise<readonly Key[]> {
    const keys = Array.from(this.keysById.values(), ({ key }) => key)
    return pageOf(
      keys.filter((key) => key.accountId === accountId),
      page,
    )
  }

  /** Takes no more than it needs: a freshly minted key comes with its secret. */
  async createKey({ key, secretHash }: KeyWithHash): Promise<void> {
    this.keysById.set(key.id, { key, secretHash })
  }

  async revokeKey(accountId: AccountId, id: KeyId, nowMs: number): Promise<boolean> {
    const found = this.keysById.get(id)
    if (found?.key.accountId !== accountId || found.key.revokedAtMs !== undefined) return false
    this.keysById.set(id, { ...found, key: { ...found.key, revokedAtMs: nowMs } })
    return true
  }

  async service(accountId: AccountId, id: ServiceId): Promise<Service | undefined> {
    return this.servicesByAccount.get(accountId)?.get(id)
  }

  async services(accountId: AccountId, page: Page<ServiceId>): Promise<readonly Service[]> {
    return pageOf([...(this.servicesByAccount.get(accountId)?.values() ?? [])], page)
  }

  async createService(service: Service): Promise<void> {
    const own = this.servicesByAccount.get(service.accountId) ?? new Map<ServiceId, Service>()
    this.servicesByAccount.set(service.accountId, own.set(service.id, service))
  }

  async updateService(service: Service): Promise<boolean> {
    const own = this.servicesByAccount.get(service.accountId)
    if (own?.has(service.id) !== true) return false
    own.set(service.id, service)
    return true
  }

  private keepAccount({ account, service }: Tenant): void {
    this.accountsById.set(account.id, account)
    this.servicesByAccount.set(account.id, new Map([[service.id, service]]))
  }
}

const LISTED_MAX = 1_000

const pageOf = <T extends { readonly id: string }>(
  rows: readonly T[],
  { limit, before }: Page<T['id']>,
): readonly T[] =>
  newestFirst(rows.filter(({ id }) => before === undefined || id < before)).slice(0, limit)

const newestFirst = <T extends { readonly id: string }>(rows: readonly T[]): readonly T[] =>
  rows.toSorted((left, right) => (left.id < right.id ? 1 : -1))
