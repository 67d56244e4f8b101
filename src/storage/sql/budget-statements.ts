import {
  BUDGET_PERIODS,
  type Budget,
  type BudgetKind,
  type BudgetPeriod,
  type BudgetUnit,
  budgetWindow,
} from '../../domain/budget.ts'
import { HARD_STOPS, type HardStop } from '../../domain/decision.ts'
import type { AccountId, BatchId, BudgetId, ServiceId } from '../../domain/ids.ts'
import type { Send } from '../../domain/send.ts'
import type { Row, SqlValue, Statement } from '../database.ts'
import { statement } from './statements.ts'

/** ?1 account, ?2 service, ?3 country, then start and end of the month, the day and the hour. */
const MATCHING = `(SELECT column1 AS period, column2 AS start_ms, column3 AS ends_ms
  FROM (VALUES ('month', ?4, ?5), ('day', ?6, ?7), ('hour', ?8, ?9))) w
CROSS JOIN budgets b
WHERE b.account_id = ?1 AND b.service_id IN ('', ?2) AND b.country IN ('', ?3) AND b.period = w.period`

/** The longest period first, so that the longest wait is the one that is named. */
const counting = (sends: string, price: string, only = ''): string => `INSERT INTO budget_windows
  (budget_id, window_start_ms, ends_at_ms, account_id, stop, used, cap, told, counted_at_ms)
SELECT b.id, w.start_ms, w.ends_ms, b.account_id, b.stop, iif(b.unit = 'sends', ${sends}, ${price}),
  iif(b.kind = 'hard', b.limit_amount, NULL), 0, ?11
FROM ${MATCHING}${only} ORDER BY w.ends_ms DESC, b.id
ON CONFLICT (budget_id, window_start_ms) DO UPDATE SET
  used = used + excluded.used, cap = excluded.cap, counted_at_ms = excluded.counted_at_ms`

const COUNT = counting('1', '?10')

/** Of a batch, what goes to one country: ?10. */
const OF_BATCH = 'FROM sends WHERE batch_id = ?10 AND country = ?3'
const COUNT_BATCH = counting(
  `(SELECT count(*) ${OF_BATCH})`,
  `(SELECT sum(price_micros) ${OF_BATCH})`,
  ` AND EXISTS (SELECT 1 ${OF_BATCH})`,
)

const marking = (which: string): string => `UPDATE sends SET budgets = (
  SELECT nullif(json_group_array(json_array(b.id, w.start_ms)), '[]') FROM ${MATCHING}
) WHERE ${which}`

const MARK = marking('id = ?10')
const MARK_BATCH = marking('batch_id = ?10 AND country = ?3')

const FULL = `SELECT b.* FROM ${MATCHING} AND b.stop = ?10 AND b.kind = 'hard'
AND iif(b.unit = 'sends', ?12, ?11) + coalesce((
  SELECT used FROM budget_windows WHERE budget_id = b.id AND window_start_ms = w.start_ms
), 0) > b.limit_amount ORDER BY b.id LIMIT 1`

/** Counts the send against every budget of its account, service and country, or aborts its batch with `over_…` where a hard one is full. */
export const countStatement = (send: Send): Statement =>
  statement(COUNT, ...matchOf(matchedBy(send)), send.price, send.createdAtMs)

/** Notes with the send what counted it, so that exactly that can be given back. Follows the insert of the send. */
export const markStatement = (send: Send): Statement =>
  statement(MARK, ...matchOf(matchedBy(send)), send.id)

/** Both for what a batch sends to one country. They follow the inserts of its sends. */
export const countBatchStatements = (id: BatchId, matched: Matched): readonly Statement[] => [
  statement(COUNT_BATCH, ...matchOf(matched), id, matched.createdAtMs),
  statement(MARK_BATCH, ...matchOf(matched), id),
]

/** How much there is to count. */
type Load = { readonly sends: number; readonly price: number }

/** The budget that has no room for so much, at the moment of asking. */
export const fullStatement = (matched: Matched, stop: HardStop, { sends, price }: Load) =>
  statement(FULL, ...matchOf(matched), stop, price, sends)

/** What budgets are told apart by. */
export type Matched = Pick<Send, 'accountId' | 'serviceId' | 'createdAtMs'> & {
  readonly country: string
}
export const matchedBy = ({ rate, ...send }: Send): Matched => ({ ...send, country: rate.country })

function matchOf({ accountId, serviceId, country, createdAtMs }: Matched): readonly SqlValue[] {
  const windows = BUDGET_PERIODS.toReversed().flatMap((period) => {
    const { startMs, endsAtMs } = budgetWindow(period, createdAtMs)
    return [startMs, endsAtMs]
  })
  return [accountId, serviceId, country, ...windows]
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
