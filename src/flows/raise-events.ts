import type { Budget, BudgetKind } from '../domain/budget.ts'
import type { HardStop } from '../domain/decision.ts'
import { type AccountId, type BudgetId, newId, type ServiceId } from '../domain/ids.ts'
import type { Currency } from '../domain/money.ts'
import type { Stopped as Refused } from '../domain/refusal.ts'
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

export type BudgetReached = Pick<Budget, 'period' | 'limit' | 'unit'> & {
  readonly accountId: AccountId
  /** Absent for the two that a service has in its settings. */
  readonly budget?: BudgetId
  /** Whose budget: of a service, of a country, or, with neither, of the account. */
  readonly serviceId?: ServiceId | undefined
  readonly country?: string | undefined
  readonly kind: BudgetKind
  /** soft: an alert was reached, and sends go on; hard: a send was refused. */
  readonly level: 'soft' | 'hard'
  /** With level soft: how much of the limit, and what is used of it. */
  readonly percent?: number
  readonly used?: number
  readonly currency: Currency
  /** When the period ends and the budget starts anew. */
  readonly endsAtMs: number
}

/** Told once for each budget and period, however many sends it refuses. Safe to call for each of them. */
async function raiseBudgetReached(
  house: RaisingHouse,
  { accountId, ...reached }: BudgetReached,
): Promise<void> {
  const { budget, serviceId, period, level, endsAtMs } = reached
  await house.events.raise({
    id: newId('EV', house.platform),
    accountId,
    type: 'budget.reached',
    once: `budget ${budget ?? `${serviceId} ${period}`} ${level} ${endsAtMs}`,
    atMs: house.platform.nowMs(),
    verificationId: undefined,
    sendId: undefined,
    data: reached,
  })
}

/** Tells of a budget that refused a send; nothing to tell of any other stop. What is reached without a refusal, the database tells. */
export async function raiseStop(
  house: RaisingHouse & Pick<House, 'tenancy'>,
  asked: Asked,
  refusal: Stopped,
): Promise<void> {
  const { accountId, currency } = asked
  const full = await fullBudget(house, asked, refusal)
  if (full === undefined) return
  const endsAtMs = refusal.retryAtMs
  await raiseBudgetReached(house, { ...full, accountId, level: 'hard', currency, endsAtMs })
}

/** A verification or a batch. */
type Asked = Pick<Verification, 'accountId' | 'serviceId' | 'currency'>
type Stopped = Omit<Refused, 'kind'>
type Full = Omit<BudgetReached, 'accountId' | 'level' | 'currency' | 'endsAtMs'>

async function fullBudget(
  { tenancy }: Pick<House, 'tenancy'>,
  { accountId, serviceId }: Asked,
  { stop, budget }: Stopped,
): Promise<Full | undefined> {
  if (budget !== undefined) {
    const { id, country, period, kind, unit, limit } = budget
    return { budget: id, serviceId: budget.serviceId, country, period, kind, unit, limit }
  }
  const period = PERIOD_OF[stop]
  if (period === undefined) return undefined
  const service = await tenancy.service(accountId, serviceId)
  const limit = period === 'hour' ? service?.hourlyBudget : service?.dailyBudget
  return limit === undefined ? undefined : { serviceId, period, kind: 'hard', unit: 'money', limit }
}

/** Of the settings of a service. */
const PERIOD_OF: Partial<Record<HardStop, 'hour' | 'day'>> = {
  service_hour_budget: 'hour',
  service_day_budget: 'day',
}
