import type { HardStop } from '../domain/decision.ts'
import { type AccountId, newId, type ServiceId } from '../domain/ids.ts'
import type { Currency, Micros } from '../domain/money.ts'
import type { Verification } from '../domain/verification.ts'
import type { House } from './house.ts'

type RaisingHouse = Pick<House, 'platform' | 'events'>

/** The last attempt was wrong. Nothing is written when that happens: the attempt was spent before the code was compared. */
export async function raiseFailed(house: RaisingHouse, verification: Verification): Promise<void> {
  const { id, accountId, attempts, sends, state } = verification
  await house.events.raise({
    id: newId('EV', house.platform),
    accountId,
    type: 'verification.failed',
    once: `${id} verification.failed`,
    atMs: house.platform.nowMs(),
    verificationId: id,
    sendId: undefined,
    data: { state, attempts, sends },
  })
}

export type BudgetReached = {
  readonly accountId: AccountId
  /** Whose budget: of a service, of a country, or, with neither, of the account. */
  readonly serviceId?: ServiceId
  readonly country?: string
  readonly period: 'hour' | 'day' | 'month'
  /** soft: crossed, and sends go on; hard: a send was refused. */
  readonly level: 'soft' | 'hard'
  readonly limit: Micros
  readonly currency: Currency
  /** When the period ends and the budget starts anew. */
  readonly endsAtMs: number
}

/** Told once for each budget, level and period, however many sends it refuses. Safe to call for each of them. */
export async function raiseBudgetReached(
  house: RaisingHouse,
  { accountId, ...reached }: BudgetReached,
): Promise<void> {
  const { serviceId = '', country = '', period, level, endsAtMs } = reached
  await house.events.raise({
    id: newId('EV', house.platform),
    accountId,
    type: 'budget.reached',
    once: `budget ${serviceId} ${country} ${period} ${level} ${endsAtMs}`,
    atMs: house.platform.nowMs(),
    verificationId: undefined,
    sendId: undefined,
    data: reached,
  })
}

const PERIOD_OF: Partial<Record<HardStop, 'hour' | 'day'>> = {
  service_hour_budget: 'hour',
  service_day_budget: 'day',
}

/** Tells of a service's budget that refused a send; nothing to tell of any other stop. */
export async function raiseStop(
  house: RaisingHouse & Pick<House, 'tenancy'>,
  { accountId, serviceId, currency }: Verification,
  { stop, retryAtMs }: { readonly stop: HardStop; readonly retryAtMs: number },
): Promise<void> {
  const period = PERIOD_OF[stop]
  if (period === undefined) return
  const service = await house.tenancy.service(accountId, serviceId)
  const limit = period === 'hour' ? service?.hourlyBudget : service?.dailyBudget
  if (limit === undefined) return
  await raiseBudgetReached(house, {
    accountId,
    serviceId,
    period,
    level: 'hard',
    limit,
    currency,
    endsAtMs: retryAtMs,
  })
}
