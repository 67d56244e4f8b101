import {
  BUDGET_PERIODS,
  type Budget,
  type BudgetKind,
  type BudgetPeriod,
  type BudgetUnit,
  budgetWindow,
} from '../../domain/budget.ts'
import { HARD_STOPS, type HardStop } from '../../domain/decision.ts'
import type { AccountId, BudgetId, ServiceId } from '../../domain/ids.ts'
import type { Send } from '../../domain/send.ts'
import type { Row, SqlValue, Statement } from '../database.ts'
import { statement } from './statements.ts'

/** ?1 account, ?2 service, ?3 country, then start and end of the month, the day and the hour. */
const MATCHING = `(SELECT column1 AS period, column2 AS start_ms, column3 AS ends_ms
  FROM (VALUES ('month', ?4, ?5), ('day', ?6, ?7), ('hour', ?8, ?9))) w
CROSS JOIN budgets b
WHERE b.account_id = ?1 AND b.service_id IN ('', ?2) AND b.country IN ('', ?3) AND b.period = w.period`

/** The longest period first, so that the longest wait is the one that is named. */
const COUNT = `INSERT INTO budget_windows
  (budget_id, window_start_ms, ends_at_ms, account_id, stop, used, cap, told, counted_at_ms)
SELECT b.id, w.start_ms, w.ends_ms, b.account_id, b.stop, iif(b.unit = 'sends', 1, ?10),
  iif(b.kind = 'hard', b.limit_amount, NULL), 0, ?11
FROM ${MATCHING} ORDER BY w.ends_ms DESC, b.id
ON CONFLICT (budget_id, window_start_ms) DO UPDATE SET
  used = used + excluded.used, cap = excluded.cap, counted_at_ms = excluded.counted_at_ms`

const MARK = `UPDATE sends SET budgets = (
  SELECT nullif(json_group_array(json_array(b.id, w.start_ms)), '[]') FROM ${MATCHING}
) WHERE id = ?10`

const FULL = `SELECT b.* FROM ${MATCHING} AND b.stop = ?10 AND b.kind = 'hard'
AND iif(b.unit = 'sends', 1, ?11) + coalesce((
  SELECT used FROM budget_windows WHERE budget_id = b.id AND window_start_ms = w.start_ms
), 0) > b.limit_amount ORDER BY b.id LIMIT 1`

/** Counts the send against every budget of its account, service and country, or aborts its batch with `over_…` where a hard one is full. */
export const countStatement = (send: Send): Statement =>
  statement(COUNT, ...matchOf(send), send.price, send.createdAtMs)

/** Notes with the send what counted it, so that exactly that can be given back. Follows the insert of the send. */
export const markStatement = (send: Send): Statement => statement(MARK, ...matchOf(send), send.id)

/** The budget that has no room for this send, at the moment of asking. */
export const fullStatement = (send: Send, stop: HardStop): Statement =>
  statement(FULL, ...matchOf(send), stop, send.price)

function matchOf({ accountId, serviceId, rate, createdAtMs }: Send): readonly SqlValue[] {
  const windows = BUDGET_PERIODS.toReversed().flatMap((period) => {
    const { startMs, endsAtMs } = budgetWindow(period, createdAtMs)
    return [startMs, endsAtMs]
  })
  return [accountId, serviceId, rate.country, ...windows]
}

const OVER = 'over_'

/** What the name of a broken constraint says, if it is that of a hard budget. */
export const stopOfConstraint = (constraint: string | undefined): HardStop | undefined =>
  HARD_STOPS.find((stop) => constraint === `${OVER}${stop}`)

export const periodOfStop = (stop: HardStop): BudgetPeriod | undefined =>
  BUDGET_PERIODS.find((period) => stop.endsWith(`_${period}_budget`))

export const toBudget = (row: Row): Budget => ({
  id: row.id as BudgetId,
  accountId: row.account_id as AccountId,
  serviceId: row.service_id === '' ? undefined : (row.service_id as ServiceId),
  country: row.country === '' ? undefined : (row.country as string),
  period: row.period as BudgetPeriod,
  kind: row.kind as BudgetKind,
  unit: row.unit as BudgetUnit,
  limit: row.limit_amount as number,
  alerts: JSON.parse(row.alerts as string) as readonly number[],
  createdAtMs: row.created_at_ms as number,
  updatedAtMs: row.updated_at_ms as number,
})
