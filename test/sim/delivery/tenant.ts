import { topUp } from '../../../src/billing/postings.ts'
import { newId } from '../../../src/domain/ids.ts'
import { currency, micros } from '../../../src/domain/money.ts'
import type { Vault } from '../../../src/platform/vault.ts'
import type { Dice } from '../../../src/platform/virtual.ts'
import { makeAccount } from '../../../src/tenancy/accounts.ts'
import { mintKey } from '../../../src/tenancy/secrets.ts'
import { DEFAULT_SERVICE_SETTINGS } from '../../../src/tenancy/service-settings.ts'
import type { ServiceSettings, Service as Tenant } from '../../../src/tenancy/tenancy.ts'
import type { Agenda } from './agenda.ts'
import type { Stores } from './ground.ts'

/** What the account pays in at the beginning, in micros. */
export const DEPOSIT = 1_000_000_000_000

/** More messages than ever come, so that it counts all of them and refuses none. */
const BUDGET = {
  serviceId: undefined,
  country: undefined,
  period: 'month',
  kind: 'hard',
  unit: 'sends',
  limit: 1_000_000_000,
  alerts: [],
} as const

type TenantParts = {
  readonly agenda: Agenda
  readonly dice: Dice
  readonly vault: Vault
  readonly settings?: Partial<ServiceSettings>
}

/** An account with money, a budget and a service that lets everybody in: what is simulated is delivery, not fraud. */
export async function openTenant(
  stores: Stores,
  { agenda, dice, vault, settings: own = {} }: TenantParts,
): Promise<Tenant> {
  const ids = { nowMs: () => agenda.nowMs, randomBytes: dice.bytes }
  const settings = {
    ...DEFAULT_SERVICE_SETTINGS,
    protection: 'record_only',
    phonePerMinute: 1_000,
    phonePerHour: 1_000,
    phonePerDay: 1_000,
    ...own,
  } as const
  const { account, service } = makeAccount(ids, {
    name: 'Simulated',
    currency: currency('USD'),
    settings,
  })
  const key = mintKey(
    { ids, vault },
    { accountId: account.id, name: 'key', scopes: ['admin'], allowedIps: undefined },
  )
  await stores.tenancy.createAccount(account, service, key)
  const paid = { accountId: account.id, amount: micros(DEPOSIT), currency: account.currency }
  await stores.ledger.post(topUp({ ...paid, reference: 'sim', atMs: agenda.nowMs }))
  const made = { createdAtMs: agenda.nowMs, updatedAtMs: agenda.nowMs }
  const budget = { ...BUDGET, ...made, id: newId('BG', ids), accountId: account.id }
  await stores.budgets.put(budget)
  return service
}
