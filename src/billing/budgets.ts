import type { Budget } from '../domain/budget.ts'
import type { Send } from '../domain/send.ts'

/** Whether a send counts against it. */
export const covers = (budget: Budget, { accountId, serviceId, rate }: Send): boolean =>
  budget.accountId === accountId &&
  (budget.serviceId === undefined || budget.serviceId === serviceId) &&
  (budget.country === undefined || budget.country === rate.country)

/** What one send counts: its price at the list, whoever pays it, or itself. */
export const countedOf = (
  { unit }: Pick<Budget, 'unit'>,
  { price }: Pick<Send, 'price'>,
): number => (unit === 'sends' ? 1 : price)

/** The highest alert that is reached with so much used, in percent; 0 for none. */
export const reachedBy = (
  { alerts, limit }: Pick<Budget, 'alerts' | 'limit'>,
  used: number,
): number => alerts.findLast((percent) => used * 100 >= percent * limit) ?? 0
