import type { HardStop } from './decision.ts'
import type { AccountId, BudgetId, ServiceId } from './ids.ts'

/** Calendar hours, days and months in UTC. */
export const BUDGET_PERIODS = ['hour', 'day', 'month'] as const
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number]

/** hard: what would go over it is refused; soft: sends go on, and somebody is told. */
export const BUDGET_KINDS = ['hard', 'soft'] as const
export type BudgetKind = (typeof BUDGET_KINDS)[number]

/** What is counted: micros of the account's currency, at the price of the list, or messages. */
export type BudgetUnit = 'money' | 'sends'

export const BUDGET_SCOPES = ['account', 'service', 'country'] as const
export type BudgetScope = (typeof BUDGET_SCOPES)[number]

/** How much an account may send in every period. One for each service, country, period, kind and unit. */
export type Budget = {
  readonly id: BudgetId
  readonly accountId: AccountId
  /** Undefined: of all services together. */
  readonly serviceId: ServiceId | undefined
  /** Undefined: to all countries together. */
  readonly country: string | undefined
  readonly period: BudgetPeriod
  readonly kind: BudgetKind
  readonly unit: BudgetUnit
  readonly limit: number
  /** Whole percents of the limit, lowest first: at each of them somebody is told, once in a period. */
  readonly alerts: readonly number[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** One of a country is called that whichever service it is for. */
export function scopeOf({
  serviceId,
  country,
}: Pick<Budget, 'serviceId' | 'country'>): BudgetScope {
  if (country !== undefined) return 'country'
  return serviceId === undefined ? 'account' : 'service'
}

/** The reason of a decision that this budget refused. */
export const budgetStop = (budget: Pick<Budget, 'serviceId' | 'country' | 'period'>): HardStop =>
  `${scopeOf(budget)}_${budget.period}_budget`

export type BudgetWindow = { readonly startMs: number; readonly endsAtMs: number }

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** The period that an instant lies in. */
export function budgetWindow(period: BudgetPeriod, atMs: number): BudgetWindow {
  if (period === 'month') {
    const at = new Date(atMs)
    const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()]
    return { startMs: Date.UTC(year, month), endsAtMs: Date.UTC(year, month + 1) }
  }
  const length = period === 'hour' ? HOUR_MS : DAY_MS
  const startMs = atMs - (atMs % length)
  return { startMs, endsAtMs: startMs + length }
}
