import { BUDGETS_MAX, type BudgetStore, type BudgetUse } from '../../billing/budget-store.ts'
import { BUDGET_PERIODS, type Budget, budgetStop, budgetWindow } from '../../domain/budget.ts'
import type { AccountId, BudgetId } from '../../domain/ids.ts'
import type { Row, SqlDriver, SqlValue } from '../database.ts'
import { toBudget } from './budget-statements.ts'
import { AFTER_ALL_IDS, statement } from './statements.ts'

const PUT = `INSERT INTO budgets
  (id, account_id, service_id, country, period, kind, unit, limit_amount, alerts, stop, created_at_ms, updated_at_ms)
SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12
WHERE (SELECT count(*) FROM budgets WHERE account_id = ?2) < ${BUDGETS_MAX} OR EXISTS (
  SELECT 1 FROM budgets WHERE account_id = ?2 AND service_id = ?3 AND country = ?4 AND period = ?5 AND kind = ?6 AND unit = ?7
)
ON CONFLICT (account_id, service_id, country, period, kind, unit) DO UPDATE SET
  limit_amount = excluded.limit_amount, alerts = excluded.alerts, updated_at_ms = excluded.updated_at_ms
RETURNING *`

/** ?1 account, then the starts of the running hour, day and month. */
const USES = `SELECT b.*, coalesce(w.used, 0) AS used, coalesce(w.told, 0) AS told
FROM budgets b LEFT JOIN budget_windows w ON w.budget_id = b.id
  AND w.window_start_ms = CASE b.period WHEN 'hour' THEN ?2 WHEN 'day' THEN ?3 ELSE ?4 END
WHERE b.account_id = ?1`
const FIND = `${USES} AND b.id = ?5`
const LIST = `${USES} AND b.id < ?5 ORDER BY b.id DESC LIMIT ?6`

const REMOVE = 'DELETE FROM budgets WHERE account_id = ? AND id = ? RETURNING id'
/** Whoever may not remove a budget removes nothing of it either. */
const FORGET = 'DELETE FROM budget_windows WHERE account_id = ? AND budget_id = ?'
const HAS_ANY = 'SELECT 1 FROM budgets WHERE account_id = ? LIMIT 1'

/** Over libSQL files, Turso and D1. */
export class SqlBudgetStore implements BudgetStore {
  readonly #driver: SqlDriver

  constructor(driver: SqlDriver) {
    this.#driver = driver
  }

  async put(budget: Budget): Promise<Budget | 'full'> {
    const [row] = await this.#driver.all(
      statement(
        PUT,
        budget.id,
        budget.accountId,
        budget.serviceId ?? '',
        budget.country ?? '',
        budget.period,
        budget.kind,
        budget.unit,
        budget.limit,
        JSON.stringify(budget.alerts),
        budgetStop(budget),
        budget.createdAtMs,
        budget.updatedAtMs,
      ),
    )
    return row === undefined ? 'full' : toBudget(row)
  }

  async find(accountId: AccountId, id: BudgetId, nowMs: number): Promise<BudgetUse | undefined> {
    const [row] = await this.#driver.all(statement(FIND, accountId, ...startsAt(nowMs), id))
    return row && toUse(row, nowMs)
  }

  async list(
    accountId: AccountId,
    { limit, before, nowMs }: Parameters<BudgetStore['list']>[1],
  ): Promise<readonly BudgetUse[]> {
    const rows = await this.#driver.all(
      statement(LIST, accountId, ...startsAt(nowMs), before ?? AFTER_ALL_IDS, limit),
    )
    return rows.map((row) => toUse(row, nowMs))
  }

  async remove(accountId: AccountId, id: BudgetId): Promise<boolean> {
    const [removed = []] = await this.#driver.batch([
      statement(REMOVE, accountId, id),
      statement(FORGET, accountId, id),
    ])
    return removed.length > 0
  }

  async hasAny(accountId: AccountId): Promise<boolean> {
    return (await this.#driver.all(statement(HAS_ANY, accountId))).length > 0
  }
}

const startsAt = (nowMs: number): readonly SqlValue[] =>
  BUDGET_PERIODS.map((period) => budgetWindow(period, nowMs).startMs)

function toUse(row: Row, nowMs: number): BudgetUse {
  const budget = toBudget(row)
  const { endsAtMs } = budgetWindow(budget.period, nowMs)
  return { budget, used: row.used as number, reached: row.told as number, endsAtMs }
}
