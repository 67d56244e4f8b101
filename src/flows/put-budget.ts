import type { Budget } from '../domain/budget.ts'
import { newId } from '../domain/ids.ts'
import { fieldProblem, Problem } from '../domain/problems.ts'
import type { House } from './house.ts'

export type BudgetDraft = Omit<Budget, 'id' | 'createdAtMs' | 'updatedAtMs'>

/**
 * Makes a budget, or changes limit and alerts of the one that is there for the same. Throws `invalid_request` for a service that
 * is not the account's and `conflict` when it has as many as it may.
 */
export async function putBudget(
  house: Pick<House, 'platform' | 'tenancy' | 'budgets'>,
  draft: BudgetDraft,
): Promise<Budget> {
  const { accountId, serviceId } = draft
  const service = serviceId && (await house.tenancy.service(accountId, serviceId))
  if (serviceId !== undefined && service === undefined)
    throw fieldProblem('/service', 'there is no such service')
  const nowMs = house.platform.nowMs()
  const id = newId('BG', house.platform)
  const kept = await house.budgets.put({ ...draft, id, createdAtMs: nowMs, updatedAtMs: nowMs })
  if (kept === 'full') throw new Problem('conflict', { detail: 'Remove a budget first.' })
  return kept
}
