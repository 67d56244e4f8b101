import type { Budget } from '../domain/budget.ts'
import type { AccountId, BudgetId } from '../domain/ids.ts'

/** A budget and what was counted against it in the period that is running. */
export type BudgetUse = {
  readonly budget: Budget
  /** Micros or sends; what was released is taken off again. */
  readonly used: number
  /** The highest of its alerts that was reached in this period, in percent; 0 for none. */
  readonly reached: number
  readonly endsAtMs: number
}

/**
 * Budgets themselves. What sends count against them is written with the sends, see `VerificationStore.open`. A budget counts from when it
 * was made.
 */
export interface BudgetStore {
  /**
   * Makes a budget, or gives the one of the same service, country, period, kind and unit another limit and other alerts: that
   * one keeps its id and what it counted. `full`: the account has `BUDGETS_MAX` others.
   */
  put(budget: Budget): Promise<Budget | 'full'>
  find(accountId: AccountId, id: BudgetId, nowMs: number): Promise<BudgetUse | undefined>
  /** Newest first. */
  list(
    accountId: AccountId,
    page: {
      readonly limit: number
      readonly before: BudgetId | undefined
      readonly nowMs: number
    },
  ): Promise<readonly BudgetUse[]>
  /** True for exactly one caller. */
  remove(accountId: AccountId, id: BudgetId): Promise<boolean>
  /** Whether the account has any. */
  hasAny(accountId: AccountId): Promise<boolean>
}

/** A send looks only at those of its own service and country, so this bounds a list and not the cost of a send. */
export const BUDGETS_MAX = 1_000
