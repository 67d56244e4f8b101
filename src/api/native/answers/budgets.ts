import type * as z from 'zod'
import type { BudgetUse } from '../../../billing/budget-store.ts'
import { scopeOf } from '../../../domain/budget.ts'
import type { Currency } from '../../../domain/money.ts'
import type { budgetAnswer } from '../schemas/budgets.ts'
import { instantOf } from '../schemas/texts.ts'

export function toBudgetAnswer(
  { budget, used, reached, endsAtMs }: BudgetUse,
  currency: Currency,
): z.input<typeof budgetAnswer> {
  const { serviceId, country, unit, limit } = budget
  return {
    id: budget.id,
    scope: scopeOf(budget),
    ...(serviceId === undefined ? {} : { service: serviceId }),
    ...(country === undefined ? {} : { country }),
    period: budget.period,
    kind: budget.kind,
    ...(unit === 'sends' ? { limit_sends: limit } : { limit_micros: limit, currency }),
    alerts: budget.alerts.map((percent) => percent / 100),
    ...(unit === 'sends' ? { used_sends: used } : { used_micros: used }),
    reached: reached / 100,
    ends_at: instantOf(endsAtMs),
    created_at: instantOf(budget.createdAtMs),
    updated_at: instantOf(budget.updatedAtMs),
  }
}
