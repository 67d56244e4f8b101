import { type IdSource, newId } from '../domain/ids.ts'
import type { Currency } from '../domain/money.ts'
import { DEFAULT_SERVICE_SETTINGS } from './service-settings.ts'
import type { Account, Service, ServiceSettings } from './tenancy.ts'

export type AccountSpec = {
  readonly name: string
  readonly currency: Currency
  /** Of the default service. */
  readonly settings?: ServiceSettings
}

/** A new account and its default service, neither stored yet. */
export function makeAccount(
  ids: IdSource,
  { name, currency, settings = DEFAULT_SERVICE_SETTINGS }: AccountSpec,
): { readonly account: Account; readonly service: Service } {
  const createdAtMs = ids.nowMs()
  const accountId = newId('AC', ids)
  const service = makeService(ids, accountId, settings)
  return {
    account: { id: accountId, name, currency, defaultServiceId: service.id, createdAtMs },
    service,
  }
}

/** A new service, not stored yet. */
export function makeService(
  ids: IdSource,
  accountId: Account['id'],
  settings: ServiceSettings,
): Service {
  const atMs = ids.nowMs()
  return { ...settings, id: newId('VA', ids), accountId, createdAtMs: atMs, updatedAtMs: atMs }
}
